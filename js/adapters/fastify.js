// The guard as a plugin of Fastify 5.

import { BodyParsedError } from '../edge/body-parsed.js';
import { isSuccess, statusWithBody } from '../edge/receipt.js';
import { answerWith, incomingOf } from './node-http.js';

const FIX =
  'the body was read before the guard saw it: register guardFastify(guard) before the plugin or hook that reads it, ' +
  'and' +
  ' take the bytes from request.body, or request.delivery.json(), in the handler';

export function guardFastify(guard) {
  async function countersign(fastify) {
    fastify.decorateRequest('delivery', null);
    // For every content type, the body is the bytes that were checked, so no second parser can read them differently.
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', (request, _payload, done) => done(null, request.delivery.bytes));

    fastify.addHook('preParsing', async (request, reply, payload) => {
      const { raw } = request;
      const incoming = incomingOf(raw, request.originalUrl, FIX);
      const judged = await guard.receive({ ...incoming, request, ...(payload !== raw && { read: parsedBefore }) });
      if (judged.ok) {
        request.delivery = judged;
        return;
      }
      // INVARIANT: from here on Fastify calls no handler, even if the sender has disconnected.
      reply.hijack();
      answerWith(raw, reply.raw, judged.answer);
    });
    fastify.addHook('onError', async ({ delivery }) => {
      await delivery?.release();
    });
    // Awaited before the response is sent.
    fastify.addHook('onSend', async ({ delivery }, reply, payload) => {
      await delivery?.settle(reply.statusCode);
      const empty = payload === undefined || payload === null || payload === '';
      if (!empty || delivery?.receipt === undefined || !isSuccess(reply.statusCode)) return payload;
      reply.code(statusWithBody(reply.statusCode)).type('application/json').removeHeader('content-length');
      return JSON.stringify(delivery.receipt);
    });
    // Fastify does not send a hijacked response.
    fastify.addHook('onResponse', async ({ delivery }, { statusCode }) => {
      await delivery?.settle(statusCode);
    });
  }
  // No scope of its own: the plugin guards the scope that registers it, so no route in that scope stays open by
  // mistake.
  return Object.assign(countersign, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'countersign',
  });
}

function parsedBefore() {
  throw new BodyParsedError(FIX);
}
