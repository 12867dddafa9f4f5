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

test('two meanings are refused, with their place', () => {
  refused('a: 1\nb: 2\na: 3\n', /stands twice/, 3, 1);
  refused('a: "open\n', /quote/);
  refused('a:\n\t- b\n', /tab/i);
  refused('a: !!js/function "x"\n', /tag/i, 1, 4);
  refused('a: !Ref b\n', /tag/i);
  refused('a: !!binary aGk=\n', /tag/i);
  refused('1: a\n', /not a string \(it reads as a number\)/, 1, 1);
  refused('yes: a\n', /not a string \(it reads as the boolean true\)/);
  refused('? [a]\n: b\n', /not a string/);
  refused('a: .inf\n', /JSON has no word/, 1, 4);
  refused('a: .nan\n', /JSON has no word/);
  refused('a: *b\n', /anchor|alias/i);
  refused('a: &x [*x]\n', /holds itself/);
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
  const started = performance.now();
  refused(levels.join('\n'), /aliases expand to more than/);
  assert.ok(performance.now() - started < 2000);
});

test('depth is limited before the stack is', () => {
  refused('['.repeat(300) + ']'.repeat(300), /nested/);
  refused('['.repeat(100_000), /nested/);
});

test('a key named __proto__ is a key', () => {
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
