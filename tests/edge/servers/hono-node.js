import { serve } from '@hono/node-server';
import { appOf } from './hono.js';
import { guardOf } from './hooks.js';

serve({ fetch: appOf(await guardOf(process.env)).fetch, port: process.env.PORT });
