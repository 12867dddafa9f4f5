// The guard as a middleware of Hono 4, on every runtime that Hono runs on.

import { BodyParsedError } from '../edge/body-parsed.js';

const MEND =
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
    c.req.bodyCache = {}; // what is read from here on is what was judged
    try {
      await next();
    } catch (error) {
      await judged.release(); // what is thrown and is no Error reaches nobody's onError
      throw error;
    }
    await (c.error ? judged.release() : judged.settle(c.res.status));
  };
  return (c, next) => {
    const work = guarded(c, next);
    keepAlive(c, work);
    return work;
  };
}

/** As guard.wrap does, where the runtime has it. */
function keepAlive(c, work) {
  try {
    c.executionCtx.waitUntil(work.catch(() => {}));
  } catch {
    // Hono throws where there is none.
  }
}

function parsedBefore(request) {
  const { method, url, headers } = request;
  return { method, url, headers, request, read: () => Promise.reject(new BodyParsedError(MEND)) };
}
