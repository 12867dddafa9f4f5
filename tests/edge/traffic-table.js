// One list of traffic for every server, each row with what is expected of it. Rows are sent one after the other: a
// later one may be the copy of an earlier.

import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';

import Stripe from 'stripe';

export const SECRETS = {
  STRIPE_SECRET: 'whsec_5f8a2c4e6b7d9f0a1c3e5b7d9f1a3c5e',
  SLACK_SECRET: '8f742231b10e8888abcd99yyyzzz85a5',
};
const STRIPE = '/hooks/stripe';
const MIB = 1024 * 1024;
const SILENT_MILLISECONDS = 20_000;

const PROBLEM = 'application/problem+json';
const refused = (status, rest) => ({ status, type: PROBLEM, ...rest });
const unauthentic = refused(401, {
  body: { type: 'urn:countersign:problem:authentication' },
  headers: { 'www-authenticate': 'Signature' },
});
const handled = (times = 1) => ({ status: 200, handled: true, body: { times, same: true, replay: 'claimed' } });
const duplicate = { status: 200, body: { received: true, duplicate: true } };

/** { name, send(port) → answer, expect }; `handled`: the handler was reached. */
export const table = [
  row('a signed event is handled', () => stripe('evt_1'), handled()),
  row('its copy is a duplicate', () => stripe('evt_1'), duplicate),
  row('a body that was changed', () => ({ ...stripe('evt_2'), body: event('evt_3') }), unauthentic),
  row('no signature', () => ({ ...stripe('evt_2'), headers: { 'content-type': 'application/json' } }), unauthentic),
  row('an old signature', () => stripe('evt_2', { timestamp: seconds() - 3600 }), unauthentic),
  row('two signature headers', () => twice(stripe('evt_2')), unauthentic),
  row('a header outside ASCII', () => withHeader(stripe('evt_2'), 'x-note', 'caf\u00e9'), handled()),
  row('a length over the limit', () => stripe('evt_4', { pad: MIB }), refused(413)),
  row('as long, without a length', () => ({ ...stripe('evt_4', { pad: MIB }), chunked: true }), refused(413)),
  row('a body near the limit', () => stripe('evt_5', { pad: MIB - 1000 }), handled()),
  row('as long, without a length', () => ({ ...stripe('evt_6', { pad: MIB - 1000 }), chunked: true }), handled()),
  row('another media type', () => withHeader(stripe('evt_7'), 'content-type', 'text/plain'), refused(415)),
  row('signed, and not JSON', () => signed('{"id":'), refused(400)),
  row('signed, and no event', () => signed('{"id":"evt_7","object":"charge"}'), refused(422, { errors: true })),
  row('a handler that answers 500', () => stripe('evt_8', { type: 'test.fails-once' }), { status: 500, handled: true }),
  row('is given the next copy', () => stripe('evt_8', { type: 'test.fails-once' }), handled(2)),
  row('and no other', () => stripe('evt_8', { type: 'test.fails-once' }), duplicate),
  row('a handler that throws', () => stripe('evt_9', { type: 'test.throws-once' }), { status: 500, handled: true }),
  row('is given the next copy', () => stripe('evt_9', { type: 'test.throws-once' }), handled(2)),
  row('a handler that answers 422', () => stripe('evt_10', { type: 'test.refused' }), { status: 422, handled: true }),
  row('is done with it', () => stripe('evt_10', { type: 'test.refused' }), duplicate),
  row('a handshake', () => slack({ type: 'url_verification', challenge: 'c-1', token: 't' }), {
    status: 200,
    type: 'application/json',
    body: { challenge: 'c-1' },
  }),
  row('GET', () => ({ path: STRIPE, method: 'GET' }), refused(405, { headers: { allow: 'POST' } })),
  row('HEAD', () => ({ path: STRIPE, method: 'HEAD' }), { status: 405, headers: { allow: 'POST' } }),
  row('a path without a contract', () => ({ ...stripe('evt_11'), path: '/hooks/other' }), refused(404)),
  row('a path of the contract, with more in it', () => ({ ...stripe('evt_11'), path: '//hooks/stripe' }), {
    status: 404,
  }),
  { name: 'a sender that hangs up in the middle of the body', send: hangUp, expect: undefined },
  row('the next is handled', () => stripe('evt_12'), handled()),
];

function row(name, requestOf, expect) {
  return { name, send: (port) => send(port, requestOf()), expect };
}

const seconds = () => Math.floor(Date.now() / 1000);

export function event(id, { type = 'charge.succeeded', pad = 0 } = {}) {
  return JSON.stringify({
    id,
    object: 'event',
    type,
    created: seconds(),
    data: { object: { description: 'é', pad: 'x'.repeat(pad) } },
  });
}

export const stripe = (id, { timestamp, ...what } = {}) => signed(event(id, what), timestamp);

function signed(payload, timestamp = seconds()) {
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRETS.STRIPE_SECRET, timestamp });
  return {
    path: STRIPE,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    body: payload,
  };
}

function slack(document) {
  const body = JSON.stringify(document);
  const ts = String(seconds());
  const mac = createHmac('sha256', SECRETS.SLACK_SECRET).update(`v0:${ts}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': ts,
    'x-slack-signature': `v0=${mac}`,
  };
  return { path: '/hooks/slack', method: 'POST', headers, body };
}

const withHeader = (request, name, value) => ({ ...request, headers: { ...request.headers, [name]: value } });
const twice = (request) =>
  withHeader(request, 'stripe-signature', [request.headers['stripe-signature'], request.headers['stripe-signature']]);

/** { status, headers, text }. Rejects where the connection breaks before the answer is whole. */
export function send(port, { path, method, headers = {}, body = '', chunked = false }) {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body);
    const length = chunked
      ? { 'transfer-encoding': 'chunked' }
      : bytes.length > 0
        ? { 'content-length': bytes.length }
        : {};
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { ...headers, ...length },
      agent: false,
    });
    request.once('error', reject);
    request.setTimeout(SILENT_MILLISECONDS, () => request.destroy(new Error('no answer came')));
    request.once('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    request.end(bytes);
  });
}

/** Begins a body, and goes. */
function hangUp(port) {
  const { path, headers, body } = stripe('evt_12');
  const lines = Object.entries({ host: 'localhost', ...headers, 'content-length': Buffer.byteLength(body) }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
      .once('error', reject)
      .once('close', () => resolve(undefined));
    socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body.slice(0, 20)}`, () =>
      setTimeout(() => socket.destroy(), 50),
    );
  });
}
