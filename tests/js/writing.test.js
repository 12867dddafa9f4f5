// Reports in files: whole or not at all, and said before any work if they cannot be.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { folder, MAIN, run } from './setup.js';

const POLICY = 'package p\n\ndeny contains sprintf("no %s", [x]) if some x in input.missing\n';

/** @param count how many findings it has, each with a message of `length` characters or more */
function project(t, count = 3, length = 40) {
  const cwd = folder(t);
  mkdirSync(join(cwd, 'pack'));
  writeFileSync(join(cwd, 'pack/p.rego'), POLICY);
  const missing = Array.from({ length: count }, (_, index) => `${index}`.padStart(length, 'x'));
  writeFileSync(join(cwd, 'a.json'), JSON.stringify({ missing }));
  return cwd;
}

const check = (cwd, ...args) => run(['check', '--pack', './pack', 'a.json', ...args], { cwd });

test('several reports in one run', async (t) => {
  const cwd = project(t);
  const { code, stdout } = await check(cwd, '-f', 'pretty', '-f', 'sarif=out.sarif', '-f', 'junit=out.xml');
  assert.equal(code, 1);
  assert.match(stdout, /^error\[policy-/);
  assert.equal(JSON.parse(readFileSync(join(cwd, 'out.sarif'), 'utf8')).runs[0].results.length, 3);
  assert.match(readFileSync(join(cwd, 'out.xml'), 'utf8'), /<testsuites tests="3" failures="3"/);
});

test('a place that cannot be written is said before the work', async (t) => {
  const cwd = project(t);
  writeFileSync(join(cwd, 'a.json'), 'no JSON');
  mkdirSync(join(cwd, 'folder'));
  for (const [file, text] of [
    ['none/out.json', /there is no folder `none`[\s\S]*mkdir -p none/],
    ['none/', /it is a folder/],
    ['folder', /it is a folder/],
    ['a.json/out.json', /there is no folder/],
  ]) {
    const { code, stderr } = await check(cwd, '-f', `json=${file}`);
    assert.deepEqual([code, text.test(stderr)], [2, true], stderr);
  }
});

test('a file keeps its mode, a link stays a link, and a pipe a pipe', async (t) => {
  const cwd = project(t);
  mkdirSync(join(cwd, 'real'));
  writeFileSync(join(cwd, 'real/old.json'), 'old');
  chmodSync(join(cwd, 'real/old.json'), 0o640);
  symlinkSync('real/old.json', join(cwd, 'link.json'));
  symlinkSync('real/new.xml', join(cwd, 'link.xml'));
  // Not a device: as root, a mistake would replace it.
  assert.equal(spawnSync('mkfifo', [join(cwd, 'pipe')]).status, 0);
  const reader = spawn('cat', ['pipe'], { cwd });
  t.after(() => reader.kill());
  let piped = '';
  reader.stdout.on('data', (text) => (piped += text));
  const ended = once(reader, 'close');
  const { code } = await check(cwd, '-f', 'json=link.json', '-f', 'junit=link.xml', '-f', 'sarif=pipe');
  assert.equal(code, 1);
  assert.ok(statSync(join(cwd, 'pipe')).isFIFO());
  await ended;
  assert.equal(JSON.parse(piped).version, '2.1.0');
  assert.equal(JSON.parse(readFileSync(join(cwd, 'real/old.json'), 'utf8')).verdict, 'fail');
  assert.equal(statSync(join(cwd, 'real/old.json')).mode & 0o777, 0o640);
  assert.ok(lstatSync(join(cwd, 'link.json')).isSymbolicLink() && lstatSync(join(cwd, 'link.xml')).isSymbolicLink());
  assert.deepEqual(readdirSync(join(cwd, 'real')).sort(), ['new.xml', 'old.json']);
});

test('a full disk leaves the old file, and nothing else', async (t) => {
  const cwd = project(t, 500, 400);
  const disk = join(cwd, 'disk');
  mkdirSync(disk);
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { encoding: 'utf8' });
  if (status !== 0) return t.skip(`NOT TESTED, no file system can be mounted here: ${stderr}`);
  try {
    writeFileSync(join(disk, 'out.json'), 'old');
    for (const format of ['json', 'sarif']) {
      const { code, stderr } = await check(cwd, '-f', 'compact', '-f', `${format}=disk/out.json`);
      assert.equal(code, 2);
      assert.match(stderr, /disk\/out\.json: cannot write it: no space is left on the device/);
      assert.deepEqual(readdirSync(disk), ['out.json']);
      assert.equal(readFileSync(join(disk, 'out.json'), 'utf8'), 'old');
    }
  } finally {
    spawnSync('umount', [disk]);
  }
});

test('killed while it writes: the old file or the new one', async (t) => {
  const cwd = project(t, 500, 2000);
  const file = join(cwd, 'out.json');
  const args = ['check', '--pack', './pack', 'a.json', '-f', 'json=out.json'];
  await run(args, { cwd });
  const whole = readFileSync(file, 'utf8');
  let met = 0;
  for (let round = 0; round < 6; round += 1) {
    writeFileSync(file, 'old');
    for (const name of readdirSync(cwd)) if (name.endsWith('.tmp')) rmSync(join(cwd, name));
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: 'ignore' });
    const ended = once(child, 'exit');
    // As soon as it begins to write, and later from round to round.
    const begins = () => statSync(file).size !== 3 || readdirSync(cwd).some((name) => name.endsWith('.tmp'));
    while (child.exitCode === null && !begins()) await sleep(0);
    if (round > 1) await sleep(round);
    child.kill('SIGKILL');
    await ended;
    const left = readFileSync(file, 'utf8');
    assert.ok(left === 'old' || left === whole, `${left.length} of ${whole.length} bytes`);
    if (left === 'old') met += 1;
  }
  t.diagnostic(`${met} of 6 were killed before the new file was there`);
  assert.equal(statSync(file).isFile(), true);
});

test('a reader that has had enough does not change the verdict', async (t) => {
  const cwd = project(t, 500, 400);
  for (const [format, code] of [
    ['compact', 1],
    ['json', 1],
    ['pretty', 1],
  ]) {
    const child = spawn(process.execPath, [MAIN, 'check', '--pack', './pack', 'a.json', '-f', format], { cwd });
    let stderr = '';
    child.stderr.on('data', (text) => (stderr += text));
    child.stdout.once('data', () => child.stdout.destroy());
    const [status] = await once(child, 'close');
    assert.deepEqual([status, stderr], [code, ''], format);
  }
});

test('a full disk under standard output is no bug of ours', { skip: !existsSync('/dev/full') }, (t) => {
  const cwd = project(t);
  const { status, stderr } = spawnSync(
    '/bin/sh',
    ['-c', '"$0" "$@" > /dev/full', process.execPath, MAIN, 'check', '--pack', './pack', 'a.json'],
    { cwd, encoding: 'utf8' },
  );
  assert.equal(status, 2);
  assert.match(stderr, /cannot write standard output: no space is left on the device/);
});

test('in GitHub Actions lines are annotated and the step has a summary, without -f', async (t) => {
  const cwd = project(t);
  const summary = join(cwd, 'summary.md');
  writeFileSync(summary, 'of another command\n');
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: cwd };
  const args = ['check', '--pack', './pack', 'a.json'];
  const plain = await run(args, { cwd });
  const { code, stdout, stderr } = await run(args, { cwd, env });
  const timeless = (text) => text.replace(/\([\d.]+ m?s\)/, '');
  assert.deepEqual([code, timeless(stdout)], [1, timeless(plain.stdout)]);
  assert.equal(stderr.match(/^::error file=a\.json,/gm).length, 3);
  assert.match(readFileSync(summary, 'utf8'), /^of another command\n### ✗ countersign check: 3 errors\n/);
  for (const flags of [['--no-ci'], ['-f', 'json']]) {
    writeFileSync(summary, '');
    const { stderr } = await run([...args, ...flags], { cwd, env });
    assert.deepEqual([stderr, readFileSync(summary, 'utf8')], ['', ''], flags.join(' '));
  }
  assert.equal((await run([...args, '-f', 'github'], { cwd, env })).stdout.match(/^::error/gm).length, 3);
  assert.match(readFileSync(summary, 'utf8'), /^### ✗/);
});

test('the summary of a step is never larger than GitHub takes', async (t) => {
  const cwd = project(t, 2400, 400);
  const summary = join(cwd, 'summary.md');
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
  const limit = 1024 * 1024;
  for (const taken of [0, limit - 1000]) {
    writeFileSync(summary, '');
    appendFileSync(summary, 'x'.repeat(taken));
    const { stderr } = await run(['check', '--pack', './pack', 'a.json'], { cwd, env });
    const { size } = statSync(summary);
    assert.ok(size <= Math.max(limit, taken), `${size}`);
    assert.equal(/no room for this report/.test(stderr), size === taken);
  }
});
