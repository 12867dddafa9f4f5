// The receipt of a hook through each adapter: it takes the place of a body that the handler leaves out.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { createAdaptorServer } from '@hono/node-server';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';

import { guardExpress } from '../../pkg/adapters/express.js';
import { guardFastify } from '../../pkg/adapters/fastify.js';
import { guardHono } from '../../pkg/adapters/hono.js';
import { guardNode } from '../../pkg/adapters/node.js';
import { createGuard } from '../../pkg/edge/index.js';
import { listening } from './adapter-harness.js';

const HOOK = { contract: 'hook', version: 1, signature: null, route: { id: '/data/id' }, schema: { type: 'object' } };
const message = { needCallback: true, data: { id: 'm-1' } };
const receipt = '{"received":true,"id":"m-1"}';

/** What a handler answers, and what the sender gets. */
const ANSWERS = [
  ['empty', 200, '', [200, receipt]],
  ['accepted', 202, '', [202, receipt]],
  ['no content', 204, '', [200, receipt]],
  ['failed', 503, '', [503, '']],
  ['its own body', 201, 'mine', [201, 'mine']],
];

async function guarded(t) {
  const registry = {
    version: 1,
    hooks: [{ id: 'li', uri: 'http://hooks.example/li', enabled: true, contract: './hook' }],
  };
  const guard = await createGuard({ registry, contracts: { './hook': { contract: HOOK } } });
  t.after(() => guard.free());
  return guard;
}

/** A server of each, which answers with a status and text. */
const SERVERS = {
  node: (guard, status, text) =>
    createServer(
      guardNode(guard, (_, res) => {
        res.statusCode = status;
        res.end(...(text === '' ? [] : [text]));
      }),
    ),
  express: (guard, status, text) => {
    const app = express();
    app.post(
      '/li',
      guardExpress(guard),
      (_, res) => void (text === '' ? res.status(status).send() : res.status(status).send(text)),
    );
    return createServer(app);
  },
  fastify: async (guard, status, text) => {
    const app = Fastify();
    app.register(guardFastify(guard));
    app.post('/li', (_, reply) => reply.code(status).send(text === '' ? undefined : text));
    await app.ready();
    return app.server;
  },
  hono: (guard, status, text) => {
    const app = new Hono();
    app.use(guardHono(guard));
    app.post('/li', (c) => c.body(text === '' ? null : text, status));
    return createAdaptorServer({ fetch: app.fetch });
  },
};

for (const [name, serve] of Object.entries(SERVERS)) {
  test(`${name}: the receipt is sent where the handler sends no body`, async (t) => {
    const guard = await guarded(t);
    const headers = { host: 'hooks.example', 'content-type': 'application/json' };
    for (const [what, status, text, expected] of ANSWERS) {
      const sent = await listening(t, await serve(guard, status, text));
      const answer = await sent({ method: 'POST', path: '/li', headers, body: JSON.stringify(message) });
      assert.deepEqual([answer.status, answer.text], expected, what);
      if (expected[1] === receipt) assert.equal(answer.headers['content-type'].split(';')[0], 'application/json');
    }
    const sent = await listening(t, await serve(guard, 200, ''));
    const quiet = JSON.stringify({ ...message, needCallback: false });
    const answer = await sent({ method: 'POST', path: '/li', headers, body: quiet });
    assert.deepEqual([answer.status, answer.text], [200, ''], 'the message asks for none');
  });
}

test('a Node handler that writes the head itself gives the receipt itself', async (t) => {
  const guard = await guarded(t);
  const server = createServer(
    guardNode(guard, (req, res) => res.writeHead(200).end(JSON.stringify(req.delivery.receipt))),
  );
  const sent = await listening(t, server);
  const headers = { host: 'hooks.example' };
  assert.equal((await sent({ method: 'POST', path: '/li', headers, body: JSON.stringify(message) })).text, receipt);
});
