// Live peers: the providers' own SDKs verify what we sign, we accept what they sign, and both refuse what was changed.
// Judged by the stages of signature and time alone: the bodies are nobody's events.

import assert from 'node:assert/strict';
import { constants, createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { parse as parseForm } from 'node:querystring';
import { test } from 'node:test';

import '@shopify/shopify-api/adapters/node';

import { Signature as HubSpot } from '@hubspot/api-client/lib/src/utils/signature.js';
import { validateSignature as lineVerifies } from '@line/bot-sdk';
import { sign as octokitSigns, verify as octokitVerifies } from '@octokit/webhooks-methods';
import { EventWebhook as SendGrid } from '@sendgrid/eventwebhook';
import { isValidSlackRequest } from '@slack/bolt/dist/receivers/verify-request.js';
import { WebhooksHelper as Square } from 'square';
import { Webhook as StandardWebhook, WebhookVerificationError } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';

import { compile } from '../../pkg/node.js';
import * as bodies from './peers/bodies.js';
import {
  authentic,
  BASE64_SECRET,
  feishu,
  gateOf,
  HEADERS,
  headersOf,
  holds,
  ID,
  lastBitTurned,
  now,
  paddle,
  ROUNDS,
  SECRET,
  shopify,
  stripe,
  twilio,
  ED25519,
  raw,
  discord,
} from './peers/sdks.js';

/**
 * One SDK: `verifies(request, headers, body)` is its own check of a request that we signed, `signs(body, seconds)`
 * gives the headers and URL of a request that it signs.
 */
const SYMMETRIC = [
  {
    name: 'stripe',
    secret: SECRET,
    verifies: (_, headers, body) =>
      holds(
        () => stripe.webhooks.signature.verifyHeader(body.toString(), headers['stripe-signature'], SECRET, 300),
        (error) => error.type === 'StripeSignatureVerificationError',
      ),
    signs: (body, timestamp) => ({
      headers: {
        'stripe-signature': stripe.webhooks.generateTestHeaderString({
          payload: body.toString(),
          secret: SECRET,
          timestamp,
        }),
      },
    }),
  },
  {
    name: 'standard-webhooks',
    secret: BASE64_SECRET,
    given: { 'webhook-id': ID },
    verifies: (_, headers, body) =>
      holds(
        () => new StandardWebhook(BASE64_SECRET).verify(body.toString(), headers, { jsonParse: false }),
        (error) => error instanceof WebhookVerificationError,
      ),
    signs: (body, timestamp) => ({
      headers: {
        'webhook-id': ID,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': new StandardWebhook(BASE64_SECRET).sign(ID, new Date(timestamp * 1000), body.toString()),
      },
    }),
  },
  {
    name: 'svix',
    secret: BASE64_SECRET,
    given: { 'svix-id': ID },
    body: bodies.json, // it parses what it verified
    verifies: (_, headers, body) =>
      holds(
        () => new SvixWebhook(BASE64_SECRET).verify(body.toString(), headers),
        (error) => error.name === 'WebhookVerificationError',
      ),
    signs: (body, timestamp) => ({
      headers: {
        'svix-id': ID,
        'svix-timestamp': String(timestamp),
        'svix-signature': new SvixWebhook(BASE64_SECRET).sign(ID, new Date(timestamp * 1000), body.toString()),
      },
    }),
  },
  {
    name: 'github',
    secret: SECRET,
    verifies: (_, headers, body) => octokitVerifies(SECRET, body.toString(), headers['x-hub-signature-256']),
    signs: async (body) => ({ headers: { 'x-hub-signature-256': await octokitSigns(SECRET, body.toString()) } }),
  },
  {
    name: 'twilio',
    secret: SECRET,
    type: 'application/x-www-form-urlencoded',
    body: bodies.form,
    // Of a form not every changed byte changes a parameter.
    changed: (body) => Buffer.concat([body, Buffer.from('&zz=1')]),
    urls: [
      'https://hooks.example.org/sms',
      'https://hooks.example.org:8443/sms?a=%27b+c&d',
      'http://hooks.example.org',
    ],
    verifies: ({ url }, headers, body) =>
      twilio.validateRequest(SECRET, headers['x-twilio-signature'], url, { ...parseForm(body.toString()) }),
    signs: (body, _, url) => ({
      headers: {
        'x-twilio-signature': twilio.getExpectedTwilioSignature(SECRET, url, { ...parseForm(body.toString()) }),
      },
    }),
  },
  {
    name: 'twilio-json',
    secret: SECRET,
    body: bodies.bytes,
    urls: [
      'https://hooks.example.org/sms',
      'https://hooks.example.org:8443/sms?a=%27b+c',
      'https://hooks.example.org/?bodySHA256=old',
    ],
    verifies: ({ url }, headers, body) =>
      twilio.validateRequestWithBody(SECRET, headers['x-twilio-signature'], url, body),
    signs: (body, _, url) => {
      const called = new URL(url);
      called.searchParams.set('bodySHA256', twilio.getExpectedBodyHash(body));
      return {
        url: called.href,
        headers: { 'x-twilio-signature': twilio.getExpectedTwilioSignature(SECRET, called.href, {}) },
      };
    },
  },
  {
    name: 'square',
    secret: SECRET,
    verifies: ({ url }, headers, body) =>
      Square.verifySignature({
        requestBody: body.toString(),
        signatureHeader: headers['x-square-hmacsha256-signature'],
        signatureKey: SECRET,
        notificationUrl: url,
      }),
  },
  {
    name: 'paddle',
    secret: SECRET,
    verifies: (_, headers, body) =>
      paddle.webhooks.isSignatureValid(body.toString(), SECRET, headers['paddle-signature']),
  },
  {
    name: 'slack',
    secret: SECRET,
    verifies: (_, headers, body) => isValidSlackRequest({ signingSecret: SECRET, headers, body: body.toString() }),
  },
  {
    name: 'shopify',
    secret: SECRET,
    verifies: async (_, headers, body) => {
      const named = {
        'x-shopify-topic': 'orders/paid',
        'x-shopify-shop-domain': 'a.myshopify.com',
        'x-shopify-api-version': '2025-01',
        'x-shopify-webhook-id': '1',
      };
      const answer = await shopify.webhooks.validate({
        rawBody: body.toString(),
        rawRequest: { headers: { ...named, ...headers } },
      });
      return answer.valid;
    },
  },
  ...['v1', 'v2', 'v3'].map((signatureVersion) => {
    const header = signatureVersion === 'v3' ? 'x-hubspot-signature-v3' : 'x-hubspot-signature';
    const signed = (url, body, timestamp) => ({ clientSecret: SECRET, requestBody: body.toString(), url, timestamp });
    return {
      name: `hubspot-${signatureVersion}`,
      secret: SECRET,
      verifies: ({ method, url }, headers, body) =>
        HubSpot.isValid({
          ...signed(url, body, Number(headers['x-hubspot-request-timestamp'])),
          method,
          signatureVersion,
          signature: headers[header],
        }),
      signs: (body, timestamp, url) => ({
        headers: {
          [header]: HubSpot.getSignature('POST', signatureVersion, signed(url, body, timestamp * 1000)),
          'x-hubspot-signature-version': signatureVersion,
          'x-hubspot-request-timestamp': String(timestamp * 1000),
        },
      }),
    };
  }),
  {
    name: 'feishu',
    secret: SECRET,
    given: { 'x-lark-request-nonce': ID },
    body: (random) => JSON.stringify({ encrypt: bodies.text(random) }), // it signs what it parsed, written again
    changed: (body) => Buffer.from(body.toString().replace('"}', ' "}')),
    verifies: (_, headers, body) =>
      feishu.requestHandle.checkIsEventValidated(Object.assign(Object.create({ headers }), JSON.parse(body))),
  },
  {
    name: 'line',
    secret: SECRET,
    body: bodies.bytes,
    verifies: (_, headers, body) => lineVerifies(body, SECRET, headers['x-line-signature']),
  },
];

for (const [index, peer] of SYMMETRIC.entries()) {
  const {
    name,
    secret,
    body: make = bodies.text,
    changed = lastBitTurned,
    urls = ['https://hooks.example.org/in?x=1'],
    given = {},
  } = peer;

  test(`${name}: the SDK verifies what we sign, and both refuse it changed`, async () => {
    const gate = await gateOf(name, { secret });
    const random = bodies.randomFrom(index + 1);
    for (let round = 0; round < ROUNDS; round += 1) {
      const body = Buffer.from(make(random));
      const url = urls[round % urls.length];
      const signed = gate.sign({
        method: 'POST',
        url,
        headers: { ...HEADERS, 'content-type': peer.type ?? HEADERS['content-type'], ...given },
        body,
      });
      const at = `round ${round}: ${JSON.stringify(body.toString('latin1'))}`;
      assert.equal(await peer.verifies(signed, headersOf(signed), body), true, at);
      assert.equal(authentic(gate, signed), 'authentic', at);
      assert.equal(await peer.verifies(signed, headersOf(signed), changed(body)), false, at);
      assert.match(authentic(gate, { ...signed, body: changed(body) }), /^(signature|digest)-mismatch$/, at);
    }
    gate.free();
  });

  if (peer.signs === undefined) continue;
  test(`${name}: we accept what the SDK signs`, async () => {
    const gate = await gateOf(name, { secret });
    const random = bodies.randomFrom(index + 101);
    for (let round = 0; round < ROUNDS; round += 1) {
      const body = Buffer.from(make(random));
      const url = urls[round % urls.length];
      const { headers, ...rest } = await peer.signs(body, now(), url);
      const request = {
        method: 'POST',
        url,
        headers: { ...headers, 'content-type': peer.type ?? HEADERS['content-type'] },
        body,
        ...rest,
      };
      assert.equal(authentic(gate, request), 'authentic', `round ${round}: ${JSON.stringify(body.toString('latin1'))}`);
    }
    gate.free();
  });
}

test('shopify-app-proxy: the SDK verifies the query that we sign, and both refuse it changed', async () => {
  const gate = await gateOf('shopify-app-proxy', { secret: SECRET });
  const random = bodies.randomFrom(99);
  const sdk = (url) => {
    const query = {};
    for (const [name, value] of new URL(url).searchParams)
      query[name] = name in query ? [query[name], value].flat() : value;
    return shopify.utils.validateHmac(query, { signator: 'appProxy' });
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const given = new URLSearchParams([
      ['shop', 'a.myshopify.com'],
      ['ids', bodies.text(random)],
      ['ids', bodies.text(random)],
      ['text', bodies.text(random)],
    ]);
    const { url } = gate.sign({
      method: 'GET',
      url: `https://app.example.org/proxy?${given}`,
      headers: {},
      body: new Uint8Array(),
    });
    assert.equal(await sdk(url), true, url);
    assert.equal(authentic(gate, { method: 'GET', url, headers: {}, body: new Uint8Array() }), 'authentic', url);
    const changed = url.replace('shop=a', 'shop=b');
    assert.equal(await sdk(changed), false, url);
    assert.equal(
      authentic(gate, { method: 'GET', url: changed, headers: {}, body: new Uint8Array() }),
      'signature-mismatch',
      url,
    );
  }
  gate.free();
});

const P256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (pair) => pair.publicKey.export({ type: 'spki', format: 'pem' });

/** The private key is Node's; the signed bytes are put together here, as each provider writes it down. */
const PRIVATE = [
  discord,
  {
    name: 'standard-webhooks-v1a',
    publicKey: `whpk_${raw('base64')}`,
    signs: (body, timestamp) => {
      const signed = Buffer.concat([Buffer.from(`${ID}.${timestamp}.`), body]);
      const signature = signWith(null, signed, ED25519.privateKey).toString('base64');
      return {
        'webhook-id': ID,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,AAAA v1a,${signature}`,
      };
    },
  },
  {
    name: 'sendgrid',
    publicKey: pem(P256),
    make: bodies.text, // the SDK decodes
    signs: (body, timestamp) => ({
      'x-twilio-email-event-webhook-timestamp': timestamp,
      'x-twilio-email-event-webhook-signature': signWith(
        'sha256',
        Buffer.concat([Buffer.from(timestamp), body]),
        P256.privateKey,
      ).toString('base64'),
    }),
    verifies: (headers, body) => {
      const sdk = new SendGrid();
      const key = sdk.convertPublicKeyToECDSA(pem(P256));
      return sdk.verifySignature(
        key,
        body,
        headers['x-twilio-email-event-webhook-signature'],
        headers['x-twilio-email-event-webhook-timestamp'],
      );
    },
  },
  // Of these no provider ships.
  ...[
    ['ecdsa-p256-sha256', 'sha256', P256, { dsaEncoding: 'ieee-p1363' }],
    ['rsa-pkcs1-sha256', 'sha256', RSA, {}],
    ['rsa-pss-sha512', 'sha512', RSA, { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 }],
  ].map(([algorithm, hash, pair, options]) => ({
    name: algorithm,
    publicKey: pair.publicKey.export({ format: 'jwk' }),
    contract: {
      contract: 'peer',
      version: 1,
      signature: {
        engine: 'segments',
        key: { algorithm, format: 'jwk' },
        from: { header: 'x-sig' },
        shape: { kind: 'plain' },
        encoding: 'base64',
        signed: [{ body: 'raw' }],
      },
    },
    signs: (body) => ({ 'x-sig': signWith(hash, body, { key: pair.privateKey, ...options }).toString('base64') }),
  })),
];

for (const [index, { name, publicKey, contract, make, signs, verifies }] of PRIVATE.entries()) {
  test(`${name}: we accept what node:crypto signs, and refuse it changed`, async () => {
    const gate = await gateOf(name, { publicKey }, contract);
    const random = bodies.randomFrom(index + 201);
    for (let round = 0; round < ROUNDS; round += 1) {
      const body = Buffer.from((make ?? (round % 2 === 0 ? bodies.text : bodies.bytes))(random));
      const headers = signs(body, String(now()));
      const request = { method: 'POST', url: '/in', headers: { ...HEADERS, ...headers }, body };
      const at = `round ${round}: ${body.toString('base64')}`;
      assert.equal(authentic(gate, request), 'authentic', at);
      assert.equal(authentic(gate, { ...request, body: lastBitTurned(body) }), 'signature-mismatch', at);
      if (!verifies) continue;
      assert.equal(await verifies(headers, body), true, at);
      assert.equal(await verifies(headers, lastBitTurned(body)), false, at);
    }
    assert.throws(
      () => gate.sign({ method: 'POST', url: '/in', headers: {}, body: new Uint8Array() }),
      (error) => error.code === 'contract-signature',
    );
    gate.free();
  });
}

test('every HMAC is the one of node:crypto, over bytes that are no UTF-8', async () => {
  for (const hash of ['sha1', 'sha256', 'sha384', 'sha512']) {
    for (const encoding of ['hex', 'base64']) {
      const gate = await compile(
        {
          contract: 'peer',
          version: 1,
          signature: {
            engine: 'segments',
            key: { algorithm: `hmac-${hash}` },
            from: { header: 'x-sig' },
            shape: { kind: 'plain' },
            encoding,
            signed: [{ body: 'raw' }],
          },
        },
        { keys: [{ secret: SECRET }] },
      );
      const random = bodies.randomFrom(301);
      for (let round = 0; round < ROUNDS; round += 1) {
        const body = bodies.bytes(random);
        const signed = gate.sign({ method: 'POST', url: '/', headers: {}, body });
        assert.equal(headersOf(signed)['x-sig'], createHmac(hash, SECRET).update(body).digest(encoding));
      }
      gate.free();
    }
  }
});
