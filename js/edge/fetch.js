// Converts a Fetch Request for the guard: reads the body once, as bytes, and puts it back for the handler.

import { collected } from '../base/stream.js';
import { BodyParsedError } from './body-parsed.js';

const READ_ELSEWHERE =
  'the request was read before the guard saw it, and its bytes are gone: call the guard first, and read ' +
  'delivery.bytes or delivery.json() afterwards; in a framework, put the guard before anything that parses the body';

/** A Request in the form that the guard needs. */
export function incomingOf(request) {
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    request,
    read: (maxBytes, declared) => readBody(request, maxBytes, declared),
  };
}

function readBody(request, maxBytes, declared) {
  if (request.bodyUsed) throw new BodyParsedError(READ_ELSEWHERE);
  // The server enforces a declared length. If it is within the limit, the body is read at once, without a stream.
  if (declared <= maxBytes) return request.arrayBuffer().then((body) => new Uint8Array(body));
  if (request.body === null) return new Uint8Array();
  return collected(request.body, maxBytes);
}

/** The request with a body that can be read, and with its delivery. */
export function restored(request, delivery) {
  // These cannot have even an empty body.
  const none = delivery.bytes.byteLength === 0 && (request.body === null || ['GET', 'HEAD'].includes(request.method));
  const again = new Request(request, { body: none ? undefined : delivery.bytes });
  Object.defineProperty(again, 'delivery', { value: delivery, enumerable: false });
  return again;
}
