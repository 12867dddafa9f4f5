// The guard, over Requests: what reaches the handler, what the sender is told, and what is asked of the store.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { BodyParsedError, createGuard } from '../../pkg/edge/index.js';
import { compile } from '../../pkg/node.js';
import { inspectedStore } from './inspected-store.js';

const KEYS = [{ secret: 'replace-with-real-secret' }];
const NOW = 1717029588;
const BODY = '{"message_id":"m-1","channel":"web","open_id":"user-123","content":"hello"}';
const URL_ = 'https://hooks.example.org/api/v1/customer-service/webhook';
const ORDERS = {
  contract: 'orders',
  version: 1,
  request: { path: '/orders', contentTypes: ['application/json'], maxBytes: 64 },
  signature: {
    engine: 'segments',
    key: { algorithm: 'hmac-sha256' },
    from: { header: 'x-sign' },
    shape: { kind: 'plain' },
    encoding: 'hex',
    fields: { ts: { from: { header: 'x-time' }, format: 'unix-seconds' } },
    signed: [{ field: 'ts' }, { literal: '.' }, { body: 'raw' }],
  },
  freshness: { field: 'ts', pastSeconds: 300, futureSeconds: 300 },
  replay: { key: ['/id'], keepSeconds: 604800, onDuplicate: 'reject' },
  route: {
    type: '/type',
    unknown: 'reject',
    versions: [{ version: '1', events: { paid: {}, ping: { answer: { pong: { from: ['/id'] } } } } }],
  },
  schema: { required: ['id'], properties: { total: { minimum: 0 } } },
  policy: ['orders.rego'],
  status: { preset: 'rfc' },
};
const FILES = {
  'orders.rego':
    'package orders\n\nimport rego.v1\n\ndeny contains {"id": "blocked", "message": "the shop is blocked"} if ' +
    'input.body.shop == "blocked"\n',
};
const orders = (change = {}) => ({ bundle: 1, contract: { ...ORDERS, ...change }, files: FILES });
const json = { 'content-type': 'application/json' };

let signer;
before(async () => {
  signer = await compile(orders(), { keys: KEYS });
});
after(() => signer.free());

/** A signed order as a Request; `change` breaks it after it was signed. */
function order(
  body = '{"id":"o-1","type":"paid"}',
  { now = NOW, change = (parts) => parts, url = 'https://shop.example.org/orders' } = {},
) {
  const signed = signer.sign({ method: 'POST', url, headers: json, body: new TextEncoder().encode(body) }, { now });
  const { url: to, ...init } = change({ method: 'POST', url, headers: new Headers(signed.headers), body });
  return new Request(to, { duplex: 'half', ...init });
}

/** A guard over orders with what it told, before a handler that counts. */
async function shop(t, options = {}, handler = () => new Response('thanks', { status: 201 })) {
  const told = { verdicts: [], settled: [], storeErrors: [], handled: [] };
  const store = options.store === undefined ? inspectedStore() : options.store;
  const guard = await createGuard({
    contracts: { orders: orders() },
    keys: { orders: KEYS },
    now: () => NOW,
    onVerdict: (event) => told.verdicts.push(event),
    onSettled: (event) => told.settled.push(event),
    onStoreError: (event) => told.storeErrors.push(event),
    ...options,
    store,
  });
  t.after(() => guard.free());
  const send = guard.wrap((request) => {
    told.handled.push(request.delivery.json());
    return handler(request);
  });
  return { guard, store, told, send };
}

describe('what reaches the handler', () => {
  test('the body once more, the event, and what else it was called with', async (t) => {
    const guard = await createGuard({
      contracts: { cs: 'sub2api' },
      keys: { cs: KEYS },
      store: inspectedStore(),
      now: () => NOW,
    });
    t.after(() => guard.free());
    const gate = await compile('sub2api', { keys: KEYS });
    const signed = gate.sign(
      { method: 'POST', url: URL_, headers: json, body: new TextEncoder().encode(BODY) },
      { now: NOW },
    );
    const seen = [];
    const handler = guard.wrap(async (request, ...rest) => {
      const { delivery } = request;
      seen.push(
        await request.json(),
        delivery.json(),
        delivery.event,
        delivery.message.content,
        delivery.replay,
        request.headers.get('content-type'),
        rest,
      );
      return new Response(null, { status: 204 });
    });
    const response = await handler(new Request(signed.url, { ...signed }), 'env', 'ctx');
    assert.equal(response.status, 204);
    assert.deepEqual(seen, [
      JSON.parse(BODY),
      JSON.parse(BODY),
      { id: 'm-1' },
      'hello',
      'claimed',
      'application/json',
      ['env', 'ctx'],
    ]);
  });

  test('check gives the same, and the handler is the caller’s', async (t) => {
    const { guard, store } = await shop(t);
    const delivery = await guard.check(order());
    assert.equal(delivery.ok, true);
    assert.equal(await delivery.request.text(), '{"id":"o-1","type":"paid"}');
    assert.equal(delivery.request.delivery, delivery);
    assert.equal(await delivery.ack(), true);
    assert.equal(await delivery.release(), true, 'what comes second changes nothing');
    assert.deepEqual(
      store.asked.map(([operation]) => operation),
      ['claim', 'complete'],
    );
  });

  test('an empty body too', async (t) => {
    const open = {
      contract: 'open',
      version: 1,
      signature: null,
      payload: { format: 'none' },
      request: { methods: ['GET', 'POST'] },
    };
    const guard = await createGuard({ contracts: { open } });
    t.after(() => guard.free());
    for (const method of ['GET', 'POST']) {
      const answer = await guard.wrap(async (request) =>
        Response.json({ text: await request.text(), replay: request.delivery.replay }),
      )(new Request('https://x.example/', { method, body: method === 'POST' ? '' : undefined }));
      assert.deepEqual(await answer.json(), { text: '', replay: 'none' });
    }
  });
});

describe('what the sender is told', () => {
  const AUTHENTICATION = { type: 'urn:countersign:problem:authentication', title: 'Unauthorized', status: 401 };
  const refusals = {
    'another body': [
      () => order(undefined, { change: (parts) => ({ ...parts, body: '{"id":"o-2","type":"paid"}' }) }),
      AUTHENTICATION,
      'signature-mismatch',
    ],
    'no signature': [
      () =>
        order(undefined, {
          change: (parts) => {
            parts.headers.delete('x-sign');
            return parts;
          },
        }),
      AUTHENTICATION,
      'signature-missing',
    ],
    'a signature that is none': [
      () =>
        order(undefined, {
          change: (parts) => {
            parts.headers.set('x-sign', 'zz');
            return parts;
          },
        }),
      AUTHENTICATION,
      'signature-malformed',
    ],
    'no time': [
      () =>
        order(undefined, {
          change: (parts) => {
            parts.headers.delete('x-time');
            return parts;
          },
        }),
      AUTHENTICATION,
      'timestamp-missing',
    ],
    'a stale time': [() => order(undefined, { now: NOW - 301 }), AUTHENTICATION, 'timestamp-too-old'],
    'a time to come': [() => order(undefined, { now: NOW + 301 }), AUTHENTICATION, 'timestamp-too-new'],
    'another method': [
      () => order(undefined, { change: (parts) => ({ ...parts, method: 'PUT' }) }),
      { type: 'about:blank', title: 'Method Not Allowed', status: 405 },
      'request-method',
      { allow: 'POST' },
    ],
    'another path': [
      () => order(undefined, { change: (parts) => ({ ...parts, url: 'https://shop.example.org/other' }) }),
      { type: 'about:blank', title: 'Not Found', status: 404 },
      'request-path',
    ],
    'another type': [
      () =>
        order(undefined, {
          change: (parts) => {
            parts.headers.set('content-type', 'text/plain');
            return parts;
          },
        }),
      { type: 'about:blank', title: 'Unsupported Media Type', status: 415 },
      'request-content-type',
      { accept: 'application/json' },
    ],
    'too much': [
      () => order(JSON.stringify({ id: 'x'.repeat(64), type: 'paid' })),
      { type: 'about:blank', title: 'Content Too Large', status: 413 },
      'request-too-large',
    ],
    'no JSON': [
      () => order('{"id":'),
      { type: 'about:blank', title: 'Bad Request', status: 400, errors: [{ code: 'json-invalid', offset: 6 }] },
      'json-invalid',
    ],
    'an unknown event': [
      () => order('{"id":"o-1","type":"paied"}'),
      {
        type: 'about:blank',
        title: 'Unprocessable Content',
        status: 422,
        errors: [{ code: 'event-unknown', pointer: '#/type' }],
      },
      'event-unknown',
    ],
    'against the schema': [
      () => order('{"id":"o-1","type":"paid","total":-1}'),
      {
        type: 'about:blank',
        title: 'Unprocessable Content',
        status: 422,
        errors: [{ code: 'schema-minimum', pointer: '#/total' }],
      },
      'schema-minimum',
    ],
    'no id': [
      () => order('{"type":"paid"}'),
      {
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        errors: [{ code: 'replay-key-missing', pointer: '#/id' }],
      },
      'replay-key-missing',
    ],
    'against the policy': [
      () => order('{"id":"o-1","type":"paid","shop":"blocked"}'),
      { type: 'about:blank', title: 'Forbidden', status: 403 },
      'policy-blocked',
    ],
  };
  for (const [name, [make, expected, code, headers = {}]] of Object.entries(refusals)) {
    test(`${name}: ${expected.status}, ${code} to the log alone`, async (t) => {
      const { send, store, told } = await shop(t);
      const response = await send(make());
      const { instance, errors, ...problem } = await response.json();
      const { errors: expectedErrors, ...rest } = expected;
      assert.deepEqual(problem, rest);
      assert.equal(response.status, expected.status);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      assert.equal(response.headers.get('www-authenticate'), expected.status === 401 ? 'Signature' : null);
      for (const [header, value] of Object.entries(headers)) assert.equal(response.headers.get(header), value);
      assert.deepEqual(
        errors?.map(({ detail, ...error }) => {
          assert.equal(typeof detail, 'string');
          return error;
        }),
        expectedErrors,
      );
      assert.deepEqual(told.handled, []);
      assert.deepEqual(store.asked, [], 'nothing is written for what is refused');
      const [{ code: logged, outcome, status, contract, instance: same }] = told.verdicts;
      assert.deepEqual(
        { logged, outcome, status, contract },
        { logged: code, outcome: 'reject', status: expected.status, contract: 'orders' },
      );
      assert.equal(instance, same);
      assert.match(instance, /^urn:uuid:[0-9a-f-]{36}$/);
    });
  }

  test('every refusal of who sent it looks the same, but for its instance', async (t) => {
    const { send } = await shop(t);
    const seen = new Set();
    for (const [make, { type }] of Object.values(refusals).filter(([, { status }]) => status === 401)) {
      const response = await send(make());
      const text = (await response.text()).replace(/[0-9a-f-]{36}/, '');
      seen.add(JSON.stringify([type, response.status, [...response.headers], text]));
    }
    assert.equal(seen.size, 1);
  });

  test('a declared length over the limit is refused unread, and a stream that says none is cut off', async (t) => {
    const { send, told } = await shop(t);
    let pulled = 0;
    const endless = () =>
      new ReadableStream(
        {
          pull: (controller) => {
            pulled += 1;
            controller.enqueue(new Uint8Array(16));
          },
        },
        { highWaterMark: 0 },
      );
    const declared = await send(
      order(undefined, {
        change: (parts) => {
          parts.headers.set('content-length', '5000000000');
          return { ...parts, body: endless() };
        },
      }),
    );
    assert.deepEqual([declared.status, pulled], [413, 0]);
    const chunked = await send(order(undefined, { change: (parts) => ({ ...parts, body: endless() }) }));
    assert.deepEqual([chunked.status, pulled], [413, 5]);
    assert.deepEqual(
      told.verdicts.map(({ bodyBytes }) => bodyBytes),
      [65, 80],
    );
    assert.equal(told.verdicts[0].verdict.findings[0].got, 4294967295, 'as much as the module can hold');
    for (const length of ['1000000000000000000000', 'ten']) {
      pulled = 0;
      const odd = await send(
        order(undefined, {
          change: (parts) => {
            parts.headers.set('content-length', length);
            return { ...parts, body: endless() };
          },
        }),
      );
      assert.ok(odd.status === 413 && pulled <= 5, `${length}: ${odd.status} after ${pulled}`);
    }
  });

  test('a body that breaks off, and one that was read before', async (t) => {
    const { send, told } = await shop(t);
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
    assert.equal((await send(order(undefined, { change: (parts) => ({ ...parts, body: broken }) }))).status, 400);
    const read = order();
    await read.text();
    const response = await send(read);
    assert.equal(response.status, 500);
    assert.match((await response.json()).detail, /call the guard first/);
    assert.deepEqual(
      told.verdicts.map(({ outcome }) => outcome),
      ['aborted', 'body-parsed'],
    );
    assert.equal(new BodyParsedError('mend').message, 'mend');
  });

  test('a handshake is answered, and neither claimed nor handled', async (t) => {
    const { send, store, told } = await shop(t);
    const response = await send(order('{"id":"o-9","type":"ping"}'));
    assert.deepEqual([response.status, await response.json()], [200, { pong: 'o-9' }]);
    assert.deepEqual([told.handled, store.asked, told.verdicts[0].outcome], [[], [], 'answer']);
  });

  test('a status of the contract’s that wants no retry has no problem', async (t) => {
    const { send } = await shop(t, { contracts: { orders: orders({ status: { preset: 'rfc', schema: 202 } }) } });
    const response = await send(order('{"id":"o-1","type":"paid","total":-1}'));
    assert.deepEqual([response.status, await response.text()], [202, '']);
  });
});

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
    assert.deepEqual([again.status, await again.json()], [200, { duplicate: true, message: 'OK' }]);
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
    const { send } = await shop(t, {
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

  test('need somebody to keep them', async () => {
    const options = { contracts, keys: { orders: KEYS }, store: null };
    await assert.rejects(createGuard(options), /nobody is there to keep them/);
    (await createGuard({ ...options, onDeadLetter: null })).free();
  });
});

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
  const { guard, store } = await shop(t);
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
  await assert.rejects(guard.check(request), /no such request/);
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
    'no store': [{ contracts }, /has a replay key, and there is no store/],
    'no contract': [{ contracts: {} }, /contracts is empty/],
    'keys of nobody': [{ contracts, keys: { other: KEYS } }, /keys\.other are for no contract: there are orders/],
    'a route to nothing': [{ contracts, store: null, route: { '/x': 'other' } }, /route\['\/x'\] leads to no contract/],
    'a route without a slash': [{ contracts, store: null, route: { x: 'orders' } }, /must be a path/],
    'paths that are alike': [
      {
        contracts: { a: orders(), b: orders() },
        keys: { a: KEYS, b: KEYS },
        store: null,
        route: { '/x': 'a', '/X/': 'b' },
      },
      /route\['\/X\/'\] differs from another/,
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
    'a client for a store': [{ contracts, store: { get() {}, set() {} } }, /is a client, and no store/],
    'a consistency of its own': [
      { contracts, store: inspectedStore({ consistency: 'yes' }) },
      /store\.consistency must be one of/,
    ],
    'a contract of answers': [{ contracts: { a: 'sub2api-answer' }, store: null }, /judges answers/],
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
      /limits\.headers is given beside contracts\.orders, a gate, which has its own/,
    );
    await assert.rejects(createGuard({ contracts, store: null }), { code: 'key-missing' });
  });

  test('no Request', async (t) => {
    const { guard } = await shop(t);
    await assert.rejects(
      guard.check({ method: 'POST', url: '/', headers: {} }),
      /takes a Request of the Fetch standard/,
    );
    assert.throws(() => guard.wrap(), /takes the function/);
  });
});
