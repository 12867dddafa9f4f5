// The providers' own SDKs, and what the suites say with them.

import { generateKeyPairSync, sign as signWith } from 'node:crypto';
import { createRequire } from 'node:module';

import '@shopify/shopify-api/adapters/node';

import * as lark from '@larksuiteoapi/node-sdk';
import { Paddle } from '@paddle/paddle-node-sdk';
import { ApiVersion, shopifyApi } from '@shopify/shopify-api';
import { verifyKey as discordVerifies } from 'discord-interactions';
import Stripe from 'stripe';

import { compile } from '../../../pkg/node.js';

export const twilio = createRequire(import.meta.url)('twilio/lib/webhooks/webhooks');
export const stripe = new Stripe('sk_test_of_nobody');
export const paddle = new Paddle('key-of-nobody');

export const ROUNDS = 200;
export const SECRET = 'whole-secret-of-some-length';
export const shopify = shopifyApi({
  apiKey: 'of-nobody',
  apiSecretKey: SECRET,
  hostName: 'app.example.org',
  apiVersion: ApiVersion.January25,
  isEmbeddedApp: false,
  logger: { level: 0 },
});
export const feishu = new lark.EventDispatcher({ encryptKey: SECRET, loggerLevel: lark.LoggerLevel.fatal });
export const BASE64_SECRET = `whsec_${Buffer.from('a key of twenty-four b\u00ff').toString('base64')}`;
export const ID = 'msg_2Lml';
export const HEADERS = { 'content-type': 'application/json' };
export const now = () => Math.floor(Date.now() / 1000);

/** The shipped contract of that name, or one that was changed. */
export const gateOf = (name, key, contract) => compile(contract ?? name, { keys: [key] });

export const JUDGED = ['signature', 'freshness'];

/** `authentic`, or the codes that say why it is not. */
export function authentic(gate, request) {
  const { stages, findings } = gate.check(request);
  const codes = findings
    .filter(({ stage }) => JUDGED.includes(stage))
    .map(({ code }) => code)
    .join(' ');
  const held = stages.find(({ stage }) => stage === 'signature').result === 'pass';
  return held && codes === '' ? 'authentic' : codes || 'not judged';
}

export const headersOf = (signed) => Object.fromEntries(signed.headers);
export const lastBitTurned = (body) => Buffer.from(body).fill(body.at(-1) ^ 1, body.length - 1);

/** An SDK that says by an exception that a signature does not hold. */
export const holds = (work, ours) => {
  try {
    work();
    return true;
  } catch (error) {
    if (!ours(error)) throw error;
    return false;
  }
};

export const ED25519 = generateKeyPairSync('ed25519');
export const raw = (encoding) =>
  ED25519.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString(encoding);

export const discord = {
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
};
