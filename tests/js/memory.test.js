// Checks leave nothing behind in the module's memory, which only ever grows.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compile } from '../../pkg/node.js';
import { wasmMemory } from '../../pkg/core.js';

const NOW = 1717030000;
const CHECKS = 20_000;
const GATES = 200;
const KEYS = [{ secret: 'replace-with-real-secret' }];

const memoryBytes = () => wasmMemory().buffer.byteLength;

/** One that is accepted, and three that are not, in two sizes. */
function requestsFor(gate) {
  const url = '/api/v1/customer-service/webhook';
  const headers = { 'content-type': 'application/json' };
  const signed = (document) => {
    const body = new TextEncoder().encode(JSON.stringify(document));
    return gate.sign({ method: 'POST', url, headers, body }, { now: NOW });
  };
  return [10, 5_000].flatMap((length) => {
    const document = { message_id: 'm-1', channel: 'sub2api', open_id: 'user-123', content: '退'.repeat(length) };
    const good = signed(document);
    const forged = { ...good, body: Buffer.concat([good.body, Buffer.from(' ')]) };
    const cut = { ...good, body: good.body.subarray(0, -1) };
    return [good, forged, cut, signed({ ...document, open_id: '', other: [{ deep: [1] }] })];
  });
}

/** How much the memory grows while `work` runs a second time: the first may need more than there was. */
function growth(work) {
  work();
  const before = memoryBytes();
  work();
  return memoryBytes() - before;
}

test('checks need no more memory than the first of them', async () => {
  const gate = await compile('sub2api', { keys: KEYS });
  const requests = requestsFor(gate);
  const check = () => {
    for (let at = 0; at < CHECKS / 4; at += 1) {
      const request = requests[at % requests.length];
      gate.check(request, { now: NOW });
      gate.decide(request, { now: NOW });
    }
  };
  assert.deepEqual(
    requests.slice(0, 4).map((request) => gate.check(request, { now: NOW }).verdict),
    ['accept', 'reject', 'reject', 'reject'],
  );
  assert.equal(growth(check), 0);
  gate.free();
});

test('a gate that is freed leaves its memory to the next', async () => {
  const { default: sub2api } = await import('../../pkg/contracts/sub2api.js');
  const gates = async (free) => {
    const made = [];
    for (let at = 0; at < GATES; at += 1) {
      const gate = await compile(sub2api, { keys: KEYS });
      if (free) gate.free();
      else made.push(gate);
    }
    return made;
  };
  await gates(true);
  const before = memoryBytes();
  await gates(true);
  assert.equal(memoryBytes(), before);
  const held = await gates(false);
  assert.ok(memoryBytes() > before, 'gates in use were expected to need memory: is this still measured?');
  for (const gate of held) gate.free();
});
