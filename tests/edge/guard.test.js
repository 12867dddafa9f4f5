// The guard, over Requests: what reaches the handler, what the sender is told, and what is asked of the store.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { BodyParsedError, createGuard } from '../../pkg/edge/index.js';
import { compile } from '../../pkg/node.js';
import { inspectedStore } from './inspected-store.js';
import { BODY, json, KEYS, NOW, order, orders, shop, URL_ } from './guard/shop.js';

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
      { title: 'Method Not Allowed', status: 405 },
      'request-method',
      { allow: 'POST' },
    ],
    'another path': [
      () => order(undefined, { change: (parts) => ({ ...parts, url: 'https://shop.example.org/other' }) }),
      { title: 'Not Found', status: 404 },
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
      { title: 'Unsupported Media Type', status: 415 },
      'request-content-type',
      { accept: 'application/json' },
    ],
    'too much': [
      () => order(JSON.stringify({ id: 'x'.repeat(64), type: 'paid' })),
      { title: 'Content Too Large', status: 413 },
      'request-too-large',
    ],
    'no JSON': [
      () => order('{"id":'),
      { title: 'Bad Request', status: 400, errors: [{ code: 'json-invalid', offset: 6 }] },
      'json-invalid',
    ],
    'an unknown event': [
      () => order('{"id":"o-1","type":"paied"}'),
      {
        title: 'Unprocessable Content',
        status: 422,
        errors: [{ code: 'event-unknown', pointer: '#/type' }],
      },
      'event-unknown',
    ],
    'against the schema': [
      () => order('{"id":"o-1","type":"paid","total":-1}'),
      {
        title: 'Unprocessable Content',
        status: 422,
        errors: [{ code: 'schema-minimum', pointer: '#/total' }],
      },
      'schema-minimum',
    ],
    'no id': [
      () => order('{"type":"paid"}'),
      {
        title: 'Bad Request',
        status: 400,
        errors: [{ code: 'replay-key-missing', pointer: '#/id' }],
      },
      'replay-key-missing',
    ],
    'against the policy': [
      () => order('{"id":"o-1","type":"paid","shop":"blocked"}'),
      { title: 'Forbidden', status: 403, errors: [{ code: 'policy-blocked' }] },
      'policy-blocked',
    ],
  };
  for (const [name, [make, expected, code, headers = {}]] of Object.entries(refusals)) {
    test(`${name}: ${expected.status}, ${code} to the log`, async (t) => {
      const { send, store, told } = await shop(t);
      const response = await send(make());
      const { instance, errors, ...problem } = await response.json();
      const { errors: expectedErrors, ...rest } = expected;
      assert.deepEqual(problem, { type: `urn:countersign:code:${code}`, ...rest });
      assert.equal(response.status, expected.status);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      assert.equal(response.headers.get('www-authenticate'), expected.status === 401 ? 'Signature' : null);
      for (const [header, value] of Object.entries(headers)) assert.equal(response.headers.get(header), value);
      assert.deepEqual(
        errors?.map(({ detail, ...error }) => {
          assert.equal(typeof detail, /^policy-/.test(error.code) ? 'undefined' : 'string');
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
    assert.equal(told.verdicts[0].verdict.findings[0].got, 5_000_000_000);
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
