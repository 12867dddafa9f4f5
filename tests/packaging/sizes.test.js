// No module grows unnoticed: sizes.json holds the most bytes that each may have, a little above what it has.
// UPDATE_SIZES=1 writes it.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';

import { packed } from './packed.js';

const PACKAGE = new URL('../../pkg/', import.meta.url);
const FILE = new URL('sizes.json', import.meta.url);
const ROOM = 1.01; // of a limit over what is measured
const LOOSE = 1.03; // a limit over this could be lower
const STEP = 1000;

const modules = readdirSync(PACKAGE).filter((name) => name.endsWith('.wasm'));
const sized = async (name) => [name, await packed(readFileSync(new URL(name, PACKAGE)))];
const sizes = Object.fromEntries(await Promise.all(modules.map(sized)));
if (process.env.UPDATE_SIZES === '1') {
  const limit = (bytes) => Math.ceil((bytes * ROOM) / STEP) * STEP;
  const limits = (size) => Object.fromEntries(Object.entries(size).map(([how, bytes]) => [how, limit(bytes)]));
  const all = Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, limits(size)]));
  writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`);
}
const limits = JSON.parse(readFileSync(FILE, 'utf8'));

test('every module has its limits, and no other', () => {
  assert.deepEqual(Object.keys(limits).sort(), modules.sort());
});

for (const [name, size] of Object.entries(sizes)) {
  test(`${name} is not larger than it may be`, (t) => {
    for (const [how, bytes] of Object.entries(size)) {
      const limit = limits[name]?.[how];
      assert.ok(bytes <= limit, `${how}: ${bytes} bytes, where tests/packaging/sizes.json allows ${limit}`);
      if (bytes * LOOSE < limit) t.diagnostic(`${how}: ${bytes} bytes, so the limit of ${limit} could be lower`);
    }
  });
}
