// The countries of the event standard are those that ISO 3166-1 assigns, by a list that somebody else keeps.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { iso31661 } from 'iso-3166';

import { ROOT } from './setup.js';

test('every officially assigned code, and no other', () => {
  const { enum: codes } = JSON.parse(
    readFileSync(join(ROOT, 'policies/webhook/event-standard/countries.schema.json'), 'utf8'),
  );
  const assigned = iso31661.filter(({ state }) => state === 'assigned').map(({ alpha2 }) => alpha2);
  assert.deepEqual(codes, assigned.sort());
  assert.equal(codes.length, 249);
});
