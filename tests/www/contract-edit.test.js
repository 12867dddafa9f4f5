// A member of a JSON text set or removed: what is parsed, and what of the text stays.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';

import fc from 'fast-check';

import { loaded } from './loaded.js';

const { withValue } = await loaded('www/src/contract/edit.ts');

const EXAMPLES = [
  ['a value in place', '{ "a": 1, "b": [1, 2] }', '/a', 'x', '{ "a": "x", "b": [1, 2] }'],
  ['a member at the end, on a line of its own', '{\n    "a": 1\n}\n', '/b', true, '{\n    "a": 1,\n    "b": true\n}\n'],
  ['a member in a line', '{\n  "a": { "b": 1 }\n}\n', '/a/c', 2, '{\n  "a": { "b": 1, "c": 2 }\n}\n'],
  ['what is missing above', '{\n  "a": 1\n}\n', '/b/c/d', 2, '{\n  "a": 1,\n  "b": { "c": { "d": 2 } }\n}\n'],
  ['null gives way', '{ "a": null }', '/a/b', 1, '{ "a": { "b": 1 } }'],
  ['the next item', '{"a":[1,2]}', '/a/2', 3, '{"a":[1,2,3]}'],
  ['compact stays compact', '{"a":1}', '/b', { c: [1, 2] }, '{"a":1,"b":{"c":[1,2]}}'],
  ['into nothing', '{}', '/a', 1, '{\n  "a": 1\n}'],
  ['other line breaks', '{\r\n\t"a": 1\r\n}', '/b', 1, '{\r\n\t"a": 1,\r\n\t"b": 1\r\n}'],
  ['the first removed', '{\n  "a": 1,\n  "b": 2\n}', '/a', undefined, '{\n  "b": 2\n}'],
  ['the last removed', '{\n  "a": 1,\n  "b": 2\n}', '/b', undefined, '{\n  "a": 1\n}'],
  ['the only one removed', '{ "a": { "b": 1 } }', '/a/b', undefined, '{ "a": {} }'],
  ['an item removed', '[1, 2, 3]', '/1', undefined, '[1, 3]'],
  ['what is not there', '{ "a": 1 }', '/b/c', undefined, '{ "a": 1 }'],
  ['of a key that stands twice the last', '{"a":1,"a":2}', '/a', 3, '{"a":1,"a":3}'],
  ['a key that stands twice removed', '{"a":1,"b":0,"a":2}', '/a', undefined, '{"b":0}'],
  ['a name with a slash', '{"a/b":{"c~d":1}}', '/a~1b/c~0d', 2, '{"a/b":{"c~d":2}}'],
  ['a list of lines stays one', '{\n  "a": [\n    1\n  ]\n}', '/a', [1, 2], '{\n  "a": [\n    1,\n    2\n  ]\n}'],
];

for (const [what, text, pointer, value, expected] of EXAMPLES) {
  test(`edits: ${what}`, () => assert.equal(withValue(text, pointer, value), expected));
}

test('what cannot be set is said', () => {
  assert.throws(() => withValue('{"a":', '/a', 1), SyntaxError);
  assert.throws(() => withValue('[1]', '/3', 1), RangeError);
  assert.throws(() => withValue('{}', '', undefined), RangeError);
});

const escaped = (part) => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** As it is set in a parsed document. */
function set(document, parts, value) {
  if (parts.length === 0) return value;
  const [part, ...rest] = parts;
  const copy = Array.isArray(document)
    ? [...document]
    : document !== null && typeof document === 'object'
      ? { ...document }
      : {};
  if (value === undefined && !Object.hasOwn(copy, part)) return document;
  if (value === undefined && rest.length === 0) {
    if (Array.isArray(copy)) copy.splice(Number(part), 1);
    else delete copy[part];
    return copy;
  }
  const inner = set(Object.hasOwn(copy, part) ? copy[part] : value === undefined ? undefined : {}, rest, value);
  Object.defineProperty(copy, part, { value: inner, enumerable: true, configurable: true, writable: true });
  return copy;
}

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)));
const document = fc.oneof(fc.dictionary(fc.string(), json, { maxKeys: 6 }), fc.array(json));
const indent = fc.constantFrom(undefined, 2, '\t', 4);

/** A pointer to something in the document, or into what is missing below it. */
function pathIn(value, choices, extra) {
  const parts = [];
  let node = value;
  for (const choice of choices) {
    const keys = node !== null && typeof node === 'object' ? Object.keys(node) : [];
    if (keys.length === 0) break;
    parts.push(keys[choice % keys.length]);
    node = node[parts.at(-1)];
  }
  if (extra.length === 0) return parts;
  return Array.isArray(node) ? [...parts, String(node.length), ...extra] : [...parts, ...extra];
}

const edits = fc.record({
  value: document,
  indent,
  choices: fc.array(fc.nat(9), { maxLength: 4 }),
  extra: fc.array(fc.string({ minLength: 1 }), { maxLength: 2 }),
  set: fc.option(json, { nil: undefined }),
});

test('an edited text parses to the edited document, and the rest of the text stays', () => {
  fc.assert(
    fc.property(edits, ({ value, indent: space, choices, extra, set: next }) => {
      const text = JSON.stringify(value, null, space);
      const parts = pathIn(value, choices, extra);
      if (parts.length === 0 && next === undefined) return;
      const pointer = parts.map((part) => `/${escaped(part)}`).join('');
      const edited = withValue(text, pointer, next);
      assert.deepEqual(JSON.parse(edited), JSON.parse(JSON.stringify(set(value, parts, next))));
      // What was put in and is taken out again leaves the text as it was, where it had a neighbour.
      const parent = parts.slice(0, -1).reduce((node, part) => node?.[part], value);
      const isNew =
        extra.length === 1 &&
        next !== undefined &&
        parent !== null &&
        typeof parent === 'object' &&
        !Object.hasOwn(parent, parts.at(-1));
      if (isNew && Object.keys(parent).length > 0) assert.equal(withValue(edited, pointer, undefined), text);
    }),
    { numRuns: 2000 },
  );
});

test('in every shipped contract a member is set and set back without a trace', () => {
  const folder = new URL('../../policies/webhook/', import.meta.url);
  for (const name of readdirSync(folder)) {
    const text = readFileSync(new URL(`${name}/contract.json`, folder), 'utf8');
    const before = JSON.parse(text).contract;
    assert.equal(withValue(withValue(text, '/contract', 'other'), '/contract', before), text);
    assert.equal(withValue(withValue(text, '/neighbour', { a: [1] }), '/neighbour', undefined), text);
  }
});
