import { guardOf } from './hooks.js';
import { handle } from './handle.js';

let answer; // made by the first request: outside of one, workerd gives no random numbers, and the module's hash tables want some
export default {
  async fetch(request, env) {
    answer ??= guardOf(env).then((guard) => guard.wrap(async ({ delivery }) => {
      const { status, body } = await handle(delivery);
      return Response.json(body, { status });
    }));
    return (await answer)(request);
  },
};
