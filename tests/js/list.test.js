// `countersign list` and what `countersign explain` says of a contract or pack: a reader finds what ships by a word, in
// either language, and reads its rules.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { readable } from '../../pkg/report/markdown.js';
import { Terminal } from '../../pkg/report/terminal.js';
import { ROOT, run } from './setup.js';

const FOLDERS = { contract: 'policies/webhook', pack: 'policies/deployment' };
const shipped = Object.entries(FOLDERS).flatMap(([kind, folder]) =>
  readdirSync(join(ROOT, folder)).map((name) => ({ kind, name, folder: join(ROOT, folder, name) })),
);

async function found(words, options = {}) {
  const { code, stdout, stderr } = await run(['list', '-f', 'json', ...words], options);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}
const namesOf = (entries) => entries.map(({ name }) => name);

test('without a word everything that ships is listed, each with its first sentence', async () => {
  const entries = await found([]);
  assert.deepEqual(namesOf(entries).sort(), namesOf(shipped).sort());
  for (const { name, kind, about } of entries) {
    assert.match(kind, /^(request|answer|pack)$/);
    assert.match(about, /^[A-Z][^\n]{10,300}[.?]$/, name);
  }
  const { stdout } = await run(['list']);
  assert.equal(stdout.trim().split('\n').length, shipped.length);
  const lines = await run(['list', '-f', 'jsonl']);
  assert.equal(lines.stdout.trim().split('\n').length, shipped.length);
});

test('words narrow it: all of them, in any case, in either language', async () => {
  assert.deepEqual(namesOf(await found(['STRIPE'])), ['stripe']);
  assert.deepEqual(namesOf(await found(['hubspot', 'v3'])), ['hubspot-v3']);
  assert.deepEqual(namesOf(await found(['hubspot v3'])), ['hubspot-v3']);
  assert.ok(namesOf(await found(['coze'])).length >= 6);
  assert.deepEqual(namesOf(await found(['kubernetes', 'pack'])), ['kubernetes']);
  assert.ok(
    (await found(['sub2api', 'answer'])).some(({ name, kind }) => name === 'sub2api-answer' && kind === 'answer'),
  );
  assert.deepEqual(namesOf(await found(['关闭http'])), ['api-lifecycle']);
});

test('a word that finds nothing says what is nearest', async () => {
  for (const [words, help] of [
    [['stripee'], /did you mean `stripe`\?/],
    [['sub2api', 'xyzzyxyzzy'], /without `xyzzyxyzzy` there is sub2api/],
    [['webhooks', 'xyzzyxyzzy'], / and \d+ more$/m],
    [['stripe', 'paddle'], /the nearest are paddle, stripe/],
    [['xyzzyxyzzy'], /countersign list without a word/],
    [['重试'], /docs\/documents\.md/],
  ]) {
    const { code, stdout, stderr } = await run(['list', ...words]);
    assert.deepEqual([code, stdout], [3, ''], words.join(' '));
    assert.match(stderr, help);
  }
  assert.equal((await run(['list', '--lang', 'fr'])).code, 2);
});

test('explain tells the rules, the source and the commands of each', async () => {
  for (const { name, folder } of shipped) {
    const { code, stdout } = await run(['explain', name]);
    assert.equal(code, 0);
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    const [command] = /^(?:npx )?countersign (?:verify|check) .*$/m.exec(readme);
    assert.ok(stdout.includes(`  ${command}`), name);
    assert.doesNotMatch(stdout, /^#|^\||^\*\*|\]\(/m, name);
    assert.ok(stdout.includes(`/${name}/README.md`));
  }
  const { stdout } = await run(['explain', 'stripe', 'signature-mismatch']);
  assert.match(stdout, /^stripe\n.*Source: https:\/\/docs\.stripe\.com.*\n\nsignature-mismatch\n/s);
});

test('explain names what is nearest of codes, contracts and packs', async () => {
  for (const [name, help] of [
    ['signature-mismatched', /`signature-mismatch`/],
    ['sub2apy', /`sub2api`/],
    ['kubernets', /`kubernetes`/],
    ['coze', /there is .*coze-dpop, /],
    ['xyzzyxyzzy', /countersign list/],
  ]) {
    const { code, stderr } = await run(['explain', name]);
    assert.equal(code, 2);
    assert.match(stderr, help);
  }
  const { code, stderr } = await run(['explain']);
  assert.equal(code, 2);
  for (const known of ['signature-mismatch', 'sub2api-answer', 'coze-migration']) assert.ok(stderr.includes(known));
});

test('no word of a README is lost, and no line is wider than the terminal', () => {
  for (const { name, folder } of shipped) {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8').replace(/^```.*?^```/gms, '');
    const words = readme
      .replace(/^\|[-|]+$/gm, '')
      .replace(/\]\([^)]*\)/g, ']')
      .match(/[\w-]+/g);
    for (const columns of [40, 80, 160]) {
      const text = readable(Terminal.of({ columns }, { color: 'never' }, {}), readme);
      for (const word of words) assert.ok(text.includes(word), `${name}: ${word}`);
      for (const line of text.split('\n'))
        assert.ok(line.length <= columns || !line.trim().includes(' '), `${name} in ${columns}: ${line}`);
    }
  }
});
