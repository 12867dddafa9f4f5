// What the guard does not do: Requests that nobody reads, promises and timers where nothing takes time, a second check
// of a duplicate.

import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { test } from 'node:test';

import { createGuard } from '../../pkg/edge/index.js';
import { compile } from '../../pkg/node.js';
import { memoryStore } from '../../pkg/stores/memory.js';
import { KEYS, json, NOW, order, orders, shop, signer } from './guard/shop.js';

const BODY = '{"id":"o-1","type":"paid"}';

/** A signed order as a server without Fetch gives it. */
function incoming(read) {
  const body = new TextEncoder().encode(BODY);
  const { method, url, headers } = signer.sign(
    { method: 'POST', url: 'https://shop.example.org/orders', headers: json, body },
    { now: NOW },
  );
  return { method, url, headers, read: () => read(body) };
}

/** How many of each the work makes. */
async function made(work) {
  const found = { PROMISE: 0, Timeout: 0 };
  const hook = createHook({ init: (_, type) => type in found && (found[type] += 1) }).enable();
  const working = work();
  const { PROMISE: promises } = found;
  await working;
  hook.disable();
  return { promises, timers: found.Timeout };
}

test('a request is never cloned', async (t) => {
  const { send, told } = await shop(t, {}, ({ method, url, headers, signal }) =>
    Response.json([method, new URL(url).pathname, headers.get('content-type'), signal.aborted]),
  );
  const request = order();
  request.clone = () => assert.fail('cloned');
  assert.deepEqual(await (await send(request)).json(), ['POST', '/orders', 'application/json', false]);
  assert.equal(told.handled.length, 1);
});

const readings = {
  text: (request) => request.text(),
  json: async (request) => JSON.stringify(await request.json()),
  arrayBuffer: async (request) => new TextDecoder().decode(await request.arrayBuffer()),
  blob: async (request) => (await request.blob()).text(),
  body: (request) => new Response(request.body).text(),
  'a clone': (request) => request.clone().text(),
  'sent on': (request) => new Request(request).text(),
  'another address': (request) => new Request('https://inner.example.org/', request).text(),
  'the delivery’s request': (request) => new Request(request.delivery.request).text(),
};
for (const [name, read] of Object.entries(readings)) {
  test(`a handler reads the body: ${name}`, async (t) => {
    const { send } = await shop(t, {}, async (request) => {
      assert.ok(request instanceof Request && !request.bodyUsed);
      return new Response(await read(request));
    });
    assert.equal(await (await send(order())).text(), BODY);
  });
}

test('a body is read once, as of any Request', async (t) => {
  const { send } = await shop(t, {}, async (request) => {
    await request.text();
    assert.ok(request.bodyUsed && request.delivery.request.bodyUsed);
    await assert.rejects(request.json(), TypeError);
    return new Response();
  });
  assert.equal((await send(order())).status, 200);
});

test('a guard behind a guard reads the body, too', async (t) => {
  const { guard } = await shop(t, { store: null });
  const twice = guard.wrap(guard.wrap(async (request) => new Response(await request.text())));
  assert.equal(await (await twice(order())).text(), BODY);
});

test('where nothing takes time there is no promise but the result, and no timer', async (t) => {
  for (const [store, route] of [
    [null, { '/orders': 'orders' }],
    [memoryStore(), () => 'orders'],
  ]) {
    const { guard, told } = await shop(t, { store, route });
    for (const read of [(body) => body, (body) => body, (body) => body.subarray(1)])
      assert.deepEqual(await made(() => guard.receive(incoming(read))), { promises: 1, timers: 0 });
    assert.deepEqual(
      told.verdicts.map(({ outcome }) => outcome),
      ['accept', store === null ? 'accept' : 'busy', 'reject'],
    );
  }
});

test('a body that takes time has one timer', async (t) => {
  const { send } = await shop(t, { store: memoryStore() });
  const request = order();
  assert.deepEqual((await made(() => send(request))).timers, 1);
});

test('headers are read once', async (t) => {
  const { guard } = await shop(t);
  const message = incoming((body) => body);
  let walks = 0;
  const headers = {
    *[Symbol.iterator]() {
      walks += 1;
      yield* message.headers;
    },
  };
  assert.equal((await guard.receive({ ...message, headers })).ok, true);
  assert.equal(walks, 1);
});

test('a duplicate costs one run', async (t) => {
  const gate = await compile(orders(), { keys: KEYS });
  t.after(() => gate.free());
  const guard = await createGuard({ contracts: { orders: gate }, store: memoryStore(), now: () => NOW });
  const send = guard.wrap(() => new Response('ok'));
  assert.equal((await send(order())).status, 200);
  const runs = Object.fromEntries(
    ['measure', 'check', 'checkText', 'decide'].map((name) => [name, t.mock.method(gate, name).mock]),
  );
  assert.equal((await send(order())).status, 409);
  assert.deepEqual(
    Object.values(runs).map((mock) => mock.callCount()),
    [1, 0, 0, 0],
  );
});
