// How long a run may last.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { loaded } from './loaded.js';

const { deadline } = await loaded('www/src/engine/deadline.ts');

for (const [what, bytes, milliseconds] of [
  ['nothing', 0, 2000],
  ['a message', 500, 2002],
  ['a thousand manifests', 320_000, 3280],
  ['five thousand manifests', 1_600_000, 8400],
  ['as much as there is time for', 2_000_000, 10_000],
  ['more than that', 50_000_000, 10_000],
])
  test(`the deadline of ${what}`, () => assert.equal(deadline(bytes), milliseconds));
