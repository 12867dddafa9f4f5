// `countersign completion`: its scripts, in the shells that they are for.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { COMMANDS } from '../../pkg/cli/commands.js';
import { CHOICES } from '../../pkg/cli/options.js';
import { folder, run } from './setup.js';

const hasZsh = spawnSync('zsh', ['-c', 'true']).status === 0;

async function scriptOf(t, shell) {
  const { code, stdout, stderr } = await run(['completion', shell]);
  assert.equal(code, 0, stderr);
  const path = join(folder(t), 'countersign');
  writeFileSync(path, stdout);
  return path;
}

/** What bash offers for the last word. */
function offered(script, words, cwd) {
  const line = `source ${script}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); `;
  const call = `${line}COMP_CWORD=${words.length - 1}; _countersign; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', call], { encoding: 'utf8', cwd });
  assert.equal(status, 0, stderr);
  return stdout.split('\n').filter(Boolean);
}

test('bash: commands, options, choices, and the names of what ships', async (t) => {
  const script = await scriptOf(t, 'bash');
  const cwd = folder(t);
  writeFileSync(join(cwd, 'a b.yaml'), '');
  mkdirSync(join(cwd, 'deploy'));
  const of = (...words) => offered(script, ['countersign', ...words], cwd);
  assert.deepEqual(of(''), [...Object.keys(COMMANDS), '--help', '--version']);
  assert.deepEqual(of('ve'), ['verify']);
  assert.deepEqual(of('check', '--ex'), ['--exclude']);
  assert.deepEqual(of('check', '--fail-on', ''), CHOICES['fail-on']);
  assert.deepEqual(of('check', '--fail-on', '=', 'wa'), ['warning']);
  assert.deepEqual(of('check', '--fail-on', '='), CHOICES['fail-on']);
  assert.deepEqual(of('test', '-f', 'ju'), ['junit']);
  assert.deepEqual(of('check', '--pack', 'kub'), ['kubernetes']);
  assert.deepEqual(of('verify', '--contract', 'stri'), ['stripe']);
  assert.deepEqual(of('explain', 'signature-mism'), ['signature-mismatch']);
  assert.deepEqual(of('check', 'a'), ['a b.yaml']);
  assert.deepEqual(of('check', '--data', 'dep'), ['deploy']);
  for (const [name, { options }] of Object.entries(COMMANDS))
    for (const option of Object.keys(options))
      assert.ok(of(name, `--${option}`).includes(`--${option}`), `${name} --${option}`);
});

/** What a line in an interactive zsh becomes after a tab. */
function completed(script, line) {
  const call = `
zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell 'PS1=; PS2=; unsetopt zle_bracketed_paste 2>/dev/null; TERM=dumb'
zpty -w shell 'autoload -Uz compinit; compinit -u -D; source ${script}'
zpty -w shell '_countersign_ready=1; print READY-$_countersign_ready'
zpty -r -m shell out '*READY-1*'
zpty -w -n shell ${JSON.stringify(line)}$'\\t'' ; print DONE-$_countersign_ready'$'\\n'
zpty -r -m shell out '*DONE-1*'
print -r -- "$out"
zpty -d shell`;
  const { stdout, stderr, error } = spawnSync('zsh', ['-f', '-c', call], { encoding: 'utf8', timeout: 30_000 });
  assert.ifError(error);
  return stdout + stderr;
}

test('zsh: the script loads, and completes', {
  skip: hasZsh ? false : 'THERE IS NO zsh HERE: apt-get install zsh',
}, async (t) => {
  const script = await scriptOf(t, 'zsh');
  const { status, stderr } = spawnSync('zsh', ['-n', script], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  for (const [line, whole] of [
    ['countersign veri', 'countersign verify '],
    ['countersign check --fail-on=warn', '--fail-on=warning'],
    ['countersign check --pack kub', '--pack kubernetes'],
    ['countersign explain signature-mism', 'signature-mismatch'],
    ['countersign check --allow-e', '--allow-empty'],
    ['countersign check --chang', '--changed'],
  ])
    assert.ok(completed(script, line).includes(whole), `${line}: ${completed(script, line)}`);
});

test('a shell must be named, and known', async () => {
  for (const args of [[], ['fish'], ['bash', 'zsh']]) {
    const { code, stderr } = await run(['completion', ...args]);
    assert.equal(code, 2);
    assert.match(stderr, /countersign completion bash/);
  }
});
