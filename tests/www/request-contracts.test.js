// The contracts that ship are found for a message that was pasted.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { parseRecording } from '../../pkg/read/recording.js';
import { makeData } from '../../www/build/data.js';
import { choiceFor, FORM } from './request/modules.js';

const { contracts } = await makeData();
/** Found by the signature alone. */
const contractsFor = (message, all) => {
  const { by, names } = choiceFor(message, all);
  return by === 'signature' ? names : [];
};
const SCHEMES = new URL('../cases/schemes/', import.meta.url);
const ACCEPTED = readdirSync(SCHEMES)
  .flatMap((scheme) => readdirSync(new URL(`${scheme}/`, SCHEMES)).map((name) => `${scheme}/${name}`))
  .filter((path) => {
    const verdict = new URL(`${path}/verdict.json`, SCHEMES);
    return existsSync(verdict) && JSON.parse(readFileSync(verdict)).verdict === 'accept';
  });

/**
 * What nothing in the message tells apart, and which comes first: Svix under the names of Standard Webhooks, a
 * signature of v1 beside one of v1a, and the same header with a body that has what the narrower contract takes from it.
 */
const AMBIGUOUS = {
  'standard-webhooks-v1a': 'standard-webhooks',
  svix: 'standard-webhooks',
  'x-webhook-sign': 'envelope',
};

test('the contract of a signed message is found among those that ship', () => {
  let count = 0;
  const others = new Set();
  for (const path of ACCEPTED) {
    const { contract } = JSON.parse(readFileSync(new URL(`${path}/case.json`, SCHEMES)));
    const { request } = parseRecording(readFileSync(new URL(`${path}/request.http`, SCHEMES)), path);
    const own = contracts[contract];
    if (!own) continue;
    const found = contractsFor({ ...request, body: new Uint8Array(request.body) }, contracts);
    if (!JSON.parse(own.files['contract.json']).signature) {
      assert.ok(!found.includes(contract), path);
      continue;
    }
    count += 1;
    if (found[0] === contract) continue;
    others.add(`${contract} ${found[0]}`);
    assert.deepEqual(found.slice(0, 2), [AMBIGUOUS[contract], contract], path);
  }
  assert.ok(count > 40, `${count}`);
  assert.deepEqual(
    [...others],
    Object.entries(AMBIGUOUS).map((pair) => pair.join(' ')),
  );
});

const SIGNED = [
  [
    { 'X-HubSpot-Signature': 'a', 'X-HubSpot-Signature-Version': 'v2', 'Content-Type': 'application/json' },
    {},
    ['hubspot-v2', 'hubspot-v1'],
  ],
  [
    { 'x-twilio-signature': 'a', 'content-type': 'Application/JSON; charset=utf-8' },
    { url: '/?bodySHA256=0' },
    ['twilio-json', 'twilio'],
  ],
  [{ 'x-twilio-signature': 'a', 'content-type': FORM }, {}, ['twilio', 'twilio-json']],
  [{ 'webhook-signature': 'v1a,a' }, {}, ['standard-webhooks-v1a', 'standard-webhooks', 'svix']],
  [
    {},
    { method: 'GET', url: 'https://h.example/v1/kb/7/documents?signature=a&timestamp=b&nonce=c' },
    ['coze-kb', 'shopify-app-proxy'],
  ],
  [{}, { method: 'GET', url: '/proxy?signature=a&timestamp=b' }, ['shopify-app-proxy', 'coze-kb']],
  [{ DPoP: 'a' }, {}, ['coze-dpop']],
  [{ 'x-webhook-sign': 'a' }, { body: new TextEncoder().encode('{"serverTime":"b"}') }, ['envelope', 'x-webhook-sign']],
  [{ 'stripe-signature': 't=1,v1=a' }, { status: 200, method: undefined, url: undefined }, []],
  [{ 'content-type': 'application/json' }, {}, []],
];

for (const [headers, rest, expected] of SIGNED) {
  test(`the contracts of ${JSON.stringify({ headers, ...rest }).slice(0, 100)}`, () => {
    assert.deepEqual(
      contractsFor(
        { method: 'POST', url: '/', headers: Object.entries(headers), body: new Uint8Array(), ...rest },
        contracts,
      ),
      expected,
    );
  });
}

test('contracts of answers, of paths and of other engines, by what they declare', () => {
  const made = {
    answer: { signature: { engine: 'rfc9421' }, response: { statuses: [200] } },
    other: { signature: { engine: 'rfc9421' }, response: { statuses: [201] } },
    call: { signature: { engine: 'rfc9421' } },
    path: { signature: { engine: 'rfc9421' }, request: { path: '/a/{b}/{c?}' } },
    unsigned: { signature: null },
  };
  const given = Object.fromEntries(
    Object.entries(made).map(([name, contract]) => [
      name,
      { summary: '', files: { 'contract.json': JSON.stringify(contract) } },
    ]),
  );
  const message = { headers: [['Signature-Input', 'a']], body: new Uint8Array() };
  assert.deepEqual(contractsFor({ ...message, status: 201 }, given), ['other', 'answer']);
  for (const [url, expected] of [
    ['/a/1', 'path'],
    ['/a/1/2?d', 'path'],
    ['/a/1/2/3', 'call'],
    ['/a', 'call'],
    ['/a//2', 'call'],
  ]) {
    assert.equal(contractsFor({ ...message, method: 'POST', url }, given)[0], expected, url);
  }
});
