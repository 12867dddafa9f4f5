import { guardOf } from './hooks.js';
import { handle } from './handle.js';

const guard = await guardOf(process.env);
Bun.serve({
  port: process.env.PORT,
  fetch: guard.wrap(async (request) => {
    const { status, body } = await handle(request.delivery);
    return Response.json(body, { status });
  }),
});
