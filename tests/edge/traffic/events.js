// Good events, signed by the providers' own SDKs. Each provider stands behind a path of its own.

import { randomBytes } from 'node:crypto';

import { sign as octokitSigns } from '@octokit/webhooks-methods';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';

import { compile } from '../../../pkg/node.js';

const stripe = new Stripe('sk_test_of_nobody');
const plain = (name) => `${name} of some length`;
const base64 = () => `whsec_${randomBytes(24).toString('base64')}`;

const SECRETS = {
  stripe: { right: `whsec_${plain('right')}`, wrong: `whsec_${plain('wrong')}` },
  'standard-webhooks': { right: base64(), wrong: base64() },
  svix: { right: base64(), wrong: base64() },
  github: { right: plain('right'), wrong: plain('wrong') },
  sub2api: { right: plain('right'), wrong: plain('wrong') },
};

/** What a guard is made of: names of shipped contracts, their keys, and the table of paths. */
export const GUARDED = {
  contracts: Object.fromEntries(Object.keys(SECRETS).map((name) => [name, name])),
  keys: Object.fromEntries(Object.entries(SECRETS).map(([name, { right }]) => [name, [{ secret: right }]])),
  route: {
    '/hooks/stripe': 'stripe',
    '/hooks/standard': 'standard-webhooks',
    '/hooks/svix': 'svix',
    '/hooks/github': 'github',
    '/api/v1/customer-service/webhook/*': 'sub2api',
  },
};

/**
 * The providers. `body(id)` is an event; `sign(id, text, now, secret)` gives the headers that the provider signs it
 * with, `now` in Unix seconds. `timed`: whether the signature speaks for a time. `schema`: a body that breaks the
 * contract's schema, where it has one.
 */
export async function providers() {
  const gates = {
    right: await compile('sub2api', { keys: [{ secret: SECRETS.sub2api.right }] }),
    wrong: await compile('sub2api', { keys: [{ secret: SECRETS.sub2api.wrong }] }),
  };
  const list = [
    {
      name: 'stripe',
      path: '/hooks/stripe',
      signature: 'stripe-signature',
      timed: true,
      body: (id) => ({
        id,
        object: 'event',
        type: 'invoice.paid',
        created: 1_795_000_000,
        data: { object: { id: `in_${id}`, total: 4200, note: 'Grüße 订单' } },
      }),
      broken: (id) => ({ id, object: 'event', type: 'invoice.paid', created: 'yesterday', data: {} }),
      sign: (_id, payload, timestamp, secret) => ({
        'stripe-signature': stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }),
      }),
    },
    standard('standard-webhooks', '/hooks/standard', 'webhook', StandardWebhook),
    standard('svix', '/hooks/svix', 'svix', SvixWebhook),
    {
      name: 'github',
      path: '/hooks/github',
      signature: 'x-hub-signature-256',
      timed: false,
      body: (id) => ({ action: 'opened', issue: { node_id: id, title: 'It’s “quoted”' } }),
      broken: (id) => [id],
      sign: async (id, payload, _now, secret) => ({
        'x-hub-signature-256': await octokitSigns(secret, payload),
        'x-github-event': 'issues',
        'x-github-delivery': id,
      }),
    },
    {
      name: 'sub2api',
      path: '/api/v1/customer-service/webhook/shop',
      signature: 'x-cs-signature',
      timed: true,
      body: (id) => ({ message_id: id, channel: 'shop', open_id: 'u-1', content: '我的订单呢' }),
      broken: (id) => ({ message_id: id, channel: 'shop', open_id: '', content: 'none', more: 1 }),
      sign: (_id, payload, now, secret) => {
        const gate = secret === SECRETS.sub2api.right ? gates.right : gates.wrong;
        const path = '/api/v1/customer-service/webhook/shop';
        const { headers } = gate.sign(
          { method: 'POST', url: path, headers: { 'content-type': 'application/json' }, body: Buffer.from(payload) },
          { now },
        );
        return Object.fromEntries(headers.filter(([name]) => name.toLowerCase().startsWith('x-cs-')));
      },
    },
  ];
  return list.map((provider) => ({ ...provider, secrets: SECRETS[provider.name] }));
}

function standard(name, path, prefix, Webhook) {
  return {
    name,
    path,
    signature: `${prefix}-signature`,
    timed: true,
    body: (id) => ({
      type: 'contact.created',
      timestamp: '2026-11-22T05:00:00Z',
      data: { id, email: 'ada@example.org' },
    }),
    sign: (id, payload, now, secret) => ({
      [`${prefix}-id`]: id,
      [`${prefix}-timestamp`]: String(now),
      [`${prefix}-signature`]: new Webhook(secret).sign(id, new Date(now * 1000), payload),
    }),
  };
}

export const seconds = () => Math.floor(Date.now() / 1000);

/** An event as its provider sends it: signed anew for each try, as senders do. */
export async function signed(
  provider,
  id,
  { text = JSON.stringify(provider.body(id)), now = seconds(), secret = provider.secrets.right } = {},
) {
  const headers = {
    'content-type': 'application/json',
    ...(await provider.sign(id, text, now, secret)),
    'x-trace': id,
  };
  return { method: 'POST', path: provider.path, headers, body: Buffer.from(text) };
}
