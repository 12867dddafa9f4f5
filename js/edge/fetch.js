// Between the Fetch standard's Request and what a guard reads: the body once, as bytes, and put back for the handler.

import { BodyParsedError } from './body-parsed.js';

const READ_ELSEWHERE =
  'the request was read before the guard saw it, and its bytes are gone: call the guard first, and read ' +
  'delivery.bytes or' +
  ' delivery.json() after it; in a framework put the guard before whatever parses the body';

/** A Request as the guard takes it. */
export function incomingOf(request) {
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    request,
    read: (maxBytes, declared) => readBody(request, maxBytes, declared),
  };
}

async function readBody(request, maxBytes, declared) {
  if (request.bodyUsed) throw new BodyParsedError(READ_ELSEWHERE);
  // A length that was said is held to by the server: where it is within the limit, the body is read in one go, without
  // making a stream of it.
  if (declared <= maxBytes) return new Uint8Array(await request.arrayBuffer());
  if (request.body === null) return new Uint8Array();
  return collect(request.body, maxBytes);
}

/** As much of a stream as is longer than `maxBytes`, or all of it. */
async function collect(stream, maxBytes) {
  const reader = stream.getReader();
  const chunks = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    length += part.value.byteLength;
    if (length > maxBytes) {
      reader.cancel().catch(() => {}); // it has been refused, however the sender takes it
      break;
    }
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** The request with its body again, and its delivery. */
export function restored(request, delivery) {
  // These cannot be given even an empty one.
  const none = delivery.bytes.byteLength === 0 && (request.body === null || ['GET', 'HEAD'].includes(request.method));
  const again = new Request(request, { body: none ? undefined : delivery.bytes });
  Object.defineProperty(again, 'delivery', { value: delivery, enumerable: false });
  return again;
}
