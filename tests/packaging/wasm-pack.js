// The cases of tests/cases through the module as wasm-pack builds it: the same verdict bytes. `make wasm-pack` runs it.
// The module itself is another one: wasm-pack builds the crate as a library beside it, and what others may call of that
// stays in it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { test } from 'node:test';

import { createApi } from '../../pkg/api/api.js';
import { ContractError } from '../../pkg/core/errors.js';
import { shipped } from '../../pkg/api/node.js';
import * as bindings from '../../target/wasm-pack/core.js';
import { replay } from '../edge/replay-runner.js';
import { CASES, cases, expected, prepared } from '../js/replay.js';

const load = () =>
  new WebAssembly.Module(readFileSync(new URL('../../target/wasm-pack/core_bg.wasm', import.meta.url)));
const api = { ...createApi(bindings, load, shipped), ContractError };

for (const { folder, found } of cases()) {
  test(relative(CASES, folder), async () => {
    const [file, text] = await replay(api, await prepared({ folder, found }));
    assert.equal(text, expected(folder, file));
  });
}
