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

/** What reads a body. */
const READERS = ['body', 'bodyUsed', 'arrayBuffer', 'blob', 'bytes', 'clone', 'formData', 'json', 'text'];

/** Reads the body of `delivery.request` in place of the one that the guard has read. */
const READ_AGAIN = Object.fromEntries(
  READERS.map((name) => [
    name,
    {
      get() {
        const { request } = this.delivery;
        return typeof request[name] === 'function' ? request[name].bind(request) : request[name];
      },
      configurable: true,
    },
  ]),
);

/** The request for the handler: with its delivery, and with a body that is made when something reads it. */
export function handedOn(request, delivery) {
  const readers = request.bodyUsed ? READ_AGAIN : {};
  return Object.defineProperties(request, { ...readers, delivery: { value: delivery, configurable: true } });
}

/** The delivery with its request, which is made when someone asks for it. */
export function withRequest(delivery, request) {
  const { bodyUsed } = request;
  let again;
  const get = () => {
    again ??= restored(request, delivery, bodyUsed);
    return again;
  };
  return Object.defineProperty(delivery, 'request', { get, enumerable: true });
}

/** The request with a body that can be read, and with its delivery. */
function restored(request, delivery, hadBody) {
  // These cannot have even an empty body.
  const none = delivery.bytes.byteLength === 0 && (!hadBody || ['GET', 'HEAD'].includes(request.method));
  const again = new Request(request, { body: none ? undefined : delivery.bytes });
  Object.defineProperty(again, 'delivery', { value: delivery, enumerable: false });
  return again;
}
