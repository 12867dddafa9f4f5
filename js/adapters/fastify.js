// The guard as a plugin of Fastify 5.

import { BodyParsedError } from '../edge/body-parsed.js';
import { answerWith, incomingOf } from './node-http.js';

const MEND =
  'the body was read before the guard saw it: register guardFastify(guard) before the plugin or hook that reads it, ' +
  'and' +
  ' take the bytes from request.body, or request.delivery.json(), in the handler';

export function guardFastify(guard) {
  async function countersign(fastify) {
    fastify.decorateRequest('delivery', null);
    // Whatever the type, the body is the bytes that were judged: no second parser reads another meaning into them.
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', (request, _payload, done) => done(null, request.delivery.bytes));

    fastify.addHook('preParsing', async (request, reply, payload) => {
      const { raw } = request;
      const incoming = incomingOf(raw, request.originalUrl, MEND);
      const judged = await guard.receive({ ...incoming, request, ...(payload !== raw && { read: parsedBefore }) });
      if (judged.ok) {
        request.delivery = judged;
        return;
      }
      // INVARIANT: from here on Fastify calls no handler, not even where the sender has gone.
      reply.hijack();
      answerWith(raw, reply.raw, judged.answer);
    });
    fastify.addHook('onError', async ({ delivery }) => {
      await delivery?.release();
    });
    // Waited for, before the answer leaves.
    fastify.addHook('onSend', async ({ delivery }, { statusCode }, payload) => {
      await delivery?.settle(statusCode);
      return payload;
    });
    // An answer that was hijacked is not sent by Fastify.
    fastify.addHook('onResponse', async ({ delivery }, { statusCode }) => {
      await delivery?.settle(statusCode);
    });
  }
  // Without a scope of its own: it guards the one that registers it, and a route beside it is not left open by mistake.
  return Object.assign(countersign, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'countersign',
  });
}

function parsedBefore() {
  throw new BodyParsedError(MEND);
}
