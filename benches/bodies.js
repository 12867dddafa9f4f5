// The three shapes of body that are measured, each with the contract that judges it, and what signs them.

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const SECRET = 'replace-with-real-secret';
export const NOW = 1717030000;
const MAX_BYTES = 33554432;

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

const message = read('../policies/webhook/sub2api/message.schema.json');
const sub2api = read('../policies/webhook/sub2api/contract.json');
const text = {
  contract: { ...sub2api, request: { ...sub2api.request, maxBytes: MAX_BYTES } },
  files: { 'message.schema.json': JSON.stringify(message) },
  schema: message,
  url: '/api/v1/customer-service/webhook',
};

const eventSchema = read('contracts/event.schema.json');
const event = {
  contract: read('contracts/event.json'),
  files: { 'event.schema.json': JSON.stringify(eventSchema) },
  schema: eventSchema,
  url: '/hooks/events',
};

/** `document(bytes)` is the message; `invalid` what makes of it one that the schema refuses. */
export const SHAPES = [
  {
    ...text,
    name: 'Chinese text',
    kind: 'text',
    document: (bytes) => filled(bytes, '我要退款'),
    invalid: (document) => ({ ...document, open_id: '' }),
  },
  {
    ...text,
    name: 'ASCII text',
    kind: 'text',
    document: (bytes) => filled(bytes, 'I want a refund. '),
    invalid: (document) => ({ ...document, open_id: '' }),
  },
  {
    ...event,
    name: 'objects',
    kind: 'objects',
    document: (bytes) => ({ id: 'evt_1', type: 'order.paid', items: items(bytes - 45) }),
    invalid: (document) => ({ ...document, items: [...document.items.slice(0, -1), { ...item(0), amount: -1 }] }),
  },
];

function filled(bytes, unit) {
  const document = { message_id: 'sub2api-msg-001', channel: 'sub2api', open_id: 'user-123', content: '' };
  const room = bytes - Buffer.byteLength(JSON.stringify(document));
  return { ...document, content: unit.repeat(Math.max(1, Math.floor(room / Buffer.byteLength(unit)))) };
}

/** Items of this many bytes of JSON, at least one. */
export function items(bytes) {
  const made = [item(0)];
  for (let room = bytes - JSON.stringify(made).length; ; ) {
    const next = item(made.length);
    room -= JSON.stringify(next).length + 1;
    if (room < 0) return made;
    made.push(next);
  }
}

function item(n) {
  return {
    id: `it_${n}`,
    amount: 100 + n,
    currency: 'eur',
    active: n % 2 === 0,
    tags: ['a', 'b'],
    meta: { order: `67${n}`, note: null, ratio: n + 0.25 },
  };
}

/** A document as it is sent: { headers, body, request }, the last as a gate takes it. */
export function signed({ url }, document, at = NOW) {
  const body = Buffer.from(JSON.stringify(document));
  const mac = createHmac('sha256', SECRET).update(`${at}.`).update(body).digest('hex');
  return sent(url, { 'content-type': 'application/json', 'x-cs-timestamp': String(at), 'x-cs-signature': mac }, body);
}

/** The same with one byte more. */
export function tampered({ request, headers, body }) {
  return sent(request.url, headers, Buffer.concat([body, Buffer.from(' ')]));
}

export function sent(url, headers, body) {
  return { headers, body, request: { method: 'POST', url, headers, body } };
}
