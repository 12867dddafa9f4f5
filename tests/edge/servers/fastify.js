import Fastify from 'fastify';
import { guardFastify } from 'countersign/adapters/fastify';
import { guardOf } from './hooks.js';
import { handle } from './handle.js';

const guard = await guardOf(process.env);
const app = Fastify();
app.register(async (hooks) => {
  hooks.register(guardFastify(guard)); // guards this scope; routes beside it keep their own parsers
  hooks.all('/hooks/*', async (request, reply) => {
    const { status, body } = await handle(request.delivery);
    return reply.code(status).send(body);
  });
});
await app.listen({ port: process.env.PORT });
