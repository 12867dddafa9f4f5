// The guard as a middleware of Hono 4, on every runtime that Hono runs on.

import { BodyParsedError } from '../edge/body-parsed.js';
import { received } from '../edge/receipt.js';

const FIX =
  'the body was read before the guard saw it: put guardHono(guard) before validators, bodyLimit and other ' +
  'middleware that' +
  " reads it, as in app.use('/hooks/*', guardHono(guard)) above them";

export function guardHono(guard) {
  const guarded = async (c, next) => {
    const { raw } = c.req;
    const judged = await (raw.bodyUsed ? guard.receive(parsedBefore(raw)) : guard.check(raw));
    if (!judged.ok) return judged.response;
    c.set('delivery', judged);
    c.req.raw = judged.request;
    c.req.bodyCache = {}; // from here on, reads return what was checked
    try {
      await next();
    } catch (error) {
      await judged.release(); // a thrown value that is not an Error never reaches onError
      throw error;
    }
    await (c.error ? judged.release() : judged.settle(c.res.status));
    const answer = received(c.res, judged.receipt);
    if (answer !== c.res) c.res = answer;
  };
  return (c, next) => {
    const work = guarded(c, next);
    keepAlive(c, work);
    return work;
  };
}

/** The same as in guard.wrap, if the runtime has it. */
function keepAlive(c, work) {
  try {
    c.executionCtx.waitUntil(work.catch(() => {}));
  } catch {
    // Hono throws if there is none.
  }
}

function parsedBefore(request) {
  const { method, url, headers } = request;
  return { method, url, headers, request, read: () => Promise.reject(new BodyParsedError(FIX)) };
}
