// The guard: which contract judges a request, and what its options may be.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { createGuard } from '../../pkg/edge/index.js';
import { compile } from '../../pkg/node.js';
import { inspectedStore } from './inspected-store.js';
import { json, KEYS, NOW, order, ORDERS, orders, shop, signer } from './guard/shop.js';

describe('routes', () => {
  const open = (name) => ({
    contract: name,
    version: 1,
    signature: null,
    payload: { format: 'none' },
    request: { methods: ['GET'] },
  });
  const contracts = { a: open('a'), b: open('b') };
  const at = async (guard, path, init) => {
    const judged = await guard.check(new Request(`https://x.example${path}`, init));
    return judged.ok ? judged.contract : judged.answer.status;
  };

  test('a table of paths, the narrowest first', async () => {
    const guard = await createGuard({ contracts, route: { '/a': 'a', '/hooks/*': 'a', '/hooks/b/*': 'b' } });
    assert.deepEqual(
      await Promise.all(['/a', '/a/', '/hooks/x', '/hooks/b/1', '/hooks', '/a?b'].map((path) => at(guard, path))),
      ['a', 404, 'a', 'b', 404, 'a'],
    );
    guard.free();
  });

  test('a function of the URL: a name, a gate of a tenant’s own, or nothing', async () => {
    const gate = await compile(open('tenant'));
    const guard = await createGuard({
      contracts,
      route: async (url, request) =>
        ({ '/a': 'a', '/t': { name: 'tenant-7', gate } })[url.pathname] ?? (request.headers.has('x') ? 'b' : null),
    });
    assert.deepEqual(
      await Promise.all([at(guard, '/a'), at(guard, '/t'), at(guard, '/'), at(guard, '/', { headers: { x: '1' } })]),
      ['a', 'tenant-7', 404, 'b'],
    );
    guard.free();
    const named = await createGuard({ contracts, route: ({ pathname }) => pathname.slice(1) });
    assert.deepEqual(await Promise.all([at(named, '/b'), at(named, '/constructor')]), ['b', 404]);
    named.free();
  });

  test('a path that another reader could take for another has no route', async () => {
    const guard = await createGuard({
      contracts,
      route: { '/hooks/*': 'a', '/hooks/admin': 'b', '/low/*': 'a', '/high/*': 'b' },
    });
    const receive = async (url) =>
      (await guard.receive({ method: 'GET', url, headers: [], read: () => new Uint8Array() })).contract;
    assert.deepEqual(
      await Promise.all(['/hooks/admin', '/hooks/x', '/hooks/X', '/hooks/%E6%88%91', '/high/y?z=%61'].map(receive)),
      ['b', 'a', 'a', 'a', 'b'],
    );
    const odd = [
      '/hooks/%61dmin',
      '/hooks/ADMIN',
      '/hooks/admin/',
      '/high/../low/x',
      '/high/%2e%2e/low/x',
      '/high/..%2flow/x',
      '/high\\..\\low',
      'http://evil.example/hooks/%61dmin',
      '/LOW/x',
    ];
    for (const url of odd) assert.equal(await receive(url), undefined, url);
    guard.free();
  });

  test('two contracts of one name are two senders', async () => {
    const store = inspectedStore();
    const other = [{ secret: 'the-secret-of-the-other-tenant' }];
    const own = await compile(orders(), { keys: other });
    const guard = await createGuard({
      contracts: { one: orders(), two: orders() },
      keys: { one: KEYS, two: other },
      store,
      now: () => NOW,
      onDeadLetter: null,
      route: (url) => url.searchParams.get('to') ?? { name: 'three', gate: own },
    });
    const body = new TextEncoder().encode('{"id":"o-1","type":"paid"}');
    const to = async (gate, url) =>
      guard.check(
        new Request(url, {
          method: 'POST',
          body,
          headers: gate.sign({ method: 'POST', url, headers: json, body }, { now: NOW }).headers,
        }),
      );
    for (const [gate, query] of [
      [signer, '?to=one'],
      [own, '?to=two'],
      [own, ''],
    ]) {
      const judged = await to(gate, `https://shop.example.org/orders${query}`);
      assert.equal(judged.ok, true, judged.verdict?.findings[0]?.code);
      await judged.ack();
    }
    assert.deepEqual(
      [...store.held.keys()].map((key) => key.split('/')[0]),
      ['one', 'two', 'three'],
    );
  });

  test('one name for all, and the one contract there is', async () => {
    assert.equal(await at(await createGuard({ contracts, route: 'b' }), '/x'), 'b');
    assert.equal(await at(await createGuard({ contracts: { a: open('a') } }), '/x'), 'a');
  });

  test('what has no route has no contract', async () => {
    const told = [];
    const guard = await createGuard({ contracts, route: { '/a': 'a' }, onVerdict: (event) => told.push(event) });
    const refusal = await guard.check(new Request('https://x.example/nothing'));
    assert.deepEqual([refusal.response.status, refusal.contract, refusal.verdict], [404, undefined, undefined]);
    assert.deepEqual([told[0].contract, told[0].outcome], ['none', 'unrouted']);
  });

  test('a target alone, and what is no URL', async () => {
    const guard = await createGuard({ contracts, route: { '/a': 'a' } });
    const receive = async (url) =>
      (await guard.receive({ method: 'GET', url, headers: [], read: () => new Uint8Array() })).contract;
    assert.deepEqual(await Promise.all(['/a', '//x/a', 'http://[', '*'].map(receive)), [
      'a',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

test('behind a proxy the origin is the public one', async (t) => {
  const contract = {
    ...ORDERS,
    replay: undefined,
    policy: undefined,
    route: undefined,
    request: undefined,
    signature: { ...ORDERS.signature, signed: [{ url: ['received'] }, { field: 'ts' }] },
  };
  const gate = await compile(contract, { keys: KEYS });
  const guard = await createGuard({
    contracts: { gate: contract },
    keys: { gate: KEYS },
    origin: 'https://shop.example.org',
    now: () => NOW,
  });
  t.after(() => guard.free());
  const { headers } = gate.sign(
    { method: 'POST', url: 'https://shop.example.org/orders?a=1', headers: json, body: new Uint8Array() },
    { now: NOW },
  );
  for (const [url, ok] of [
    ['http://10.0.0.7:8080/orders?a=1', true],
    ['http://10.0.0.7:8080/orders?a=2', false],
  ]) {
    const judged = await guard.check(new Request(url, { method: 'POST', headers, body: '{"id":1}' }));
    assert.equal(judged.ok, ok, judged.verdict?.findings[0]?.code);
  }
});

test('a policy has its parameters', async (t) => {
  const now = 1482724545;
  const body = new TextEncoder().encode(
    '{"source":{"platform":"A"},"target":{"name":"Barret Lee","version":"1.0.0"},"data":{},"needCallback":false,' +
      '"serverTime":"2016-12-26 11:55:45"}',
  );
  const gate = await compile('envelope');
  const call = { method: 'POST', url: 'https://hooks.example.org/', headers: json, body };
  const { url, ...signed } = gate.sign(call, { now });
  const options = { store: null, now: () => now };
  for (const [receiver, status] of [
    ['Barret Lee', 200],
    [['Wang', 'Barret Lee'], 200],
    ['Wang', 403],
  ]) {
    const guard = await createGuard({ contracts: { li: 'envelope' }, params: { li: { receiver } }, ...options });
    t.after(() => guard.free());
    const answer = await guard.wrap(() => new Response('ok'))(new Request(url, signed));
    assert.equal(answer.status, status, `${receiver}`);
  }
  const params = { li: { receiver: 'Wang' } };
  await assert.rejects(
    createGuard({ contracts: { li: gate }, params, ...options }),
    /^TypeError: params\.li are for a gate/,
  );
  const registry = { version: 1, hooks: [] };
  await assert.rejects(createGuard({ registry, params, ...options }), /^TypeError: params has no effect with registry/);
  gate.free();
});

test('a DPoP proof is asked for', async () => {
  const guard = await createGuard({
    contracts: { dpop: 'coze-dpop' },
    store: null,
    proof: () => ({ nonces: new Set(['n-1']).values() }),
    now: () => NOW,
  });
  const refusal = await guard.check(
    new Request('https://api.example.org/', { method: 'POST', headers: { ...json }, body: '{}' }),
  );
  assert.equal(refusal.answer.status, 401);
  assert.match(refusal.answer.headers['www-authenticate'], /^DPoP algs="ES256/);
  guard.free();
});

test('a request that cannot be made again gives its claim back', async (t) => {
  const { send, store } = await shop(t, {}, async (request) => Response.json(await request.json()));
  const request = order();
  t.mock.method(
    globalThis,
    'Request',
    class {
      constructor() {
        throw new TypeError('no such request');
      }
    },
  );
  await assert.rejects(send(request), /no such request/);
  assert.deepEqual(
    store.asked.map(([operation]) => operation),
    ['claim', 'release'],
  );
});

test('a store that fails is not silent', async (t) => {
  const { mock } = t.mock.method(console, 'error', () => {});
  const store = inspectedStore();
  store.fail.claim = () => Promise.reject(new Error('connection refused'));
  const { send } = await shop(t, { store, onStoreError: undefined });
  assert.equal((await send(order())).status, 503);
  assert.match(mock.calls[0].arguments[0], /the store failed to claim .*connection refused/);
});

test('a claim whose answer was lost is given back', async (t) => {
  const { send, store } = await shop(t);
  store.fail.claim = () => Promise.reject(new Error('the connection broke'));
  await send(order());
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    store.asked.map(([operation]) => operation),
    ['claim', 'release'],
  );
});

test('a body that does not come ends', async (t) => {
  const { send, told } = await shop(t, { limits: { bodyMilliseconds: 20 } });
  const silent = new ReadableStream({ pull: () => new Promise(() => {}) });
  assert.equal((await send(order(undefined, { change: (parts) => ({ ...parts, body: silent }) }))).status, 400);
  assert.equal(told.verdicts[0].outcome, 'aborted');
});

test('what an observer throws is logged, and changes nothing', async (t) => {
  const { mock } = t.mock.method(console, 'error', () => {});
  const { send } = await shop(t, {
    onVerdict: () => {
      throw new Error('metrics');
    },
    onSettled: async () => {
      throw new Error('metrics');
    },
  });
  assert.equal((await send(order())).status, 201);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(mock.callCount(), 2);
});

test('a Worker is asked to go on until the message is settled, whatever the handler does', async (t) => {
  const { guard, told } = await shop(t);
  const kept = [];
  const context = { waitUntil: (work) => kept.push(work.then(() => told.settled.at(-1).result)) };
  const fetch = guard.wrap((_request, { answer }) => answer());
  await assert.rejects(fetch(order(), { answer: () => assert.fail('broken') }, context), /broken/);
  await fetch(order(), { answer: () => new Response('ok') }, context);
  assert.deepEqual(await Promise.all(kept), ['released', 'completed']);
});

test('the skew of what is fresh, and of what is not', async (t) => {
  const { send, told } = await shop(t);
  for (const now of [NOW - 12, NOW + 5, NOW - 400]) await send(order(undefined, { now }));
  assert.deepEqual(
    told.verdicts.map(({ skewSeconds }) => skewSeconds),
    [12, -5, 400],
  );
});

describe('options that cannot be right are said at once', () => {
  const contracts = { orders: orders() };
  const wrong = {
    'no store': [{ contracts }, /has a replay key, but there is no store/],
    'no contract': [{ contracts: {} }, /contracts is empty/],
    'keys of nobody': [{ contracts, keys: { other: KEYS } }, /keys\.other has no contract: there are orders/],
    'parameters of nobody': [{ contracts, params: { other: {} } }, /params\.other has no contract: there are orders/],
    'parameters that are none': [{ contracts, params: 'Wang' }, /params must be an object such as/],
    'a route to nothing': [
      { contracts, store: null, route: { '/x': 'other' } },
      /route\['\/x'\] is not the name of a contract/,
    ],
    'a route without a slash': [{ contracts, store: null, route: { x: 'orders' } }, /must be a path/],
    'paths that are alike': [
      {
        contracts: { a: orders(), b: orders() },
        keys: { a: KEYS, b: KEYS },
        store: null,
        route: { '/x': 'a', '/X/': 'b' },
      },
      /route\['\/X\/'\] differs from the path of another/,
    ],
    'several contracts and no route': [
      { contracts: { orders: orders(), again: orders() }, keys: { orders: KEYS, again: KEYS }, store: null },
      /several contracts/,
    ],
    'an eventual store': [{ contracts, store: inspectedStore({ consistency: 'eventual' }) }, /allowEventual: true/],
    'a store without release': [
      { contracts, store: { ...inspectedStore(), release: undefined } },
      /store\.release must be a function/,
    ],
    'a client for a store': [{ contracts, store: { get() {}, set() {} } }, /is a client, not a store/],
    'a consistency of its own': [
      { contracts, store: inspectedStore({ consistency: 'yes' }) },
      /store\.consistency must be one of/,
    ],
    'a contract of answers': [{ contracts: { a: 'sub2api-answer' }, store: null }, /is for responses/],
    'an unknown option': [{ contracts, onVerdic: () => {} }, /unknown option `onVerdic`/],
    'no function': [{ contracts, onVerdict: 1 }, /onVerdict must be a function/],
    'a limit that no timer takes': [{ contracts, limits: { storeMilliseconds: 3e9 } }, /from 1 to 2147483647/],
    'a route that no path can take': [{ contracts, store: null, route: { '/x/../y': 'orders' } }, /as it is sent/],
    'a limit of nothing': [{ contracts, limits: { leaseSeconds: 0 } }, /limits\.leaseSeconds must be a whole number/],
    'half open': [{ contracts, onStoreDown: 'ajar' }, /'closed' or 'open'/],
  };
  for (const [name, [options, message]] of Object.entries(wrong)) {
    test(name, () =>
      assert.rejects(
        createGuard({ ...(options.contracts === contracts ? { keys: { orders: KEYS } } : {}), ...options }),
        message,
      ),
    );
  }

  test('keys of a gate', async () => {
    const gate = await compile(orders(), { keys: KEYS });
    await assert.rejects(
      createGuard({ contracts: { orders: gate }, keys: { orders: KEYS }, store: null }),
      /has its own/,
    );
    await assert.rejects(
      createGuard({ contracts: { orders: gate }, limits: { headers: 1 }, store: null }),
      /limits\.headers does not apply to contracts\.orders, a gate, which has its own/,
    );
    await assert.rejects(createGuard({ contracts, store: null }), { code: 'key-missing' });
  });

  test('no Request', async (t) => {
    const { guard } = await shop(t);
    await assert.rejects(
      guard.check({ method: 'POST', url: '/', headers: {} }),
      /needs a Request of the Fetch standard/,
    );
    assert.throws(() => guard.wrap(), /needs the function/);
  });
});
