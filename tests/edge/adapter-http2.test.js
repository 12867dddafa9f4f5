// HTTP/2 by Node's compatibility API: the same handler, other sockets.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:http2';
import { connect as dial } from 'node:net';
import { test } from 'node:test';

import { guardNode } from '../../pkg/adapters/node.js';
import { guarded, until } from './adapter-harness.js';
import { stripe } from './traffic-table.js';

/** Listens; gives (request) => { status, headers, text } over one session, with `url`. */
async function listening(t, listener) {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const session = connect(url);
  t.after(() => {
    session.destroy();
    server.close();
  });
  const sent = async ({ path, headers, body }) => {
    const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
    stream.end(body);
    const [{ ':status': status, ...rest }] = await once(stream, 'response');
    let text = '';
    for await (const chunk of stream.setEncoding('utf8')) text += chunk;
    return { status, headers: rest, text };
  };
  return Object.assign(sent, { url });
}

test('the handler has the delivery, a copy is a duplicate, and a refusal leaves the session as it is', async (t) => {
  const guard = await guarded(t);
  const sent = await listening(
    t,
    guardNode(guard, (req, res) => res.end(req.delivery.event.id)),
  );
  const request = stripe('evt_1');
  assert.deepEqual(await sent(request).then(({ status, text }) => [status, text]), [200, 'evt_1']);
  assert.match(await sent(request).then(({ text }) => text), /"duplicate":true/);
  const refused = await sent({ ...request, headers: { 'content-type': 'application/json' } });
  assert.deepEqual(
    [refused.status, refused.headers['content-type'], refused.headers.connection],
    [401, 'application/problem+json', undefined],
  );
  assert.deepEqual(guard.told, { outcomes: ['accept', 'ignore', 'reject'], settled: ['completed 200'] });
});

test('a body that is too long is refused, with and without a length', async (t) => {
  const sent = await listening(
    t,
    guardNode(await guarded(t), () => assert.fail('no handler')),
  );
  const request = stripe('evt_1', { pad: 2 << 20 });
  for (const headers of [request.headers, { ...request.headers, 'content-length': Buffer.byteLength(request.body) }]) {
    assert.equal(await sent({ ...request, headers }).then(({ status }) => status), 413);
  }
});

test('a refused sender that goes on sending is cut off', async (t) => {
  const refuse = guardNode(await guarded(t), () => assert.fail('no handler'));
  let accepted;
  const sent = await listening(t, (req, res) => {
    accepted = req.stream;
    return refuse(req, res);
  });
  const { path, headers } = stripe('evt_1');
  const session = connect(sent.url).on('error', () => {});
  const stream = session
    .request({ ':method': 'POST', ':path': path, ...headers })
    .on('error', () => {})
    .resume();
  const more = setInterval(() => stream.writable && stream.write(Buffer.alloc(1 << 18)), 10);
  t.after(() => {
    clearInterval(more);
    session.destroy();
  });
  const [{ ':status': status }] = await once(stream, 'response');
  assert.equal(status, 413);
  await until(() => accepted.closed);
});

test('a body that breaks off is no body, and claims nothing', async (t) => {
  const guard = await guarded(t);
  const sent = await listening(
    t,
    guardNode(guard, (_req, res) => res.end('ok')),
  );
  const { path, headers, body } = stripe('evt_1');
  const socket = dial(new URL(sent.url).port, '127.0.0.1');
  const session = connect(sent.url, { createConnection: () => socket }).on('error', () => {});
  const stream = session.request({ ':method': 'POST', ':path': path, ...headers }).on('error', () => {});
  stream.write(body.slice(0, 10), () => setTimeout(() => socket.destroy(), 50));
  await until(() => guard.told.outcomes.length === 1);
  assert.deepEqual(guard.told.outcomes, ['aborted']);
  assert.equal((await sent({ path, headers, body })).status, 200);
});

test('a handler that throws gives the claim back', async (t) => {
  const guard = await guarded(t);
  let tries = 0;
  const sent = await listening(
    t,
    guardNode(guard, (_req, res) => {
      tries += 1;
      if (tries === 1) throw new Error('as it was told to');
      res.end('ok');
    }),
  );
  t.mock.method(console, 'error', () => {});
  assert.equal((await sent(stripe('evt_1'))).status, 500);
  assert.equal((await sent(stripe('evt_1'))).status, 200);
});

test('a handler that gives up on a sender that hung up releases', async (t) => {
  const guard = await guarded(t);
  const sent = await listening(
    t,
    guardNode(guard, async (_req, res) => {
      await once(res, 'close');
    }),
  );
  const { path, headers, body } = stripe('evt_1');
  const session = connect(sent.url).on('error', () => {});
  session
    .request({ ':method': 'POST', ':path': path, ...headers })
    .on('error', () => {})
    .end(body);
  await until(() => guard.told.outcomes.includes('accept'));
  session.destroy();
  await until(() => guard.told.settled.length > 0);
  assert.deepEqual(guard.told.settled, ['released']);
});
