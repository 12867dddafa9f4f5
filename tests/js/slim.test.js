// The module without Rego: what it says to a policy. That all else is the same, the cases show
// (tests/edge/parity.test.js).

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as client from '../../pkg/client/index.js';
import * as slimClient from '../../pkg/client/slim.js';
import * as slim from '../../pkg/node-slim.js';

const REFUSED = {
  name: 'ContractError',
  code: 'contract-policy',
  message: /this is the slim build, which has no evaluator for Rego policies$/,
};
const contract = { contract: 'orders', version: 1, signature: null };
const request = {
  method: 'POST',
  url: '/',
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode('{}'),
};

test('a contract with a policy is refused, and the same without it is not', async () => {
  const policy = [{ file: 'p.rego', text: 'package p\n\ndeny contains "no" if input.body.bad\n' }];
  await assert.rejects(slim.compile({ ...contract, policy }), { at: '/policy', ...REFUSED });
  assert.equal((await slim.compile(contract)).check(request, { now: 0 }).verdict, 'accept');
});

test('so is a hook whose contract has one, and so is a pack', async () => {
  const document = {
    version: 1,
    hooks: [{ id: 'a', uri: 'https://example.org/a', enabled: true, contract: './a.json' }],
  };
  const contracts = {
    './a.json': { contract: { ...contract, policy: ['p.rego'] }, files: { 'p.rego': 'package p\n' } },
  };
  await assert.rejects(slim.loadRegistry(document, { contracts }), REFUSED);
  await assert.rejects(slim.loadPack('kubernetes'), REFUSED);
});

test('the client over it is the same', async () => {
  assert.deepEqual(Object.keys(slimClient), Object.keys(client));
  const answers = [new Response('', { status: 429, headers: { 'retry-after': '1' } }), new Response('hello')];
  const waits = [];
  const { fetch } = slimClient.createClient({
    fetch: async () => answers.shift(),
    sleep: async (milliseconds) => void waits.push(milliseconds),
  });
  assert.deepEqual([await (await fetch('https://api.example.com/')).text(), waits], ['hello', [1000]]);
});
