// Beyond two million characters a text is parsed again for its places: they are the same.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { yamlDocuments } from '../../pkg/read/yaml-documents.js';

const TEXT = 'a: &x { b: [1, 2] }\n---\n# empty\n---\nc:\n  <<: { d: 1 }\n  e: "f"\n';
const POINTERS = ['', '/a', '/a/b/1', '/c/d', '/c/e', '/none'];

const placesOf = () => yamlDocuments(TEXT, 'a.yaml').map(({ locate }) => POINTERS.map((pointer) => locate(pointer)));

test('the places of a text are the same, whether its tree was kept or not', () => {
  const before = placesOf();
  yamlDocuments(`a: "${'x'.repeat(2_100_000)}"\n`, 'long.yaml');
  assert.deepEqual(placesOf(), before);
  assert.equal(before.length, 2);
});
