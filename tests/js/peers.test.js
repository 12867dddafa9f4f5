// Live peers: the providers' own SDKs verify what we sign, we accept what they sign, and both refuse what was changed.
// Judged by the stages of signature and time alone: the bodies are nobody's events.

import assert from 'node:assert/strict';
import { constants, createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { createRequire } from 'node:module';
import { parse as parseForm } from 'node:querystring';
import { test } from 'node:test';

import '@shopify/shopify-api/adapters/node';

import { Signature as HubSpot } from '@hubspot/api-client/lib/src/utils/signature.js';
import * as lark from '@larksuiteoapi/node-sdk';
import { validateSignature as lineVerifies } from '@line/bot-sdk';
import { sign as octokitSigns, verify as octokitVerifies } from '@octokit/webhooks-methods';
import { Paddle } from '@paddle/paddle-node-sdk';
import { EventWebhook as SendGrid } from '@sendgrid/eventwebhook';
import { ApiVersion, shopifyApi } from '@shopify/shopify-api';
import { isValidSlackRequest } from '@slack/bolt/dist/receivers/verify-request.js';
import { verifyKey as discordVerifies } from 'discord-interactions';
import { WebhooksHelper as Square } from 'square';
import { Webhook as StandardWebhook, WebhookVerificationError } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';

import { compile } from '../../pkg/node.js';
import * as bodies from './peers/bodies.js';

const twilio = createRequire(import.meta.url)('twilio/lib/webhooks/webhooks');
const stripe = new Stripe('sk_test_of_nobody');
const paddle = new Paddle('key-of-nobody');

const ROUNDS = 200;
const SECRET = 'whole-secret-of-some-length';
const shopify = shopifyApi({
  apiKey: 'of-nobody',
  apiSecretKey: SECRET,
  hostName: 'app.example.org',
  apiVersion: ApiVersion.January25,
  isEmbeddedApp: false,
  logger: { level: 0 },
});
const feishu = new lark.EventDispatcher({ encryptKey: SECRET, loggerLevel: lark.LoggerLevel.fatal });
const BASE64_SECRET = `whsec_${Buffer.from('a key of twenty-four b\u00ff').toString('base64')}`;
const ID = 'msg_2Lml';
const HEADERS = { 'content-type': 'application/json' };
const now = () => Math.floor(Date.now() / 1000);

/** The shipped contract of that name, or one that was changed. */
const gateOf = (name, key, contract) => compile(contract ?? name, { keys: [key] });

const JUDGED = ['signature', 'freshness'];

/** `authentic`, or the codes that say why it is not. */
function authentic(gate, request) {
  const { stages, findings } = gate.check(request);
  const codes = findings
    .filter(({ stage }) => JUDGED.includes(stage))
    .map(({ code }) => code)
    .join(' ');
  const held = stages.find(({ stage }) => stage === 'signature').result === 'pass';
  return held && codes === '' ? 'authentic' : codes || 'not judged';
}

const headersOf = (signed) => Object.fromEntries(signed.headers);
const lastBitTurned = (body) => Buffer.from(body).fill(body.at(-1) ^ 1, body.length - 1);

/** An SDK that says by an exception that a signature does not hold. */
const holds = (work, ours) => {
  try {
    work();
    return true;
  } catch (error) {
    if (!ours(error)) throw error;
    return false;
  }
};

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

const ED25519 = generateKeyPairSync('ed25519');
const P256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const raw = (encoding) => ED25519.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString(encoding);
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (pair) => pair.publicKey.export({ type: 'spki', format: 'pem' });

/** The private key is Node's; the signed bytes are put together here, as each provider writes it down. */
const PRIVATE = [
  {
    name: 'discord',
    publicKey: raw('hex'),
    signs: (body, timestamp) => ({
      'x-signature-timestamp': timestamp,
      'x-signature-ed25519': signWith(null, Buffer.concat([Buffer.from(timestamp), body]), ED25519.privateKey).toString(
        'hex',
      ),
    }),
    verifies: (headers, body) =>
      discordVerifies(body, headers['x-signature-ed25519'], headers['x-signature-timestamp'], raw('hex')),
  },
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

// Where a peer is wrong or differs. When one of these fails, the peer was mended: say so, and drop the exception.

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
  const headers = PRIVATE[0].signs(ASCII, String(now() - 315_360_000));
  assert.equal(await PRIVATE[0].verifies(headers, ASCII), true);
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
