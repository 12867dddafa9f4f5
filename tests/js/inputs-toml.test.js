// Places in TOML: each value of a document is found where it is written, whatever the document is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'smol-toml';

import { TomlPlaces } from '../../pkg/places/toml.js';

/** Every value of a document with its pointer; tables and lists of tables, which have no text of their own, by their members. */
function* values(node, pointer = '') {
  for (const [name, value] of Object.entries(node)) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (value !== null && typeof value === 'object') yield* values(value, at);
    else yield [at, value];
  }
}

function agrees(text) {
  const places = new TomlPlaces(text);
  for (const [pointer, value] of values(parse(text))) {
    const { exact, value: range } = places.locate(pointer);
    assert.ok(exact, `${pointer} in\n${text}`);
    assert.deepEqual(parse(`x = ${text.slice(...range)}`).x, value, `${pointer} in\n${text}`);
  }
}

const key = fc.oneof(
  fc.constantFrom('a', 'b', 'c-d', '1', 'a.b', 'é', '"', "'", '~/x', ' '),
  fc.string({ minLength: 1 }),
);
const scalar = fc.oneof(
  fc.string(),
  fc.constantFrom('"""', "'''", '\n', '#', ']', '}', '\\', 'a\tb'),
  fc.integer(),
  fc.boolean(),
);
const document = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    tie('table'),
  ),
  table: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
})).table;

test('what a library writes', () => {
  fc.assert(
    fc.property(document, (value) => agrees(stringify(value))),
    { numRuns: 300, seed: 7 },
  );
});

for (const text of [
  'a . "b" . \'c d\' = 1 # x\n[ t . u ]\nx = { y = [ 1, # ]\n 2 ], z.w = "}" }\n',
  'a = """\none ]\n"" two"""""\nb = \'\'\'\n]]\'\'\'\'\'\nc = "\\" # \\\\" # d\nd = 1\n',
  '[[s]]\nn = 1\n[s.t]\nu = 2\n[[s.v]]\nw = 3\n[[s.v]]\nw = 4\n[[ s ]]\nn = 5\n[s.t]\nu = 6\n',
  'a = 0xFF\nb = 1_000.5e3\nc = true\nd = [[1], [2, 3,],]\n"\\u0061b" = 1\n[x]\r\ny = 1\r\n',
  '# only\n',
  '',
])
  test(`what people write: ${JSON.stringify(text).slice(0, 40)}`, () => {
    agrees(text);
  });

test('a text that is no TOML does not end in a loop', () => {
  for (const text of [
    '=',
    '[',
    '[[',
    'a',
    'a =',
    'a = [',
    'a = {',
    'a = "',
    'a = [}',
    '"',
    ']',
    '[a',
    'a = {b',
    '= = =',
  ])
    assert.ok(new TomlPlaces(text).locate('/a').line >= 1, text);
});
