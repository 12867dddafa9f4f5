// A Fetch Request and the guard: its body is read once, as bytes, and made again for a handler that reads it.

import { collected } from '../base/stream.js';
import { BodyParsedError } from './body-parsed.js';

const READ_ELSEWHERE =
  'the request was read before the guard saw it, and its bytes are gone: call the guard first, and read ' +
  'delivery.bytes or delivery.json() afterwards; in a framework, put the guard before anything that parses the body';
const NO_BODY = new Uint8Array();

/** A Request in the form that the guard needs. `again` makes one whose body can be read. */
export function incomingOf(request) {
  if (typeof request?.headers?.get !== 'function' || typeof request.arrayBuffer !== 'function') {
    throw new TypeError(
      'guard.check needs a Request of the Fetch standard; for other servers use countersign/adapters or guard.receive',
    );
  }
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    request,
    read: (maxBytes, declared) => readBody(request, maxBytes, declared),
    again: (delivery) => withDelivery(new Request(request, { body: bodyOf(delivery, request) }), delivery),
  };
}

function readBody(request, maxBytes, declared) {
  if (request.bodyUsed) throw new BodyParsedError(READ_ELSEWHERE);
  // The server enforces a declared length. If it is within the limit, the body is read at once, without a stream.
  if (declared > 0 && declared <= maxBytes) return request.arrayBuffer().then((body) => new Uint8Array(body));
  if (request.body === null) return NO_BODY;
  return collected(request.body, maxBytes);
}

function bodyOf({ bytes }, { method }) {
  if (bytes === NO_BODY) return undefined;
  return bytes.byteLength === 0 && ['GET', 'HEAD'].includes(method) ? undefined : bytes; // not even an empty one
}

/** The request for the handler. One with a body was read, so it is made again from its bytes: it reads and goes on. */
export function handedOn(request, delivery) {
  return delivery.bytes === NO_BODY ? withDelivery(request, delivery) : delivery.request;
}

function withDelivery(request, delivery) {
  return Object.defineProperty(request, 'delivery', { value: delivery, configurable: true });
}
