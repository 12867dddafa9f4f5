// A call of `client.fetch`: what is sent at each attempt, to whom, and whether it may be repeated.

import { kind } from '../core/request.js';
import { dpopOf, proven } from './dpop.js';
import { receiverOf } from './options.js';

/** May be repeated whatever happened to the first one (RFC 9110, section 9.2.2). */
const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'];

/** Splits the client's own members from those of fetch. */
export function callOf(input, init, { now }) {
  const { context = {}, dpop, idempotent, receiver, ...plain } = init;
  if (idempotent !== undefined && typeof idempotent !== 'boolean')
    throw new TypeError(`idempotent must be a boolean, got ${kind(idempotent)}`);
  const { method, url, headers, signal, again } = headOf(input, plain);
  const proof = dpopOf(dpop);
  return {
    url,
    method,
    receiver: receiverOf(receiver, url),
    context,
    signal,
    again,
    idempotent: idempotent ?? IDEMPOTENT.includes(method),
    once(signal, fetch) {
      if (proof === undefined) return fetch(input, { ...plain, signal });
      // A proof is for one URL: a redirect would carry it to another.
      const send = (headers) => fetch(input, { redirect: 'manual', ...plain, headers, signal });
      return proven(proof, { method, url, headers, again, now }, send);
    },
  };
}

/** What fetch reads of its arguments; it throws what fetch would of a wrong URL, method or header. */
function headOf(input, { signal, ...plain }) {
  const given = input instanceof Request ? input : undefined;
  const again = sendsAgain(given, plain.body);
  const { body, ...head } = plain;
  const request = new Request(given?.url ?? input, {
    ...head,
    method: plain.method ?? given?.method,
    headers: plain.headers ?? given?.headers,
    ...(again && { body }),
  });
  const { protocol } = new URL(request.url);
  if (!/^https?:$/.test(protocol)) throw new TypeError(`a client sends by http and https, not by ${protocol}`);
  // Not the Request's headers: they name the boundary of its own form data.
  const headers = head.headers ?? given?.headers;
  return { method: request.method, url: request.url, headers, signal: signal ?? given?.signal, again };
}

/** A stream is gone once it was sent. */
function sendsAgain(given, body) {
  if (body === undefined || body === null) return (given?.body ?? null) === null;
  return (
    typeof body === 'string' ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    [Blob, FormData, URLSearchParams].some((Kind) => body instanceof Kind)
  );
}
