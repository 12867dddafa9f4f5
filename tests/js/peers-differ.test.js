// Where a peer is wrong or differs. When one of these fails, the peer was mended: say so, and drop the exception.

import assert from 'node:assert/strict';
import { parse as parseForm } from 'node:querystring';
import { test } from 'node:test';

import '@shopify/shopify-api/adapters/node';

import { Webhook as StandardWebhook } from 'standardwebhooks';
import {
  authentic,
  BASE64_SECRET,
  gateOf,
  HEADERS,
  headersOf,
  ID,
  now,
  paddle,
  SECRET,
  stripe,
  twilio,
  raw,
  discord,
} from './peers/sdks.js';

const ASCII = Buffer.from('{"id":"1"}');
const signedBy = async (name, secret, given, body = ASCII, options) => {
  const gate = await gateOf(name, { secret });
  const request = gate.sign(
    { method: 'POST', url: 'https://h.example.org/', headers: { ...HEADERS, ...given }, body },
    options,
  );
  return { gate, request, headers: headersOf(request) };
};

test('stripe drops a byte order mark before the MAC, and replaces broken bytes; we sign what was sent', async () => {
  for (const body of [Buffer.from('\ufeff{}'), Buffer.from([0x7b, 0xff, 0x7d])]) {
    const { gate, request, headers } = await signedBy('stripe', SECRET, {}, body);
    assert.equal(authentic(gate, request), 'authentic');
    assert.throws(
      () => stripe.webhooks.signature.verifyHeader(body, headers['stripe-signature'], SECRET, 300),
      /No signatures found/,
    );
  }
});

test('stripe takes a time ten years ahead; we do not', async () => {
  const { gate, request, headers } = await signedBy('stripe', SECRET, {}, ASCII, { now: now() + 315_360_000 });
  assert.equal(
    stripe.webhooks.signature.verifyHeader(ASCII.toString(), headers['stripe-signature'], SECRET, 300),
    true,
  );
  assert.equal(authentic(gate, request), 'timestamp-too-new');
});

test('standardwebhooks reads a time up to its first letter; we refuse it', async () => {
  const { gate, request, headers } = await signedBy('standard-webhooks', BASE64_SECRET, { 'webhook-id': ID });
  headers['webhook-timestamp'] += 'garbage';
  new StandardWebhook(BASE64_SECRET).verify(ASCII.toString(), headers);
  assert.equal(authentic(gate, { ...request, headers }), 'timestamp-malformed');
});

test('paddle tries the last h1 alone; we try every one', async () => {
  const { gate, request, headers } = await signedBy('paddle', SECRET);
  const rotated = `${headers['paddle-signature']};h1=${'0'.repeat(64)}`;
  assert.equal(await paddle.webhooks.isSignatureValid(ASCII.toString(), SECRET, rotated), false);
  assert.equal(authentic(gate, { ...request, headers: { ...headers, 'paddle-signature': rotated } }), 'authentic');
});

test('discord takes a time ten years old; we do not', async () => {
  const gate = await gateOf('discord', { publicKey: raw('hex') });
  const headers = discord.signs(ASCII, String(now() - 315_360_000));
  assert.equal(await discord.verifies(headers, ASCII), true);
  assert.equal(
    authentic(gate, { method: 'POST', url: '/', headers: { ...HEADERS, ...headers }, body: ASCII }),
    'timestamp-too-old',
  );
});

test('twilio for JavaScript sorts repeated values by UTF-16 units, and we by bytes, as code points', async () => {
  const body = Buffer.from(
    new URLSearchParams([
      ['a', '\u{1f600}'],
      ['a', '\uff5e'],
    ]).toString(),
  );
  const { gate, request, headers } = await signedBy(
    'twilio',
    SECRET,
    { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  );
  assert.equal(authentic(gate, request), 'authentic');
  assert.equal(
    twilio.validateRequest(SECRET, headers['x-twilio-signature'], request.url, { ...parseForm(body.toString()) }),
    false,
  );
});
