import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Unevaluated } from '../../pkg/read/unevaluated.js';
import { yamlDocuments } from '../../pkg/read/yaml-documents.js';

const values = (text) => yamlDocuments(text, 'f.yaml').map(({ value }) => JSON.parse(JSON.stringify(value)));
const value = (text) => values(`v: ${text}`)[0].v;
const refused = (text, message, line, column) => {
  assert.throws(
    () => values(text),
    (error) => {
      assert.ok(error instanceof Unevaluated, `${error.stack}`);
      assert.match(error.message, message);
      assert.equal(error.place.file, 'f.yaml');
      if (line !== undefined) assert.deepEqual([error.place.line, error.place.column], [line, column]);
      return true;
    },
  );
};

test('scalars are what kubectl reads', () => {
  for (const word of ['yes', 'Yes', 'on', 'ON', 'true', 'y']) assert.equal(value(word), true, word);
  for (const word of ['no', 'off', 'Off', 'false', 'n']) assert.equal(value(word), false, word);
  assert.equal(value('010'), 8);
  assert.equal(value('0o10'), 8);
  assert.equal(value('0x1F'), 31);
  assert.equal(value('1_000'), 1000);
  assert.equal(value('-5'), -5);
  assert.equal(value('1.5e3'), 1500);
  assert.equal(value('12:30:45'), '12:30:45');
  assert.equal(value('2024-05-30'), '2024-05-30');
  assert.equal(value('2024-05-30T00:00:00Z'), '2024-05-30T00:00:00Z');
  assert.equal(value('~'), null);
  assert.equal(value('"no"'), 'no');
  for (const text of ['.', '-.', '._', './a', '..']) assert.equal(value(text), text);
  assert.equal(value('0.1'), 0.1);
});

test('numbers and words are what go-yaml makes of them', () => {
  for (const text of [
    'e3',
    'e4302197',
    '-e3',
    '+e3',
    '.e3',
    '._1',
    '1e400',
    '0x10000000000000000',
    '0xg',
    '1.2.3',
    'Infinity',

    '=',
  ])
    assert.equal(value(text), text);
  for (const [text, number] of [
    ['0X1F', 31],
    ['0O17', 15],
    ['0B11', 3],
    ['0b-1', -1],
    ['-_1', -1],
    ['1e1_0', 1e10],
    ['.1_0', 0.1],
    ['09', 9],
    ['017', 15],
    ['0xFFFFFFFFFFFFFFFF', 2 ** 64],
    ['18446744073709551616', 2 ** 64],
    ['02000000000000000000000', 2e21],
    ['-0', 0],
  ])
    assert.equal(value(text), number, text);
  assert.deepEqual(values('a: !!int "5"\nb: !!float 5\nc: !!str 5\nd: !!bool yes\ne: !!null ""\n'), [
    { a: 5, b: 5, c: '5', d: true, e: null },
  ]);
  refused('a: !!int 5.5\n', /tag does not fit/, 1, 10);
  refused('a: ! "5"\n', /tag does not fit/);
});

test('what ends a line for one reader alone is refused wherever it stands, and so is what YAML does not allow', () => {
  const names = {
    '\r': 'carriage return',
    '\x85': 'next-line',
    '\u2028': 'line separator',
    '\u2029': 'paragraph separator',
  };
  for (const [character, name] of Object.entries(names)) {
    for (const before of ['a: 1 # x', 'a: x', 'a: "x', "a: 'x", 'a: [x', '# x', '- x', 'a: |\n  x', 'a:', ''])
      refused(
        `b: 1\n${before}${character}  c: 2\n`,
        new RegExp(`${name}.*ends a line for kubectl`),
        ...lastPlace(before),
      );
  }
  for (const character of ['\0', '\x07', '\v', '\f', '\x1b', '\x7f', '\x80', '\ufffe', '\uffff', '\ud800'])
    refused(`a: "x${character}"\n`, /that YAML does not allow \(U\+/, 1, 6);
  refused('a: 1\n\ufeffb: 2\n', /byte order mark that is not before a document/, 2, 1);
  assert.deepEqual(values('a: "\\u2028\\r\\x85\\uFEFF\\u0000"\r\nb: \u00a0x\r\n'), [
    { a: '\u2028\r\x85\ufeff\0', b: '\u00a0x' },
  ]);
  assert.deepEqual(values('\ufeff- a\n- b\n'), [['a', 'b']]);
});

/** Where a character behind this text stands, one line below the top. */
function lastPlace(text) {
  const lines = text.split('\n');
  return [lines.length + 1, lines.at(-1).length + 1];
}

test('blocks: the last line may lack its line feed; lines of spaces that readers fold otherwise are refused', () => {
  assert.deepEqual(values('a: |\n  x'), [{ a: 'x' }]);
  assert.deepEqual(values('a: >\n  x\n  y'), [{ a: 'x y' }]);
  assert.deepEqual(values('a: |+\n  x\n\n'), [{ a: 'x\n\n' }]);
  assert.deepEqual(values('a: |+\n    '), [{ a: '' }]);
  assert.deepEqual(values('a: !!str |\n  x'), [{ a: 'x' }]);
  assert.deepEqual(values('a: |\n  x\n   \n  y\n'), [{ a: 'x\n \ny\n' }]);
  refused('a: >\n  x\n   \n  y\n', /a line of spaces/, 1, 4);
  refused('a: |1-\n  x\n  \n', /a line of spaces/, 1, 4);
});

test('quotes close where they end, and not where a line ends', () => {
  assert.deepEqual(values("a: 'yes''\nb: c'\n"), [{ a: "yes' b: c" }]);
  assert.deepEqual(values('a: "yes\\"\nb: c"\n'), [{ a: 'yes" b: c' }]);
  assert.deepEqual(values('- "a\nb"\n'), [['a b']]);
  refused("a: 'yes''\nb: c\n", /closing ['"]?quote/);
  refused('a: "x\n---\n"\n', /./);
  refused('a: "y\\\n  \n  z"\n', /escaped line end/, 1, 4);
  assert.deepEqual(values('a:\n    b: "one\n  two"\n    c: 3\n'), [{ a: { b: 'one two', c: 3 } }]);
  assert.deepEqual(values("a: 'it''s'''\nb: \"\\\\\"\nc: ''\nd: \"\"\n"), [{ a: "it's'", b: '\\', c: '', d: '' }]);
});

test('documents are those that kubectl cuts a stream into', () => {
  refused('a: 1\n...\nb: 2\n', /without `---`/, 3, 1);
  refused('a: 1\n--- {b: 2}\n', /shares its line/, 2, 1);
  refused('a: 1\n---#c\nb: 2\n', /shares its line/, 2, 1);
  // What is wrong with the stream, before what is wrong in a document above it.
  refused('a: 1\na: 2\n--- {b: 2}\n', /shares its line/, 3, 1);
  refused('a: 1\na: 2\n...\nb: 3\n', /without `---` before it/, 4, 1);
  assert.deepEqual(values('a: 1\n--- # c\nb: 2\n...\n---\t\nc: 3\n...\n'), [{ a: 1 }, { b: 2 }, { c: 3 }]);
});

test('brackets and keys that readers take apart in different ways', () => {
  for (const text of ['[a:]', '[a :]', '{a:}', '[?a]', '{?a: 1}']) refused(`v: ${text}\n`, /in brackets/);
  refused('? a\n: b\n', /question mark/, 1, 3);
  refused('? "q"\n  lost: 1\n', /question mark/);
  assert.deepEqual(values('a: is it ?\nb: {"c":1}\n'), [{ a: 'is it ?', b: { c: 1 } }]);
});

test('many keys cost no more than their number', () => {
  const count = 100_000; // each beside every other one would take minutes
  const text = Array.from({ length: count }, (_, index) => `k${index}: v\n`).join('');
  assert.equal(Object.keys(values(text)[0]).length, count);
});

test('streams: many documents, empty ones, comments, CRLF and a byte order mark', () => {
  assert.deepEqual(values('---\na: 1\n---\n---\n# nothing\n---\nb: 2\n...\n'), [{ a: 1 }, { b: 2 }]);
  assert.deepEqual(values('a: 1\r\nb:\r\n  - x\r\n'), [{ a: 1, b: ['x'] }]);
  assert.deepEqual(values(''), []);
  assert.equal(values(Array.from({ length: 10_000 }, (_, index) => `a: ${index}\n`).join('---\n')).length, 10_000);
});

test('anchors and merge keys are written out', () => {
  assert.deepEqual(values('a: &x {p: 1, q: 2}\nb: *x\nc:\n  <<: *x\n  q: 3\n'), [
    { a: { p: 1, q: 2 }, b: { p: 1, q: 2 }, c: { p: 1, q: 3 } },
  ]);
  assert.deepEqual(values('a: &x {p: 1}\nb: &y {p: 2, q: 2}\nc:\n  <<: [*x, *y]\n')[0].c, { p: 1, q: 2 });
});

test('a merged member beside one of the map: the one below counts, for every reader', () => {
  const base = 'a: &x {p: 1}\nb: &y {p: 2, q: 2}\n';
  assert.deepEqual(values(`${base}c:\n  <<: *x\n  p: 3\n`)[0].c, { p: 3 });
  refused(`${base}c:\n  p: 3\n  <<: *x\n`, /`<<` merges `p`, which is above it/, 5, 3);
  refused(`${base}c:\n  <<: *x\n  <<: *y\n`, /appears twice/, 5, 3);
  refused(`${base}c:\n  <<: [1]\n`, /merges maps only/, 4, 7);
  assert.deepEqual(values('"<<": {p: 1}\n'), [{ '<<': { p: 1 } }]);
  assert.deepEqual(values('- &a 1\n- &a k: *a\n- *a\n'), [[1, { k: 'k' }, 'k']]);
  refused('- &a.b 1\n', /not a name for an anchor/, 1, 8);
});

test('two meanings are refused, with their place', () => {
  refused('a: 1\nb: 2\na: 3\n', /appears twice/, 3, 1);
  refused('a: "open\n', /quote/);
  refused('a:\n\t- b\n', /tab/i);
  refused('a: !!js/function "x"\n', /tag/i, 1, 4);
  refused('a: !Ref b\n', /tag/i);
  refused('a: !!binary aGk=\n', /tag/i);
  refused('1.5: a\n', /not a string \(it reads as a number\)/, 1, 1);
  refused('~: a\n', /not a string \(it reads as null\)/);
  refused('? [a]\n: b\n', /not a string/);
  refused('a: .inf\n', /JSON has no word/, 1, 4);
  refused('a: .nan\n', /JSON has no word/);
  refused('a: *b\n', /anchor|alias/i);
  refused('a: &x [*x]\n', /contains itself/);
  refused('a: [1, 2\nb: 3\n', /./);
});

test('a billion laughs end early', () => {
  const levels = Array.from(
    { length: 10 },
    (_, level) =>
      `l${level}: &l${level} [${Array(10)
        .fill(level === 0 ? 'lol' : `*l${level - 1}`)
        .join(', ')}]`,
  );
  refused(levels.join('\n'), /aliases expand to more than/); // all of it would fill any memory
  assert.throws(
    () => values(levels.join('\n')),
    ({ place }) => place.code === 'limit-yaml-aliases',
  );
});

test('depth is limited before the stack is', () => {
  refused('['.repeat(300) + ']'.repeat(300), /nested/);
  refused('['.repeat(100_000), /nested/);
});

test('so that a key named __proto__ is an ordinary key', () => {
  const [document] = yamlDocuments('__proto__: {admin: true}\n', 'f.yaml');
  assert.equal(document.value.admin, undefined);
  assert.equal(JSON.stringify(document.value), '{"__proto__":{"admin":true}}');
});

test('places: the value, the key of a block, or the nearest parent', () => {
  const text = 'kind: Pod\nspec:\n  containers:\n    - name: 容器\n      image: "a:latest"\n    - *none\n'.replace(
    '    - *none\n',
    '',
  );
  const [document] = yamlDocuments(text, 'f.yaml');
  const at = (pointer) => {
    const { line, column, endLine, endColumn, offsets, exact } = document.locate(pointer);
    return { at: [line, column, endLine, endColumn], text: text.slice(...offsets), exact };
  };
  assert.deepEqual(at('/kind'), { at: [1, 7, 1, 10], text: 'Pod', exact: true });
  assert.deepEqual(at('/spec'), { at: [2, 1, 2, 5], text: 'spec', exact: true });
  assert.deepEqual(at('/spec/containers/0/image'), { at: [5, 14, 5, 24], text: '"a:latest"', exact: true });
  assert.deepEqual(at('/spec/containers/0/securityContext'), { at: [4, 7, 4, 15], text: 'name: 容器', exact: false });
  assert.deepEqual(at('/spec/hostPID'), { at: [2, 1, 2, 5], text: 'spec', exact: false });
  assert.deepEqual(at('/nothing').at, [1, 1, 1, 10]);
});

test('places: in the second document, through an alias and a merge', () => {
  const text = 'a: 1\n---\nbase: &b\n  x: 5\nuse: *b\nmerged:\n  <<: *b\n';
  const [, document] = yamlDocuments(text, 'f.yaml');
  assert.equal(document.line, 3);
  assert.equal(document.locate('/use/x').line, 4);
  assert.equal(document.locate('/merged/x').line, 4);
});
