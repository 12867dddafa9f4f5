// A check by a contract that ships against the libraries that the provider's own documents name, with a schema of
// comparable work on both sides. They read the clock, so messages are signed as they are measured.

import { sign, verify } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { z } from 'zod';

import { compile } from '../pkg/node-slim.js';
import { items, sent } from './bodies.js';
import { ratioRow, report } from './figures.js';
import { ajvOf, mustJudge } from './peers.js';
import { alternate, onOne } from './rounds.js';

const SIZES = [1, 4, 16];
const KB = 1024;
const SECRETS = { standard: `whsec_${Buffer.alloc(32, 7).toString('base64')}`, plain: 'replace-with-real-secret' };

/** An event as Stripe has them, rich in objects. */
function event(bytes) {
  const created = Math.floor(Date.now() / 1000);
  const head = { id: 'evt_1', object: 'event', type: 'invoice.paid', created, livemode: false };
  return { ...head, data: { object: { id: 'in_1', lines: items(bytes - 150) } } };
}

/** What the contract of Stripe asks of an event, for the contract of Standard Webhooks, which asks nothing of one. */
const eventSchema = {
  type: 'object',
  required: ['id', 'object', 'type', 'created', 'data'],
  properties: {
    id: { type: 'string', minLength: 1 },
    object: { const: 'event' },
    type: { type: 'string', minLength: 1 },
    created: { type: 'integer' },
    data: { type: 'object' },
  },
};
const zodEvent = z.looseObject({
  id: z.string().min(1),
  object: z.literal('event'),
  type: z.string().min(1),
  created: z.int(),
  data: z.looseObject({}),
});

const webhook = new Webhook(SECRETS.standard);
const validEvent = ajvOf(eventSchema);

/** The peers throw at what they refuse. */
function passes(run) {
  try {
    return run();
  } catch {
    return false;
  }
}

const PROVIDERS = [
  {
    contract: 'standard-webhooks',
    peer: 'standardwebhooks + ajv',
    secret: SECRETS.standard,
    schema: eventSchema,
    headers: (text) => {
      const now = new Date();
      const [id, timestamp] = ['msg_1', String(Math.floor(now / 1000))];
      return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': webhook.sign(id, now, text) };
    },
    run: ({ headers, body }) => passes(() => validEvent(webhook.verify(body, headers))),
  },
  {
    contract: 'stripe',
    peer: 'stripe constructEvent + zod',
    secret: SECRETS.plain,
    headers: (payload) => ({
      'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRETS.plain }),
    }),
    run: ({ headers, body }) =>
      passes(
        () =>
          zodEvent.safeParse(Stripe.webhooks.constructEvent(body, headers['stripe-signature'], SECRETS.plain)).success,
      ),
  },
  {
    contract: 'github',
    peer: '@octokit/webhooks-methods verify + JSON.parse',
    secret: SECRETS.plain,
    headers: async (text) => ({
      'x-github-event': 'push',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': await sign(SECRETS.plain, text),
    }),
    run: async ({ headers, body }) => {
      const text = body.toString();
      return (await verify(SECRETS.plain, text, headers['x-hub-signature-256'])) && Boolean(JSON.parse(text));
    },
  },
];

const rows = [];
for (const { contract, peer, secret, schema, headers: headersOf, run } of PROVIDERS) {
  const { default: shipped } = await import(`../pkg/contracts/${contract}.js`);
  const document = schema === undefined ? shipped.contract : { ...shipped.contract, schema };
  const gate = await compile(document, { keys: [{ secret }], files: shipped.files });
  const ours = {
    decide: ({ request }) => gate.decide(request).verdict === 'accept',
    check: ({ request }) => gate.check(request).verdict === 'accept',
  };
  for (const size of SIZES) {
    const body = Buffer.from(JSON.stringify(event(size * KB)));
    const headers = { 'content-type': 'application/json', ...(await headersOf(body.toString())) };
    const good = sent('/', headers, body);
    const forged = sent('/', headers, Buffer.concat([body, Buffer.from(' ')]));
    const contenders = { ...ours, [peer]: run };
    await mustJudge(contenders, good, { forged });
    const times = await alternate(onOne(contenders, good));
    for (const way of Object.keys(ours))
      rows.push(ratioRow(`${way}: ${contract}, ${size} KB`, peer, times[way], times[peer]));
  }
  gate.free();
}
report('providers', rows);
