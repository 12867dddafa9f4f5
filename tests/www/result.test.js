// What the views of a result say, as far as it needs no screen.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import fc from 'fast-check';

import { loaded } from './loaded.js';

const { byteDiff } = await loaded('www/src/result/byte-diff.ts');
const { groupsOf } = await loaded('www/src/result/diff-groups.ts');
const { firstDifference } = await loaded('www/src/result/diff-view.ts');
const { codeLines } = await loaded('www/src/result/code-lines.ts');
const { formatJson } = await loaded('www/src/base/format-json.ts');
const { timeText } = await loaded('www/src/base/time.ts');
const { inlineCode, countsOf } = await loaded('www/src/result/words.ts');
const { placeName, sourceOf } = await loaded('www/src/result/part-names.ts');
const { skewText, verdictText } = await loaded('www/src/result/verdict-line.ts');
const { grouped, outcomeOf } = await loaded('www/src/result/report.ts');
const { sizeText } = await loaded('www/src/result/ended.ts');
const { diagnosisText } = await loaded('www/src/result/doctor.ts');
const { bytesOf } = await loaded('www/src/result/signed.ts');
const bytes = (text) => new TextEncoder().encode(text);

const MENDS = readFileSync(new URL('../../src/doctor/mends.rs', import.meta.url), 'utf8');
const CODES = [...MENDS.matchAll(/^ +(?:\w+: )?"(.*)",?$/gm)].flatMap(([, text]) =>
  inlineCode(text)
    .filter(({ code }) => code)
    .map(({ text: code }) => code),
);

test("the doctor's code is broken into lines, and only blanks change", () => {
  assert.ok(CODES.length > 60);
  for (const code of CODES) assert.equal(codeLines(code).replace(/\n\s*/g, ' '), code);
});

for (const [name, code, lines] of [
  [
    'a handler',
    "app.post('/', raw({ limit: '1mb' }), (req, res) => { const a = f({ b }); res.json(a); });",
    "app.post('/', raw({ limit: '1mb' }), (req, res) => {\n  const a = f({ b });\n  res.json(a);\n});",
  ],
  [
    'a loop and a statement after',
    'const c = []; for (const d of e) c.push(d); f(c);',
    'const c = [];\nfor (const d of e) c.push(d);\nf(c);',
  ],
  ['Go', 'if e.Ok { body, err = f(e.Body) }', 'if e.Ok {\n  body, err = f(e.Body)\n}'],
  ['a string with a brace', "f(') { ; ');", "f(') { ; ');"],
])
  test(`code in lines: ${name}`, () => assert.equal(codeLines(code), lines));

test('JSON is made readable and stays what it was', () => {
  assert.equal(
    formatJson('{"a":[],"b":{"c":12345678901234567890,"d":"{\\"x\\":[1,2]}"},"e":[1.0,{}]}'),
    '{\n  "a": [],\n  "b": {\n    "c": 12345678901234567890,\n    "d": "{\\"x\\":[1,2]}"\n  },\n  "e": [\n    ' +
      '1.0,\n    {}\n  ]\n}',
  );
  fc.assert(
    fc.property(fc.json(), (text) => {
      assert.equal(formatJson(text), formatJson(formatJson(text)));
      assert.deepEqual(JSON.parse(formatJson(text)), JSON.parse(text));
    }),
  );
});

test('the groups of a diff show every change, and count what they leave out', () => {
  const side = fc
    .array(fc.constantFrom('lorem ipsum dolor sit amet consectetur', '我要退款', ' ', '\n'), { maxLength: 12 })
    .map((parts) => bytes(parts.join('')));
  fc.assert(
    fc.property(side, side, fc.nat(12), (a, b, context) => {
      const hunks = byteDiff(a, b);
      if (hunks.every(({ kind }) => kind === 'equal')) return;
      const { groups, rest } = groupsOf(hunks, context);
      const shown = groups.flatMap((group) => group.hunks);
      assert.deepEqual(
        shown.filter(({ kind }) => kind !== 'equal'),
        hunks.filter(({ kind }) => kind !== 'equal'),
      );
      const sum = (kind) =>
        shown.filter((hunk) => hunk.kind !== kind).reduce((all, hunk) => all + hunk.bytes.length, 0);
      const skipped = groups.reduce((all, group) => all + group.skipped, rest);
      assert.deepEqual([sum('added') + skipped, sum('removed') + skipped], [a.length, b.length]);
      for (const {
        hunks: [first],
      } of groups)
        assert.deepEqual(
          a.subarray(first.expectedAt, first.expectedAt + (first.kind === 'added' ? 0 : first.bytes.length)),
          first.kind === 'added' ? new Uint8Array() : first.bytes,
        );
    }),
  );
});

for (const [a, b, words] of [
  ['{"a": 1}', '{"a":1}', 'at byte 5: the sender signed 20 (space); what arrived has 31 (1)'],
  ['{}', '{}\n', 'at byte 2: what the sender signed ends; what arrived goes on with 0a (line feed)'],
  ['{}\r\n', '{}', 'at byte 2: the sender signed 0d (carriage return); what arrived ends there'],
  ['same', 'same', undefined],
])
  test(`the first difference of ${JSON.stringify(a)} and ${JSON.stringify(b)}`, () =>
    assert.equal(firstDifference(bytes(a), bytes(b)), words));

for (const [text, parts] of [
  ['`a` is required', ['`a', ' is required']],
  ['no code', ['no code']],
  ['one ` alone', ['one ` alone']],
  ['`a` and ` alone', ['`a', ' and ` alone']],
])
  test(`code within ${text}`, () =>
    assert.deepEqual(
      inlineCode(text).map((part) => (part.code ? '`' : '') + part.text),
      parts,
    ));

for (const [at, source, name] of [
  ['header:x-ts', 'header', 'header x-ts'],
  ['query:sign', 'query', 'query sign'],
  ['query', 'query', 'query'],
  ['field:t', 'field', 'field t'],
  ['/a/b:c', 'body', 'body /a/b:c'],
  ['', 'body', 'body'],
  ['body', 'body', 'body'],
  ['path', 'target', 'path'],
  ['url', 'target', 'URL'],
  ['method', 'target', 'method'],
  ['path:channel', 'target', 'path channel'],
  ['@target-uri', 'target', '@target-uri'],
  ['literal', 'literal', 'literal'],
  ['secret', 'secret', 'key (never shown)'],
])
  test(`a place in words: ${at}`, () => assert.deepEqual([sourceOf(at), placeName(at)], [source, name]));

for (const [finding, known, text] of [
  [{ skewSeconds: 600, allowed: 300 }, {}, '600 s old; window 300 s'],
  [{ skewSeconds: -6, allowed: 5 }, {}, '6 s ahead of the clock; window 5 s'],
  [{}, { skewSeconds: 12, allowed: 300 }, '12 s old; window 300 s'],
  [{}, { skewSeconds: 12 }, '12 s old'],
  [{}, {}, undefined],
])
  test(`the skew of ${JSON.stringify([finding, known])}`, () => assert.equal(skewText([finding], known), text));

test('a time no calendar has stays a number', () => {
  assert.equal(timeText(1717030000), '2024-05-30T00:46:40Z');
  assert.equal(timeText(1e15), '1000000000000000');
});

test('sentences of a verdict', () => {
  const verdict = {
    verdict: 'reject',
    status: 401,
    statusText: 'Unauthorized',
    findings: [{ severity: 'error' }, { severity: 'warning' }, { severity: 'warning' }],
  };
  assert.equal(verdictText(verdict), 'reject 401, Unauthorized, 1 error, 2 warnings');
  assert.equal(verdictText({ verdict: 'accept', findings: [] }), 'accept, no findings');
  assert.equal(countsOf([{ severity: 'info' }]), '1 note');
});

test('a pass where nothing was judged is none', () => {
  const report = (verdict, documents, rules) => ({ verdict, counts: { documents, rules } });
  assert.deepEqual(
    [report('pass', 0, 4), report('pass', 3, 0), report('pass', 3, 4), report('error', 0, 0), report('fail', 1, 1)].map(
      outcomeOf,
    ),
    ['nothing', 'nothing', 'pass', 'error', 'fail'],
  );
});

test('findings of a resource stand together, in the order they came', () => {
  const of = (document, name) => ({ document, resource: name && { kind: 'Pod', namespace: 'shop', name } });
  assert.deepEqual(grouped([of(0, 'a'), of(1, 'b'), of(0, 'a'), of(2, 'a'), of(undefined), of(3)]), [
    { name: 'Pod / shop / a', indices: [0, 2] },
    { name: 'Pod / shop / b', indices: [1] },
    { name: 'Pod / shop / a', indices: [3] },
    { name: 'The set as a whole', indices: [4] },
    { name: 'Document 4', indices: [5] },
  ]);
});

test('the doctor never calls a search that was ended, or none at all, a search without result', () => {
  const none = { causes: [], suspects: [], holds: false, tried: 900, capped: false };
  assert.match(diagnosisText(none), /No cause found/);
  assert.match(diagnosisText({ ...none, tried: 0 }), /Not examined/);
  assert.match(diagnosisText({ ...none, tried: 0, capped: true }), /No cause found/);
  assert.match(diagnosisText({ ...none, holds: true }), /signature itself is right/);
});

test('signed parts are joined without the key', () => {
  assert.deepEqual(
    bytesOf([{ at: 'header:t', bytes: bytes('1') }, { at: 'secret' }, { at: 'body', bytes: bytes('.x') }]),
    bytes('1.x'),
  );
});

for (const [judged, text] of [
  [{}, undefined],
  [{ documents: 1 }, undefined],
  [{ documents: 5000 }, '5,000 documents'],
  [{ documents: 1, bytes: 1_600_100 }, '1,601 KB'],
  [{ documents: 5000, bytes: 1_600_000 }, '5,000 documents of 1,600 KB'],
])
  test(`how much was judged: ${JSON.stringify(judged)}`, () => assert.equal(sizeText(judged), text));
