import { appOf } from './hono.js';
import { guardOf } from './hooks.js';

let app; // made by the first request, as in worker.js
export default {
  async fetch(request, env, context) {
    app ??= guardOf(env).then(appOf);
    return (await app).fetch(request, env, context);
  },
};
