import { guardOf } from './hooks.js';
import { handle } from './handle.js';

const guard = await guardOf(Deno.env.toObject());
Deno.serve(
  { port: Number(Deno.env.get('PORT')) },
  guard.wrap(async (request) => {
    const { status, body } = await handle(request.delivery);
    return Response.json(body, { status });
  }),
);
