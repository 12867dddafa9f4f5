import { appOf } from './hono.js';
import { guardOf } from './hooks.js';

Deno.serve({ port: Number(Deno.env.get('PORT')) }, appOf(await guardOf(Deno.env.toObject())).fetch);
