// The contract of a message that was pasted: by its signature, else by other marks; where none fits, that is said.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { contractChoice } from '../../pkg/read/contract-choice.js';
import { ROOT } from './setup.js';

const FOLDER = join(ROOT, 'policies/webhook');
const CONTRACTS = Object.fromEntries(
  readdirSync(FOLDER).map((name) => [name, JSON.parse(readFileSync(join(FOLDER, name, 'contract.json')))]),
);

const JSON_TYPE = { 'content-type': 'application/json' };
// [headers, the rest of a POST of nothing to /, what is chosen]
const CHOICES = [
  [{ 'Stripe-Signature': 't=1,v1=00', ...JSON_TYPE }, {}, { by: 'signature', names: ['stripe'] }],
  [{ 'X-GitHub-Event': 'push', ...JSON_TYPE }, {}, { by: 'mark', names: ['github'], mark: 'X-GitHub-Event' }],
  [{ 'User-Agent': 'GitHub-Hookshot/0000000' }, {}, { by: 'mark', names: ['github'], mark: 'User-Agent' }],
  [
    { 'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)' },
    {},
    { by: 'mark', names: ['stripe'], mark: 'user-agent' },
  ],
  [{ 'svix-id': 'msg_1' }, {}, { by: 'mark', names: ['svix'], mark: 'svix-id' }],
  [{ 'User-Agent': 'TwilioProxy/1.1' }, {}, { by: 'mark', names: ['twilio', 'twilio-json'], mark: 'User-Agent' }],
  [
    { 'X-Shopify-Topic': 'orders/create', 'X-GitHub-Event': 'x' },
    {},
    { by: 'mark', names: ['github'], mark: 'X-GitHub-Event' },
  ],
  [
    JSON_TYPE,
    { url: 'https://h.example/api/v1/customer-service/webhook/line?a=1' },
    { by: 'mark', names: ['sub2api', 'sub2api-unsigned'], mark: '/api/v1/customer-service/webhook/line' },
  ],
  [JSON_TYPE, { url: '/api/v1/customer-service/webhook', method: 'GET' }, { by: 'none', names: [] }],
  [{ 'X-Acme-Signature': 'sha256=00', ...JSON_TYPE }, {}, { by: 'none', names: [], mark: 'X-Acme-Signature' }],
  [{ 'x-acme-hmac-sha256': '00' }, {}, { by: 'none', names: [], mark: 'x-acme-hmac-sha256' }],
  [{ 'user-agent': 'curl/8.5.0', ...JSON_TYPE }, {}, { by: 'none', names: [] }],
  [{ 'x-design': 'a', 'x-signal': 'b' }, {}, { by: 'none', names: [] }],
  [{ 'X-GitHub-Event': 'push' }, { status: 200, method: undefined, url: undefined }, { by: 'none', names: [] }],
];

for (const [headers, rest, expected] of CHOICES) {
  test(`the contract of ${JSON.stringify({ ...headers, ...rest }).slice(0, 90)}`, () => {
    const message = { method: 'POST', url: '/', headers: Object.entries(headers), body: new Uint8Array(), ...rest };
    assert.deepEqual(contractChoice(message, CONTRACTS), expected);
  });
}

test('a mark of a contract that is not there chooses nothing', () => {
  const message = { method: 'POST', url: '/', headers: [['X-GitHub-Event', 'push']], body: new Uint8Array() };
  assert.deepEqual(contractChoice(message, {}), { by: 'none', names: [] });
});
