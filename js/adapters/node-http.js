// Shared by the adapters for Node's HTTP. Express and Fastify use the same request and response.

import { finished } from 'node:stream';

import { BodyParsedError } from '../edge/body-parsed.js';
import { isSuccess, statusWithBody } from '../edge/receipt.js';

const LINGER_MILLISECONDS = 2000;

/** The request in the form that the guard needs. `fix` is for a developer whose framework has already read the body. */
export function incomingOf(req, url, fix) {
  return {
    method: req.method,
    url,
    headers: pairsOf(req.rawHeaders),
    request: req,
    read: (maxBytes) => {
      if (req.readableDidRead) throw new BodyParsedError(fix);
      return readBody(req, maxBytes);
    },
  };
}

/**
 * Duplicates are kept, and a byte outside ASCII is one Latin-1 character, as in Node. Of HTTP/2's pseudo-headers only
 * the host becomes a header.
 */
function pairsOf(rawHeaders) {
  const pairs = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] === ':authority' ? 'host' : rawHeaders[index];
    if (!name.startsWith(':')) pairs.push([name, rawHeaders[index + 1]]);
  }
  return pairs;
}

/** All of the body, or enough to exceed `maxBytes`; the rest stays on the socket. Rejects if the sender disconnects. */
function readBody(req, maxBytes) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let length = 0;
    const broken = () => reject(new Error('the body broke off'));
    const done = () => resolve(Buffer.concat(chunks, length));
    function take(chunk) {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= maxBytes) return;
      req.off('data', take).pause();
      done();
    }
    if (req.destroyed) broken();
    else req.on('data', take).once('end', done).once('close', broken).on('error', broken);
  });
}

/** Whether the sender has disconnected. For HTTP/2 the stream knows. */
export function gone(res) {
  return res.destroyed ?? res.stream.destroyed;
}

/** Replies instead of the handler. */
export function answerWith(req, res, { status, headers, body }) {
  if (gone(res)) return;
  const unread = !req.complete;
  res.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(body),
    ...(unread && req.httpVersionMajor < 2 && { connection: 'close' }),
  });
  if (!unread) return void res.end(body);
  // Closing a socket with unread bytes resets it, and the reply may be lost. So the sender gets the reply now, and a
  // moment to finish.
  res.write(body);
  // An HTTP/2 stream stays open until it is closed.
  const timer = setTimeout(() => res.end(() => res.stream?.close()), LINGER_MILLISECONDS);
  finished(req.resume(), { writable: false }, () => {
    clearTimeout(timer);
    res.end();
  });
}

/**
 * Settles a delivery when the handler's response ends. Not when the socket closes: a sender that hangs up does not stop
 * the handler, and its next copy must not be handled at the same time.
 */
export function settleAtEnd(res, delivery) {
  const { end } = res;
  res.end = function (...args) {
    const ended = end.apply(this, withReceipt(res, args, delivery));
    delivery.settle(res.statusCode);
    return ended;
  };
}

/** The receipt of a hook, where the handler sends no body. It is too late once the handler has written the head. */
function withReceipt(res, args, { receipt }) {
  const [chunk] = args;
  if (typeof chunk !== 'function' && chunk?.length > 0) return args;
  if (receipt === undefined || res.headersSent || !isSuccess(res.statusCode)) return args;
  const body = JSON.stringify(receipt);
  res.statusCode = statusWithBody(res.statusCode);
  res.setHeader('content-type', 'application/json');
  res.setHeader('content-length', Buffer.byteLength(body));
  return [body, ...args.filter((arg) => typeof arg === 'function')];
}
