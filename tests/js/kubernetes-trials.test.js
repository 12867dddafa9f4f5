// What the pack says of sets as platform teams have them: what well-known charts give, a build of kustomize, and what a
// cluster says of itself. kubernetes/findings.json has every finding; each is one that a careful engineer would keep.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { loadPack } from '../../pkg/node.js';
import { yamlDocuments } from '../../pkg/read/yaml-documents.js';

const FOLDER = join(import.meta.dirname, 'kubernetes');
const read = (name) => readFileSync(join(FOLDER, name), 'utf8');
const EXPECTED = JSON.parse(read('findings.json'));
const NAMES = readdirSync(FOLDER).filter((name) => name !== 'findings.json');

let pack;
before(async () => {
  pack = await loadPack('kubernetes');
});
after(() => pack.free());

test('each set has its findings', () => assert.deepEqual(Object.keys(EXPECTED).sort(), NAMES.sort()));

for (const name of NAMES)
  test(`${name}: what is found is what is worth a change`, () => {
    const documents = yamlDocuments(read(name), name).map(({ value }) => value);
    const { findings } = pack.check(documents, { params: { require: 'none' }, now: 1795219200 });
    const lines = findings.map(({ code, resource: { kind, name } }) => `${code} ${kind} ${name}`);
    assert.deepEqual(lines.sort(), EXPECTED[name]);
  });
