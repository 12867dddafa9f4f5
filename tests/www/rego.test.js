// The tokens of Rego, over a table and over every policy that ships.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { loaded } from './loaded.js';

const { regoLanguage } = await loaded('www/src/editor/rego.ts');
const POLICIES = new URL('../../policies/', import.meta.url);

function tokens(text) {
  const found = [];
  regoLanguage.parser
    .parse(text)
    .iterate({ enter: ({ name, from, to }) => void (name !== 'Document' && found.push([name, text.slice(from, to)])) });
  return found;
}

const DEFINITION = 'variableName.definition';
const FUNCTION = 'variableName.function';
const BUILTIN = 'variableName.standard';
const SPECIAL = 'variableName.special';
const NAME = 'variableName';

const TABLE = [
  [
    'package a.b["c"]',
    [
      ['keyword', 'package'],
      ['namespace', 'a.b["c"]'],
    ],
  ],
  [
    'import data.x as y',
    [
      ['keyword', 'import'],
      ['namespace', 'data.x'],
      ['keyword', 'as'],
      [NAME, 'y'],
    ],
  ],
  [
    'default allow := false',
    [
      ['keyword', 'default'],
      [DEFINITION, 'allow'],
      ['operator', ':='],
      ['bool', 'false'],
    ],
  ],
  [
    'deny contains x if {',
    [
      [DEFINITION, 'deny'],
      ['keyword', 'contains'],
      [NAME, 'x'],
      ['keyword', 'if'],
      ['bracket', '{'],
    ],
  ],
  [
    ' contains(s, "x")',
    [
      [BUILTIN, 'contains'],
      ['bracket', '('],
      [NAME, 's'],
      ['separator', ','],
      ['string', '"x"'],
      ['bracket', ')'],
    ],
  ],
  [
    ' json.unmarshal(b)',
    [
      [BUILTIN, 'json.unmarshal'],
      ['bracket', '('],
      [NAME, 'b'],
      ['bracket', ')'],
    ],
  ],
  [
    ' data.lib.f(1)',
    [
      [SPECIAL, 'data'],
      ['separator', '.'],
      ['propertyName', 'lib'],
      ['separator', '.'],
      [FUNCTION, 'f'],
      ['bracket', '('],
      ['number', '1'],
      ['bracket', ')'],
    ],
  ],
  [
    ' input.contains.if',
    [
      [SPECIAL, 'input'],
      ['separator', '.'],
      ['propertyName', 'contains'],
      ['separator', '.'],
      ['propertyName', 'if'],
    ],
  ],
  [
    ' x == -1.5e3 # "no string"',
    [
      [NAME, 'x'],
      ['operator', '=='],
      ['operator', '-'],
      ['number', '1.5e3'],
      ['comment', '# "no string"'],
    ],
  ],
  [
    ' "# no comment\\n\\x"',
    [
      ['string', '"# no comment'],
      ['escape', '\\n'],
      ['invalid', '\\x'],
      ['string', '"'],
    ],
  ],
  [
    ' `raw \\x\n# two` x',
    [
      ['string', '`raw \\x'],
      ['string', '# two`'],
      [NAME, 'x'],
    ],
  ],
  [
    ' $"a {f({"b"})} \\{" x',
    [
      ['string', '$"a '],
      ['bracket', '{'],
      [FUNCTION, 'f'],
      ['bracket', '({'],
      ['string', '"b"'],
      ['bracket', '})}'],
      ['string', ' '],
      ['escape', '\\{'],
      ['string', '"'],
      [NAME, 'x'],
    ],
  ],
  [
    ' "open\n\tx',
    [
      ['string', '"open'],
      [NAME, 'x'],
    ],
  ],
  [
    ' some k, v in {1: null}',
    [
      ['keyword', 'some'],
      [NAME, 'k'],
      ['separator', ','],
      [NAME, 'v'],
      ['keyword', 'in'],
      ['bracket', '{'],
      ['number', '1'],
      ['separator', ':'],
      ['null', 'null'],
      ['bracket', '}'],
    ],
  ],
  [
    ' a ? é 1x',
    [
      [NAME, 'a'],
      ['invalid', '?'],
      ['invalid', 'é'],
      ['invalid', '1'],
      [NAME, 'x'],
    ],
  ],
];

test('tokens of Rego', () => {
  for (const [text, expected] of TABLE) assert.deepEqual(tokens(text), expected, text);
});

/** Comments and strings as a plain scanner finds them. */
function scanned(text) {
  return [...text.matchAll(/(?<comment>#[^\n]*)|(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)/g)].map(
    ({ 0: found, groups }) => [groups.comment ? 'comment' : 'string', found],
  );
}

test('every policy that ships has no wrong token, and its comments and strings are found', () => {
  const files = readdirSync(POLICIES, { recursive: true }).filter((file) => file.endsWith('.rego'));
  assert.ok(files.length >= 30);
  for (const file of files) {
    const text = readFileSync(new URL(file, POLICIES), 'utf8');
    const found = tokens(text);
    assert.deepEqual(
      found.filter(([name]) => name === 'invalid'),
      [],
      file,
    );
    const kinds = new Map([
      ['comment', 'comment'],
      ['string', 'string'],
      ['escape', 'string'],
    ]);
    const joined = (list, kind) =>
      list
        .filter(([name]) => kinds.get(name) === kind)
        .map(([, part]) => part)
        .join('')
        .replaceAll('\n', '');
    for (const kind of ['comment', 'string'])
      assert.equal(joined(found, kind), joined(scanned(text), kind), `${file}: ${kind}`);
    assert.ok(
      found.some(([name]) => name === DEFINITION),
      file,
    );
    assert.equal(
      found.filter(([name]) => name === 'namespace').length,
      text.match(/^(?:package|import) /gm).length,
      file,
    );
  }
});
