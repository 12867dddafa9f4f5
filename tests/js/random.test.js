// Where the platform gives no random numbers, the configuration stands in.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fillRandom, seedFrom } from '../../pkg/core/random.js';

function filled(configuration, length = 32) {
  seedFrom(configuration);
  const bytes = new Uint8Array(length);
  fillRandom(bytes);
  seedFrom('');
  return Buffer.from(bytes).toString('hex');
}

test('the platform’s random numbers, where there are some', () => {
  assert.notEqual(filled('{}'), filled('{}'));
});

test('else what the whole configuration makes of them', (t) => {
  t.mock.method(globalThis.crypto, 'getRandomValues', () => {
    throw new Error('disallowed in global scope');
  });
  assert.notEqual(filled('{}'), filled('{}'), 'chance, as far as there is any');
  t.mock.method(Math, 'random', () => 0);
  const configurations = [
    '',
    '{"keys":[{"secret":"a"}]}',
    '{"keys":[{"secret":"b"}]}',
    '{"kezs":[{"secret":"a"}]}',
    `${'x'.repeat(10_000)}a`,
    `${'x'.repeat(10_000)}b`,
  ];
  assert.equal(new Set(configurations.map((text) => filled(text))).size, configurations.length);
  assert.equal(filled('{}'), filled('{}'));
  const many = Buffer.from(filled('{"secret":"a"}', 4096), 'hex');
  assert.equal(new Set(many).size, 256, 'every value occurs');
});
