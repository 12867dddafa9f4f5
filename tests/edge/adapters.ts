// The adapters' types, beside the frameworks' own: compiled, never run.

import { createServer } from 'node:http';

import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';

import type { Guard } from '../../pkg/edge.js';
import { guardExpress } from '../../pkg/adapters/express.js';
import { guardFastify, type Guarded as FastifyGuarded } from '../../pkg/adapters/fastify.js';
import { guardHono, type Guarded as HonoGuarded } from '../../pkg/adapters/hono.js';
import { guardNode } from '../../pkg/adapters/node.js';

declare const guard: Guard;

createServer(
  guardNode(guard, (req, res) => {
    const id: string | undefined = req.delivery.event?.id;
    res.setHeader('x-id', id ?? '').end(req.method);
  }),
);

const app = express();
app.post('/hooks/:name', guardExpress(guard), (req, res) => {
  res.json({ id: req.delivery?.event?.id, name: req.params.name });
});
app.use('/hooks', express.Router().use(guardExpress(guard)));

declare module 'fastify' {
  interface FastifyRequest extends FastifyGuarded {}
}
const fastify = Fastify();
fastify.register(guardFastify(guard));
fastify.register(guardFastify(guard), { prefix: '/hooks' });
fastify.post('/hooks', async (request) => request.delivery.event?.id);

const hono = new Hono<{ Variables: HonoGuarded }>();
hono.use('/hooks/*', guardHono(guard));
hono.post('/hooks/*', (c) => c.json({ id: c.get('delivery').event?.id }));

// @ts-expect-error a guard comes first
guardNode(() => {});
// @ts-expect-error no delivery without the adapter
createServer((req) => void req.delivery);
