// The diff of bytes loses nothing, stays fast, and its text hides nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { loaded } from './loaded.js';

const { toHex } = await loaded('www/src/base/bytes.ts');
const { byteDiff } = await loaded('www/src/result/byte-diff.ts');
const { pieces, byteWord, betweenCharacters } = await loaded('www/src/result/byte-text.ts');
const bytes = (text) => new TextEncoder().encode(text);
const text = (array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(array);

function sides(hunks) {
  const of = (kind) =>
    Buffer.concat(hunks.filter((hunk) => hunk.kind === 'equal' || hunk.kind === kind).map((hunk) => hunk.bytes));
  return [of('removed'), of('added')];
}

function holds(expected, received, options) {
  const hunks = byteDiff(expected, received, options);
  const [left, right] = sides(hunks);
  assert.ok(left.equals(expected), 'equal and removed make what was expected');
  assert.ok(right.equals(received), 'equal and added make what was received');
  let [x, y] = [0, 0];
  for (const {
    kind,
    expectedAt,
    receivedAt,
    bytes: { length },
  } of hunks) {
    assert.deepEqual([expectedAt, receivedAt], [x, y]);
    if (kind !== 'added') x += length;
    if (kind !== 'removed') y += length;
  }
  return hunks;
}

test('the hunks give both sides back', () => {
  const few = fc
    .array(fc.constantFrom(0x20, 0x22, 0x61, 0x0a, 0xe6, 0x88, 0x91), { maxLength: 60 })
    .map((list) => Uint8Array.from(list));
  fc.assert(
    fc.property(few, few, (a, b) => void holds(a, b)),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(few, few, fc.nat(30), (a, b, limit) => void holds(a, b, { limit })),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 900 }), fc.uint8Array({ maxLength: 900 }), (a, b) => void holds(a, b)),
    { numRuns: 60 },
  );
});

test('an edit of a text is found as that edit', () => {
  const edited = fc.tuple(fc.string({ minLength: 1 }), fc.string(), fc.string({ minLength: 1 }));
  fc.assert(
    fc.property(edited, ([before, added, after]) => {
      const hunks = holds(bytes(before + after), bytes(before + added + after));
      assert.ok(hunks.every(({ kind }) => kind !== 'removed'));
    }),
  );
});

const changes = (a, b) =>
  holds(bytes(a), bytes(b))
    .filter(({ kind }) => kind !== 'equal')
    .map(({ kind, bytes: part }) => `${kind === 'added' ? '+' : '-'}${text(part)}`);

for (const [name, a, b, expected] of [
  ['nothing', 'same', 'same', []],
  ['both empty', '', '', []],
  ['all new', '', 'x', ['+x']],
  ['a line break at the end', '{"a":1}', '{"a":1}\n', ['+\n']],
  ['blanks that a parser took', '{"a": 1, "bc": 2}', '{"a":1,"bc":2}', ['- ', '- ', '- ']],
  ['a character that shares bytes with another stays whole', '我要退款', '我要退货', ['-款', '+货']],
  ['a sign of which the first byte alone differs', 'aéb', 'a驩b', ['-é', '+驩']],
  [
    'chance matches join',
    'abcdefgh-xx-12345678',
    'ABCDEFGH-yy-87654321',
    ['-abcdefgh-xx-12345678', '+ABCDEFGH-yy-87654321'],
  ],
])
  test(`changes: ${name}`, () => assert.deepEqual(changes(a, b), expected));

test('a long body that a parser wrote again is shown edit by edit', () => {
  const rows = Array.from({ length: 2000 }, (_, id) => ({ id, name: `customer ${id}`, tags: ['a', 'b'] }));
  const [spaced, dense] = [JSON.stringify(rows).replaceAll(',"', ', "'), JSON.stringify(rows)];
  const hunks = holds(bytes(spaced), bytes(dense));
  assert.ok(
    hunks.filter(({ kind }) => kind === 'removed').every((hunk) => hunk.bytes.length === 1),
    'blanks alone',
  );
  assert.ok(hunks.every(({ kind }) => kind !== 'added'));
});

// Compared each with each, so many bytes would take hours.
test('megabytes that differ everywhere come to an end', () => {
  const size = 1 << 20;
  const [a, b] = [new Uint8Array(size), new Uint8Array(size)];
  for (let at = 0, seed = 1; at < size; at += 1) {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    a[at] = seed >> 16;
    b[at] = seed >> 20;
  }
  holds(a, b);
});

for (const [name, input, expected] of [
  ['text stays', [...bytes('a我😀')], 'a我😀'],
  ['space, tab, CR LF', [0x20, 0x09, 0x0d, 0x0a], '·→␍␊'],
  ['control characters', [0x00, 0x1b, 0x7f], '␀␛␡'],
  ['a byte order mark', [0xef, 0xbb, 0xbf, 0x7b], 'U+FEFF{'],
  ['what turns the direction of text', [...bytes('\u202e')], 'U+202E'],
  ['a space that is none of ASCII', [...bytes('\u00a0\u3000')], 'U+00A0U+3000'],
  ['no UTF-8', [0xff, 0x61, 0xc3, 0x28], '\\xFFa\\xC3('],
  [
    'overlong, a surrogate, beyond Unicode',
    [0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xf4, 0x90, 0x80, 0x80],
    '\\xC0\\xAF\\xED\\xA0\\x80\\xF4\\x90\\x80\\x80',
  ],
  ['cut in a character', [0xe6, 0x88], '\\xE6\\x88'],
])
  test(`text of bytes: ${name}`, () =>
    assert.equal(
      pieces(Uint8Array.from(input))
        .map((piece) => piece.text)
        .join(''),
      expected,
    ));

test('every byte is shown, as UTF-8 where a strict decoder takes it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (array) => {
      let strict;
      try {
        strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(array);
      } catch {}
      const shown = pieces(array);
      assert.equal(
        shown.some(({ name }) => name?.startsWith('0x') && parseInt(name, 16) >= 0x80),
        strict === undefined,
      );
      assert.ok(shown.every((piece) => !/[\p{Cc} ]/u.test(piece.text)));
    }),
    { numRuns: 1000 },
  );
});

test('bytes in hex and in words', () => {
  assert.equal(toHex(Uint8Array.of(0x7b, 0x0a), ' '), '7b 0a');
  assert.deepEqual(
    [0x22, 0x20, 0xff].map((byte) => byteWord(byte, (name) => name.toLowerCase())),
    ['22 (")', '20 (space)', 'ff'],
  );
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((at) => betweenCharacters(bytes('a我b'), at)),
    [0, 1, 1, 1, 4],
  );
});
