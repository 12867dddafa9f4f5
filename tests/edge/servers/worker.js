import { env } from 'cloudflare:workers';
import { guardOf } from './hooks.js';
import { handle } from './handle.js';

const guard = await guardOf(env);
export default {
  fetch: guard.wrap(async ({ delivery }) => {
    const { status, body } = await handle(delivery);
    return Response.json(body, { status });
  }),
};
