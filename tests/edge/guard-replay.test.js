// The guard and its store: duplicates, claims and dead letters.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { createGuard } from '../../pkg/edge/index.js';
import { KEYS, order, ORDERS, orders, shop } from './guard/shop.js';

describe('replay', () => {
  test('what was handled is a duplicate, answered as the contract says', async (t) => {
    const { send, told, store } = await shop(t);
    assert.equal((await send(order())).status, 201);
    const again = await send(order());
    assert.equal(again.status, 409);
    assert.equal((await again.json()).errors[0].code, 'replayed');
    assert.equal(told.handled.length, 1);
    assert.deepEqual(
      told.verdicts.map(({ outcome, code }) => [outcome, code]),
      [
        ['accept', 'none'],
        ['reject', 'replayed'],
      ],
    );
    const [, key, { token, leaseSeconds, ttlSeconds }] = store.asked[0];
    assert.match(key, /^orders\/orders:/);
    assert.match(token, /^[0-9a-f-]{36}$/);
    assert.deepEqual(
      [leaseSeconds, ttlSeconds],
      [60, 604860],
      'what the contract says, and what two clocks may differ by',
    );
    assert.notEqual(store.asked.at(-1)[2].token, token, 'each claim has a token of its own');
  });

  test('a duplicate that is ignored is 200', async (t) => {
    const { send } = await shop(t, {
      contracts: { orders: orders({ replay: { ...ORDERS.replay, onDuplicate: 'ignore' } }) },
    });
    await send(order());
    const again = await send(order());
    assert.deepEqual([again.status, await again.json()], [200, { received: true, duplicate: true, message: 'OK' }]);
  });

  test('of copies at one time one is handled, and the others are told to come again', async (t) => {
    let go;
    const { send, told } = await shop(
      t,
      { limits: { retryAfterSeconds: 7 } },
      () =>
        new Promise((resolve) => {
          go = () => resolve(new Response('ok'));
        }),
    );
    const first = send(order());
    await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await send(order());
    assert.deepEqual(
      [second.status, second.headers.get('retry-after'), (await second.json()).type],
      [409, '7', 'urn:countersign:problem:busy'],
    );
    go();
    assert.equal((await first).status, 200);
    assert.equal(told.handled.length, 1);
  });

  for (const [status, operation] of [
    [200, 'complete'],
    [302, 'complete'],
    [404, 'complete'],
    [499, 'complete'],
    [408, 'release'],
    [425, 'release'],
    [429, 'release'],
    [500, 'release'],
    [503, 'release'],
  ]) {
    test(`an answer of ${status}: ${operation}`, async (t) => {
      const { send, store, told } = await shop(t, {}, () => new Response(null, { status, headers: { location: '/' } }));
      assert.equal((await send(order())).status, status);
      assert.equal(store.asked.at(-1)[0], operation);
      assert.deepEqual(
        [told.settled[0].status, told.settled[0].result],
        [status, operation === 'complete' ? 'completed' : 'released'],
      );
    });
  }

  test('a handler that throws, or gives no answer, has handled nothing', async (t) => {
    const { send, store } = await shop(t, {}, () => {
      throw new Error('out of paper');
    });
    await assert.rejects(send(order()), /out of paper/);
    const silent = await shop(t, { store }, () => undefined);
    await silent.send(order());
    assert.deepEqual(
      store.asked.map(([operation]) => operation),
      ['claim', 'release', 'claim', 'release'],
    );
  });

  test('a store that is down: 503, and nothing is handled', async (t) => {
    const { send, store, told } = await shop(t);
    store.fail.claim = () => Promise.reject(new Error('connection refused'));
    const response = await send(order());
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '5']);
    assert.deepEqual(
      [told.handled, told.verdicts[0].outcome, told.storeErrors[0].operation],
      [[], 'store-down', 'claim'],
    );
  });

  test('open, if said: the handler is told that nobody looked', async (t) => {
    const { store, send } = await shop(t, { onStoreDown: 'open' }, (request) => new Response(request.delivery.replay));
    store.fail.claim = () => Promise.reject(new Error('connection refused'));
    assert.equal(await (await send(order())).text(), 'unchecked');
  });

  test('a store that hangs is down, and what it claims too late is given back', async (t) => {
    let late;
    const { send, store, told } = await shop(t, { limits: { storeMilliseconds: 20 } });
    store.fail.claim = () =>
      new Promise((resolve) => {
        late = () => resolve('claimed');
      });
    assert.equal((await send(order())).status, 503);
    assert.match(told.storeErrors[0].error.message, /within 20 ms/);
    late();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(store.asked.at(-1)[0], 'release');
  });

  test('a completion is tried twice; when it is lost, the answer is the handler’s all the same', async (t) => {
    const { send, store, told } = await shop(t);
    store.fail.complete = () => Promise.reject(new Error('gone'));
    assert.equal((await send(order())).status, 201);
    assert.deepEqual(
      store.asked.map(([operation]) => operation),
      ['claim', 'complete', 'complete'],
    );
    assert.equal(told.settled[0].result, 'failed');
    assert.deepEqual(
      told.storeErrors.map(({ operation }) => operation),
      ['complete', 'complete'],
    );
  });

  test('without a store, said on purpose, every copy is handled', async (t) => {
    const { send, told } = await shop(t, { store: null });
    for (let copy = 0; copy < 2; copy += 1) assert.equal((await send(order())).status, 201);
    assert.equal(told.handled.length, 2);
  });
});

describe('dead letters', () => {
  const contracts = { orders: orders({ deadLetter: true, status: { preset: 'rfc', schema: 202 } }) };
  const bad = () => order('{"id":"o-1","type":"paid","total":-1}');

  test('are kept before the sender is told', async (t) => {
    const kept = [];
    const { send, told } = await shop(t, {
      contracts,
      onDeadLetter: async (letter) => {
        kept.push(letter);
      },
    });
    assert.equal((await send(bad())).status, 202);
    const [{ contract, verdict, bytes, method, url, headers }] = kept;
    assert.deepEqual(
      [contract, verdict.deadLetter.reason, new TextDecoder().decode(bytes), method, url],
      ['orders', 'schema-minimum', '{"id":"o-1","type":"paid","total":-1}', 'POST', 'https://shop.example.org/orders'],
    );
    assert.ok(headers.some(([name]) => name === 'x-sign'));
    const forged = order(undefined, { change: (parts) => ({ ...parts, body: '{"id":1}' }) });
    assert.equal((await send(forged)).status, 401);
    assert.equal(kept.length, 1, 'what a stranger wrote is no dead letter');
    assert.deepEqual(
      told.verdicts.map(({ outcome, stage, code, status }) => [outcome, stage, code, status]),
      [
        ['dead-letter', 'schema', 'schema-minimum', 202],
        ['reject', 'signature', 'signature-mismatch', 401],
      ],
    );
  });

  test('that cannot be kept are sent again', async (t) => {
    t.mock.method(console, 'error', () => {});
    const { send, told } = await shop(t, {
      contracts,
      onDeadLetter: () => {
        throw new Error('disk full');
      },
    });
    assert.equal((await send(bad())).status, 503);
    assert.equal(told.verdicts[0].outcome, 'dead-letter-failed');
  });

  test('that are dropped on purpose are only refused', async (t) => {
    const { send, told } = await shop(t, { contracts, onDeadLetter: null });
    assert.equal((await send(bad())).status, 202);
    assert.equal(told.verdicts[0].outcome, 'reject');
  });

  test('need somebody to keep them', async () => {
    const options = { contracts, keys: { orders: KEYS }, store: null };
    await assert.rejects(createGuard(options), /nothing stores them/);
    (await createGuard({ ...options, onDeadLetter: null })).free();
  });
});
