// What the adapters of Node's own HTTP have in common: Express and Fastify stand on the same request and response.

import { finished } from 'node:stream';

import { BodyParsedError } from '../edge/body-parsed.js';

const LINGER_MILLISECONDS = 2000;

/** A request as the guard takes it. `mend` is for the developer whose framework has read the body before. */
export function incomingOf(req, url, mend) {
  return {
    method: req.method,
    url,
    headers: pairsOf(req.rawHeaders),
    request: req,
    read: (maxBytes) => {
      if (req.readableDidRead) throw new BodyParsedError(mend);
      return readBody(req, maxBytes);
    },
  };
}

/**
 * Duplicates stay duplicates, and a byte outside ASCII is one character of Latin-1, as Node has it. Of HTTP/2's own
 * only the host is a header.
 */
function pairsOf(rawHeaders) {
  const pairs = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] === ':authority' ? 'host' : rawHeaders[index];
    if (!name.startsWith(':')) pairs.push([name, rawHeaders[index + 1]]);
  }
  return pairs;
}

/**
 * All of the body, or as much as is longer than `maxBytes`; the rest stays on the socket. Rejects where the sender goes
 * away.
 */
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

/** Whether nobody is there to be answered. An answer of HTTP/2 has to ask its stream. */
export function gone(res) {
  return res.destroyed ?? res.stream.destroyed;
}

/** Answers in place of the handler. */
export function answerWith(req, res, { status, headers, body }) {
  if (gone(res)) return;
  const unread = !req.complete;
  res.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(body),
    ...(unread && req.httpVersionMajor < 2 && { connection: 'close' }),
  });
  if (!unread) return void res.end(body);
  // A socket that is closed over unread bytes is reset, which may take the answer with it. So the sender has its answer
  // now, and a moment to end.
  res.write(body);
  // A stream of HTTP/2 goes on until it is closed.
  const timer = setTimeout(() => res.end(() => res.stream?.close()), LINGER_MILLISECONDS);
  finished(req.resume(), { writable: false }, () => {
    clearTimeout(timer);
    res.end();
  });
}

/**
 * Settles a delivery by the handler's answer, when that ends. Not when the socket closes: a sender that hangs up does
 * not stop the handler, and its next copy must not be handled beside the first.
 */
export function settleAtEnd(res, delivery) {
  const { end } = res;
  res.end = function (...args) {
    const ended = end.apply(this, args);
    delivery.settle(res.statusCode);
    return ended;
  };
}
