import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { yamlDocuments } from '../../pkg/read/yaml-documents.js';
import { globExpression } from '../../pkg/cli/walk.js';
import { excerpt } from '../../pkg/report/excerpt.js';
import { JsonText } from '../../pkg/places/json-text.js';
import { prettyFinding } from '../../pkg/report/pretty.js';
import { secretRanges } from '../../pkg/places/secrets.js';
import { Terminal } from '../../pkg/report/terminal.js';
import { cells, clean } from '../../pkg/report/width.js';

const terminal = Terminal.of({ columns: 60 }, { color: 'never' }, { LANG: 'C.UTF-8' });
const width = (text) => cells(text).reduce((sum, cell) => sum + cell.width, 0);

/** What stands above the carets, by columns of the screen. */
function marked(text, pointer, masks = []) {
  const lines = excerpt(terminal, text, new JsonText(text).locate(pointer), masks);
  const index = lines.findIndex((line) => /^ *│ +\^+$/.test(line));
  const [, before, carets] = /^( *│ +)(\^+)$/.exec(lines[index]);
  let column = 0;
  let found = '';
  for (const cell of cells(lines[index - 1])) {
    if (column >= before.length && column < before.length + carets.length) found += cell.text;
    column += cell.width;
  }
  return found;
}

test('carets stand under the value, whatever its width', () => {
  const text = '{"内容":"我要退款","emoji":"👩‍👩‍👧‍👦é","tab\t":\t"x","n":-1}';
  assert.equal(marked(text, '/内容'), '"我要退款"');
  assert.equal(marked(text, '/emoji'), '"👩‍👩‍👧‍👦é"');
  assert.equal(marked(text, '/n'), '-1');
});

test('long lines are cut around the mark', () => {
  const text = `{"a":"${'长'.repeat(500)}","b":"here","c":"${'y'.repeat(500)}"}`;
  assert.equal(marked(text, '/b'), '"here"');
  for (const line of excerpt(terminal, text, new JsonText(text).locate('/b'), [])) assert.ok(width(line) <= 60, line);
});

test('the input cannot drive the terminal', () => {
  assert.equal(clean('a\u001b[31mb\u0007\u202ec\u0000'), 'a\\u{1b}[31mb\\u{7}\\u{202e}c\\u{0}');
  const finding = {
    code: 'x',
    severity: 'error',
    message: 'm\u001b]0;t\u0007',
    at: '/\u001b[2J',
    got: '\u009b31m',
    help: '\u001bc',
  };
  const text = '{"\u001b[2J":"\u001b[0m\u202e"}';
  const shown = prettyFinding(terminal, finding, {
    file: 'a\nb',
    text,
    masks: [],
    place: new JsonText(text).locate('/\u001b[2J'),
  });
  assert.doesNotMatch(shown.replaceAll('\n', ''), /[\p{Cc}\u202a-\u202e]/u);
  assert.ok(!shown.includes('a\nb'));
});

test('secrets are masked wherever the document puts them', () => {
  const text = [
    'apiVersion: v1',
    'kind: Secret',
    'metadata: {name: shown}',
    'data:',
    '  anything: aGlkZGVu',
    'stringData:',
    '  b: |',
    '    hidden',
    '    hidden',
    '---',
    'kind: EncryptionConfiguration',
    'apiVersion: v1',
    'resources:',
    '  - providers:',
    '      - aescbc:',
    '          keys: [{name: k, secret: hidden}]',
    '---',
    'apiVersion: v1',
    'kind: Pod',
    'automountServiceAccountToken: true',
    'env:',
    '  - {name: DB_PASSWORD, value: hidden}',
    '  - {name: PLAIN, value: shown}',
    'token: hidden',
    'a:',
    '  clientSecret: hidden',
  ].join('\n');
  const documents = yamlDocuments(text, 'f.yaml');
  const masks = documents.flatMap(secretRanges);
  let shown = text;
  for (const [start, end] of masks.toSorted((left, right) => right[0] - left[0]))
    shown = shown.slice(0, start) + shown.slice(end);
  assert.ok(!/hidden|aGlkZGVu/.test(shown), shown);
  assert.equal(shown.match(/shown/g).length, 2);
  assert.match(shown, /automountServiceAccountToken: true/);
  for (const document of documents) {
    for (const pointer of [
      '',
      '/data',
      '/stringData/b',
      '/token',
      '/a/clientSecret',
      '/resources/0/providers/0/aescbc/keys',
      '/env/0/value',
    ]) {
      assert.ok(!/hidden|aGlkZGVu/.test(excerpt(terminal, text, document.locate(pointer), masks).join('\n')));
    }
  }
});

test('pointers are found in JSON, and in what is not JSON', () => {
  const text = '{"a/b":{"~":[1,{"x":"\\"}"}]},"d":1,"d":2}';
  const at = (pointer) => {
    const { offsets, exact } = new JsonText(text).locate(pointer);
    return [text.slice(...offsets), exact];
  };
  assert.deepEqual(at('/a~1b/~0/1/x'), ['"\\"}"', true]);
  assert.deepEqual(at('/d'), ['2', true]);
  assert.deepEqual(at('/a~1b/~0/7'), ['[1,{"x":"\\"}"}]', false]);
  for (const broken of [
    '',
    '{',
    '{"a"',
    '{"a":',
    '{"a":}',
    '[,]',
    '}',
    ']',
    '"',
    '{"a":[',
    'nul',
    '{,',
    ':',
    '{"a":"\\',
  ]) {
    for (const pointer of ['', '/a', '/0', '/a/0/b', 'header:x']) new JsonText(broken).locate(pointer);
  }
  const deep = '['.repeat(1_000_000);
  assert.equal(new JsonText(deep).locate('/0').line, 1);
});

test('a text that was asked before finds what a fresh one finds', () => {
  const names = ['a', 'b', '', '0', '1', '/', '~', '__proto__'];
  const pointers = fc.array(
    fc
      .array(fc.constantFrom(...names), { maxLength: 4 })
      .map((parts) => parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')),
    { maxLength: 8 },
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('1', '"x"', ' true '),
      fc.array(tie('value')).map((items) => `[${items}]`),
      fc
        .array(fc.tuple(fc.constantFrom(...names), tie('value')))
        .map((members) => `{${members.map(([name, text]) => `${JSON.stringify(name)}: ${text}`)}}`),
    ),
  }));
  const broken = fc
    .array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"', '1', ' ', '\\'), { maxLength: 20 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(value, broken), pointers, (text, all) => {
      const asked = new JsonText(text);
      for (const pointer of all) assert.deepEqual(asked.locate(pointer), new JsonText(text).locate(pointer));
    }),
  );
});

test('many pointers into one text do not walk it many times', () => {
  const text = JSON.stringify(Array.from({ length: 100 }, (_, name) => ({ name, values: [1, 2, 3] })));
  let read = 0;
  const counted = new Proxy(new String(text), {
    get(target, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) read += 1;
      const found = target[name];
      return typeof found === 'function' ? found.bind(target) : found;
    },
  });
  const source = new JsonText(counted);
  for (let index = 0; index < 100; index += 1)
    for (const member of ['', '/name', '/values/2']) assert.equal(source.locate(`/${index}${member}`).exact, true);
  // One walk for each level; each pointer anew is hundreds.
  assert.ok(read < 20 * text.length, `${read} of ${text.length}`);
});

test('patterns mean what they say', () => {
  const matches = (pattern, path) => globExpression(pattern).test(path);
  assert.ok(matches('a/**/*.yaml', 'a/b.yaml'));
  assert.ok(matches('a/**/*.yaml', 'a/b/c/d.yaml'));
  assert.ok(!matches('a/*.yaml', 'a/b/c.yaml'));
  assert.ok(matches('*.{yml,yaml}', 'x.yml'));
  assert.ok(matches('[ab]?.json', 'b1.json'));
  assert.ok(!matches('[!ab].json', 'a.json'));
  assert.ok(!matches('a.json', 'axjson'));
});
