import { env } from 'cloudflare:workers';
import { appOf } from './hono.js';
import { guardOf } from './hooks.js';

export default appOf(await guardOf(env));
