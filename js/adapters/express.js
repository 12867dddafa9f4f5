// The guard as a middleware of Express 5.

import { BodyParsedError } from '../edge/body-parsed.js';
import { answerWith, incomingOf, settleAtEnd } from './node-http.js';

const FIX =
  'the body was read before the guard saw it: put guardExpress(guard) before express.json() and other parsers, as ' +
  "in app.post('/hooks', guardExpress(guard), handler) above app.use(express.json()); only express.raw({ type: " +
  "'*/*' }) may come before it";
const INFLATED =
  'the body was decompressed before the guard saw it, but the signature is of the bytes as they were sent: put ' +
  'guardExpress(guard) before express.raw()';

export function guardExpress(guard) {
  return async (req, res, next) => {
    const incoming = incomingOf(req, req.originalUrl, FIX); // req.url lacks the path that a router is mounted at
    const judged = await guard.receive(
      req.body instanceof Uint8Array ? { ...incoming, read: () => rawBody(req) } : incoming,
    );
    if (!judged.ok) return answerWith(req, res, judged.answer);
    req.delivery = judged;
    req.body = judged.bytes;
    settleAtEnd(res, judged);
    next();
  };
}

function rawBody({ body, headers }) {
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') throw new BodyParsedError(INFLATED);
  return body;
}
