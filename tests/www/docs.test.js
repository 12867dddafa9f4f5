// docs/playground.md says what the code does: its deep links open, its table of directives is that of the two policies,
// its numbers are the code's.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { POLICY } from '../../www/build/policy.js';
import { loaded } from './loaded.js';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const text = read('docs/playground.md');
const { CLOSED, decode, encode, initialState, linkTooLong } = await loaded(
  'www/src/offline/close.ts',
  'www/src/share/link.ts',
  'www/src/state.ts',
);

test('the deep links open examples and tabs', async () => {
  const paths = JSON.parse(read('www/examples.json')).flatMap(({ examples }) =>
    examples.map((example) => example.case),
  );
  const links = text.match(/^#example=.*$/gm);
  assert.ok(links?.length > 0);
  for (const link of links) {
    const { example, open } = await decode(link);
    assert.ok(paths.includes(example), link);
    assert.deepEqual(open, Object.fromEntries(new URLSearchParams(link.replace(/^#example=[^&]*/, ''))), link);
  }
});

test('the directives are those of the policies', () => {
  const table = (policy) =>
    Object.fromEntries(
      policy.split('; ').map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1).join(' ')]),
    );
  const rows = [...text.matchAll(/^\| `([a-z]+-[a-z]+)` \| `([^`]*)` \| (?:`([^`]*)` )?\| /gm)];
  const column = (index) =>
    Object.fromEntries(rows.filter((row) => row[index] !== undefined).map((row) => [row[1], row[index]]));
  assert.deepEqual([column(2), column(3)], [table(POLICY), table(CLOSED)]);
});

test('a link begins as the document says, and is long from 8 KB on', async () => {
  const { 1: start } = /^\| link \| `(#\d+\.)` /m.exec(text) ?? [];
  assert.ok((await encode(initialState(), 0)).startsWith(start));
  assert.deepEqual(
    [8192, 8193].map((length) => linkTooLong('#'.padEnd(length, '.'))),
    [false, true],
  );
});

/** [what the document says, file, the constant, its value] */
const NUMBERS = [
  ['150 ms after the last key', 'www/src/page/app.ts', /^const PAUSE = (.*?);/m, '150'],
  ['| 2 s, and 4 s for each MB', 'www/src/engine/deadline.ts', /^const LEAST = (.*?);/m, '2000'],
  ['10 s at most; then the worker is killed', 'www/src/engine/deadline.ts', /^const MOST = (.*?);/m, '10_000'],
  ['| 10 s, beside', 'www/src/page/judge.ts', /^const DOCTORS_DEADLINE = (.*?);/m, '10_000'],
  ['link or file: 4 MB', 'www/src/share/link.ts', /^const MAX_BYTES = (.*?);/m, '4 * 1024 * 1024'],
  ['8 MB together', 'www/src/share/files.ts', /^export const MAX_BYTES = (.*?);/m, '8 * 1024 * 1024'],
  ['| 200, and', 'www/src/share/files.ts', /^export const MAX_FILES = (.*?);/m, '200'],
  ['http://127.0.0.1:8088/', 'www/build/serve.js', /PORT \?\? (\d+)/, '8088'],
];

for (const [said, file, pattern, value] of NUMBERS) {
  test(`${said}: so it is`, () => {
    assert.ok(text.includes(said));
    assert.equal(pattern.exec(read(file))?.[1], value);
  });
}
