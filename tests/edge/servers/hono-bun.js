import { appOf } from './hono.js';
import { guardOf } from './hooks.js';

export default { port: process.env.PORT, fetch: appOf(await guardOf(process.env)).fetch };
