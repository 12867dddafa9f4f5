// No module grows unnoticed: sizes.json holds the most bytes that each may have, a little above what it has.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { packed } from './packed.js';

const PACKAGE = new URL('../../pkg/', import.meta.url);
const LIMITS = JSON.parse(readFileSync(new URL('sizes.json', import.meta.url), 'utf8'));
const SPARE = 0.03; // a limit further above than this could be lower
const modules = readdirSync(PACKAGE).filter((name) => name.endsWith('.wasm'));

test('every module has a limit, and every limit a module', () => {
  assert.deepEqual(modules.sort(), Object.keys(LIMITS).sort());
});

for (const name of modules) {
  test(`${name} is as small as it was`, async (t) => {
    const sizes = await packed(readFileSync(new URL(name, PACKAGE)));
    for (const [how, bytes] of Object.entries(sizes)) {
      const limit = LIMITS[name][how];
      assert.ok(bytes <= limit, `${how}: ${bytes} bytes, ${limit} are allowed (tests/packaging/sizes.json)`);
      if (bytes < limit * (1 - SPARE)) t.diagnostic(`${how}: ${bytes} bytes, so the limit ${limit} could be lower`);
    }
  });
}
