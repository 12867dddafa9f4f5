// What Node's own server alone can show: sockets that break, bodies that never end, handlers that never answer.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';

import { guardNode } from '../../pkg/adapters/node.js';
import { memoryStore } from '../../pkg/stores/memory.js';
import { guarded, latch, listening, until } from './adapter-harness.js';
import { stripe } from './traffic-table.js';

const MIB = 1024 * 1024;

/** What stands on the wire for a request, up to `bodyBytes` of its body. */
function wire({ path, headers, body }, bodyBytes = Infinity) {
  const lines = Object.entries({ host: 'localhost', 'content-length': Buffer.byteLength(body), ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body.slice(0, bodyBytes)}`;
}

test('the handler has the delivery, and a connection lives on after a refusal', async (t) => {
  const guard = await guarded(t);
  const seen = [];
  const sent = await listening(
    t,
    createServer(
      guardNode(guard, (req, res) => {
        seen.push(req.delivery.event.id, req.delivery.json().id, req.delivery.bytes.length);
        res.end('ok');
      }),
    ),
  );
  const request = stripe('evt_1');
  assert.equal((await sent(request)).status, 200);
  assert.deepEqual(seen, ['evt_1', 'evt_1', Buffer.byteLength(request.body)]);
  const refused = await sent({ ...request, headers: { 'content-type': 'application/json' } });
  assert.equal(refused.status, 401);
  await until(() => guard.told.settled.length === 1);
  assert.deepEqual(guard.told, { outcomes: ['accept', 'reject'], settled: ['completed 200'] });

  const socket = connect(sent.port, '127.0.0.1');
  const kept = [];
  socket.on('data', (chunk) => kept.push(chunk));
  const text = () => Buffer.concat(kept).toString();
  socket.write(wire({ ...request, headers: { 'content-type': 'application/json' } }));
  await until(() => /401 /.test(text()));
  socket.write(wire(stripe('evt_2')));
  await until(() => /200 OK/.test(text()));
  socket.destroy();
});

for (const [what, headers] of [
  ['with a length', {}],
  ['without one', { 'transfer-encoding': 'chunked', 'content-length': undefined }],
]) {
  test(`a body that is too long is refused before it ends, ${what}`, async (t) => {
    const sent = await listening(t, createServer(guardNode(await guarded(t), () => assert.fail('no handler'))));
    const request = stripe('evt_1', { pad: 2 * MIB });
    const chunked = headers['transfer-encoding'] !== undefined;
    const socket = connect(sent.port, '127.0.0.1');
    const got = [];
    socket.on('data', (chunk) => got.push(chunk)).on('error', () => {}); // what is sent on is not taken
    const closed = once(socket, 'close');
    const body = request.body.slice(0, chunked ? MIB + MIB / 2 : 1000);
    const all = {
      host: 'localhost',
      ...request.headers,
      'content-length': Buffer.byteLength(request.body),
      ...headers,
    };
    const lines = Object.entries(all)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      `POST ${request.path} HTTP/1.1\r\n${lines.join('')}\r\n${chunked ? `${(2 * MIB).toString(16)}\r\n` : ''}${body}`,
    );
    // The sender has said less than it announced.
    await until(() => /"status":413.*}$/s.test(Buffer.concat(got).toString()));
    assert.match(Buffer.concat(got).toString(), /^connection: close\r$/im);
    await closed; // by the server
  });
}

test('a sender that reads only when it has sent all has its answer', async (t) => {
  const sent = await listening(t, createServer(guardNode(await guarded(t), () => assert.fail('no handler'))));
  const socket = connect(sent.port, '127.0.0.1')
    .pause()
    .on('error', () => {}); // of a socket that the server reset
  const closed = once(socket, 'close');
  const got = [];
  await new Promise((resolve) => socket.write(wire(stripe('evt_1', { pad: 16 * MIB })), resolve));
  socket.on('data', (chunk) => got.push(chunk)).resume();
  await closed;
  assert.match(Buffer.concat(got).toString(), /^HTTP\/1\.1 413 /);
});

test('a target that is no URL is refused', async (t) => {
  const sent = await listening(t, createServer(guardNode(await guarded(t), () => assert.fail('no handler'))));
  for (const target of ['//', '*', 'http://[', '/%', '//a:b@c:99999/', 'hooks']) {
    const socket = connect(sent.port, '127.0.0.1');
    socket.write(`POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    assert.match(answer.toString(), /^HTTP\/1\.1 4\d\d /, target);
    socket.destroy();
  }
});

test('a sender that hangs up in the body is aborted, and the server goes on', async (t) => {
  const guard = await guarded(t);
  const sent = await listening(t, createServer(guardNode(guard, (_req, res) => res.end())));
  const socket = connect(sent.port, '127.0.0.1');
  socket.write(wire(stripe('evt_1'), 10), () => socket.destroy());
  await until(() => guard.told.outcomes.length > 0);
  assert.deepEqual(guard.told.outcomes, ['aborted']);
  assert.equal((await sent('evt_1')).status, 200);
});

test('a sender that hangs up on the handler does not get its copy handled beside it', async (t) => {
  const guard = await guarded(t);
  const { open, opened } = latch();
  const server = createServer(
    guardNode(guard, (_req, res) => {
      opened.then(() => res.end('done')); // a handler with a callback
    }),
  );
  const sent = await listening(t, server);
  const request = stripe('evt_1');
  const socket = connect(sent.port, '127.0.0.1');
  const closed = new Promise((resolve) => server.once('connection', (accepted) => accepted.once('close', resolve)));
  socket.write(wire(request));
  await until(() => guard.told.outcomes.includes('accept'));
  socket.destroy();
  await closed;
  assert.equal((await sent(request)).status, 409);
  assert.deepEqual(guard.told.settled, []);
  open();
  await until(() => guard.told.settled.length > 0);
  assert.deepEqual(guard.told.settled, ['completed 200']);
  assert.match((await sent(request)).text, /"duplicate":true/);
});

test('nor where it hung up before the handler began', async (t) => {
  const store = memoryStore();
  const [{ open: claim, opened: claiming }, { open, opened }] = [latch(), latch()];
  const slow = { ...store, claim: (...given) => claiming.then(() => store.claim(...given)) };
  const guard = await guarded(t, { store: slow });
  let begun = false;
  const server = createServer(
    guardNode(guard, (_req, res) => {
      begun = true;
      opened.then(() => res.end('done'));
    }),
  );
  const sent = await listening(t, server);
  const closed = new Promise((resolve) => server.once('connection', (accepted) => accepted.once('close', resolve)));
  const socket = connect(sent.port, '127.0.0.1');
  socket.write(wire(stripe('evt_1')), () => setTimeout(() => socket.destroy(), 50));
  await closed;
  claim();
  await until(() => begun);
  assert.equal((await sent('evt_1')).status, 409);
  open();
  await until(() => guard.told.settled.length > 0);
  assert.deepEqual(guard.told.settled, ['completed 200']);
});

test('a handler that gives up on a sender that hung up releases', async (t) => {
  const guard = await guarded(t);
  const sent = await listening(
    t,
    createServer(
      guardNode(guard, async (_req, res) => {
        await once(res, 'close');
      }),
    ),
  );
  const socket = connect(sent.port, '127.0.0.1');
  socket.write(wire(stripe('evt_1')));
  await until(() => guard.told.outcomes.includes('accept'));
  socket.destroy();
  await until(() => guard.told.settled.length > 0);
  assert.deepEqual(guard.told.settled, ['released']);
});

test('a throw is answered 500, released and logged', async (t) => {
  const logged = t.mock.method(console, 'error', () => {});
  const guard = await guarded(t);
  const error = new Error('boom');
  const handlers = [
    () => {
      throw error;
    },
    () => Promise.reject(error),
    (_req, res) => {
      res.write('half');
      throw error;
    },
    (_req, res) => res.end('handled'),
  ];
  const sent = await listening(t, createServer(guardNode(guard, (req, res) => handlers.shift()(req, res))));
  assert.equal((await sent('evt_1')).status, 500);
  assert.equal((await sent('evt_1')).status, 500);
  await assert.rejects(sent('evt_1'), { code: 'ECONNRESET' });
  assert.equal((await sent('evt_1')).text, 'handled');
  assert.deepEqual(
    logged.mock.calls.map((call) => call.arguments[0]),
    [error, error, error],
  );
  assert.deepEqual(guard.told.settled.slice(0, 3), ['released', 'released', 'released']);
});

test('a route that throws is answered 500, and no more', async (t) => {
  t.mock.method(console, 'error', () => {});
  const guard = await guarded(t, {
    route: () => {
      throw new Error('boom');
    },
  });
  const sent = await listening(t, createServer(guardNode(guard, () => assert.fail('no handler'))));
  assert.equal((await sent('evt_1')).status, 500);
});

test('a body that was read before is 500, with the mend', async (t) => {
  const guard = await guarded(t);
  const listener = guardNode(guard, () => assert.fail('no handler'));
  const sent = await listening(
    t,
    createServer(async (req, res) => {
      for await (const chunk of req) void chunk;
      await listener(req, res);
    }),
  );
  const answer = await sent('evt_1');
  assert.equal(answer.status, 500);
  assert.match(JSON.parse(answer.text).detail, /guardNode\(guard, handler\)/);
  assert.deepEqual(guard.told.outcomes, ['body-parsed']);
});

test('a sender that never ends what was refused is let go', async (t) => {
  const sent = await listening(
    t,
    createServer(guardNode(await guarded(t, { route: { '/none': 'stripe' } }), () => assert.fail('no handler'))),
  );
  const socket = connect(sent.port, '127.0.0.1');
  socket.write(wire(stripe('evt_1'), 10));
  socket.resume();
  await once(socket, 'end');
});
