// The cases of tests/cases through the module: the same bytes as the crate gives natively.

import assert from 'node:assert/strict';
import { relative } from 'node:path';
import { test } from 'node:test';

import { CASES, cases, expected, outcome } from './replay.js';

for (const { folder, found } of cases()) {
  test(relative(CASES, folder), async () => {
    const [file, text] = await outcome({ folder, found });
    assert.equal(text, expected(folder, file));
  });
}
