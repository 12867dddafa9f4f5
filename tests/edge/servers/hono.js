import { Hono } from 'hono';
import { guardHono } from 'countersign/adapters/hono';
import { handle } from './handle.js';

export const appOf = (guard) => {
  const app = new Hono();
  app.use('/hooks/*', guardHono(guard));
  app.all('/hooks/*', async (c) => {
    const { status, body } = await handle(c.get('delivery'));
    return c.json(body, status);
  });
  return app;
};
