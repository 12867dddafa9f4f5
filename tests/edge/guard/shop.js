// A guard over orders, and orders that are signed.

import { after, before } from 'node:test';

import { createGuard } from '../../../pkg/edge/index.js';
import { compile } from '../../../pkg/node.js';
import { inspectedStore } from '../inspected-store.js';

export const KEYS = [{ secret: 'replace-with-real-secret' }];
export const NOW = 1717029588;
export const BODY = '{"message_id":"m-1","channel":"web","open_id":"user-123","content":"hello"}';
export const URL_ = 'https://hooks.example.org/api/v1/customer-service/webhook';
export const ORDERS = {
  contract: 'orders',
  version: 1,
  request: { path: '/orders', contentTypes: ['application/json'], maxBytes: 64 },
  signature: {
    engine: 'segments',
    key: { algorithm: 'hmac-sha256' },
    from: { header: 'x-sign' },
    shape: { kind: 'plain' },
    encoding: 'hex',
    fields: { ts: { from: { header: 'x-time' }, format: 'unix-seconds' } },
    signed: [{ field: 'ts' }, { literal: '.' }, { body: 'raw' }],
  },
  freshness: { field: 'ts', pastSeconds: 300, futureSeconds: 300 },
  replay: { key: ['/id'], keepSeconds: 604800, onDuplicate: 'reject' },
  route: {
    type: '/type',
    unknown: 'reject',
    versions: [{ version: '1', events: { paid: {}, ping: { answer: { pong: { from: ['/id'] } } } } }],
  },
  schema: { required: ['id'], properties: { total: { minimum: 0 } } },
  policy: ['orders.rego'],
  status: { preset: 'rfc' },
};
export const FILES = {
  'orders.rego':
    'package orders\n\nimport rego.v1\n\ndeny contains {"id": "blocked", "message": "the shop is blocked"} if ' +
    'input.body.shop == "blocked"\n',
};
export const orders = (change = {}) => ({ bundle: 1, contract: { ...ORDERS, ...change }, files: FILES });
export const json = { 'content-type': 'application/json' };

export let signer;
before(async () => {
  signer = await compile(orders(), { keys: KEYS });
});
after(() => signer.free());

/** A signed order as a Request; `change` breaks it after it was signed. */
export function order(
  body = '{"id":"o-1","type":"paid"}',
  { now = NOW, change = (parts) => parts, url = 'https://shop.example.org/orders' } = {},
) {
  const signed = signer.sign({ method: 'POST', url, headers: json, body: new TextEncoder().encode(body) }, { now });
  const { url: to, ...init } = change({ method: 'POST', url, headers: new Headers(signed.headers), body });
  return new Request(to, { duplex: 'half', ...init });
}

/** A guard over orders with what it told, before a handler that counts. */
export async function shop(t, options = {}, handler = () => new Response('thanks', { status: 201 })) {
  const told = { verdicts: [], settled: [], storeErrors: [], handled: [] };
  const store = options.store === undefined ? inspectedStore() : options.store;
  const guard = await createGuard({
    contracts: { orders: orders() },
    keys: { orders: KEYS },
    now: () => NOW,
    onVerdict: (event) => told.verdicts.push(event),
    onSettled: (event) => told.settled.push(event),
    onStoreError: (event) => told.storeErrors.push(event),
    ...options,
    store,
  });
  t.after(() => guard.free());
  const send = guard.wrap((request) => {
    told.handled.push(request.delivery.json());
    return handler(request);
  });
  return { guard, store, told, send };
}
