// Deliveries: a message to a hook, signed by the hook's contract, to a receiver that judges it by the same registry.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createClient } from '../../pkg/client/index.js';
import { loadRegistry } from '../../pkg/node.js';
import { clockAt, inTurn, serverOf, timeFrom } from './client-setup.js';
import { NOW } from './setup.js';

const SECRET = 'replace-with-real-secret';
const MESSAGE = { source: { platform: 'A Niubility Platform' }, target: { name: 'Barret Lee' }, data: { bug: 7 } };
const contract = {
  contract: 'bug',
  version: 1,
  request: { contentTypes: ['application/json'] },
  signature: {
    engine: 'segments',
    key: { algorithm: 'hmac-sha256' },
    from: { header: 'x-webhook-sign' },
    shape: { kind: 'plain' },
    encoding: 'hex',
    fields: { ts: { from: { header: 'x-time' }, format: 'unix-seconds' } },
    signed: [{ field: 'ts' }, { literal: '.' }, { body: 'raw' }],
  },
  freshness: { field: 'ts', pastSeconds: 60, futureSeconds: 5 },
  schema: { required: ['source', 'target', 'data'] },
};

/** A registry with the hook `li` at this address, as the sender has it or, with another key, the receiver. */
const registryOf = (uri, { secret = SECRET, rules = {}, ...hook } = {}) =>
  loadRegistry(
    {
      version: 1,
      hooks: [
        { id: 'li', uri, enabled: true, contract: './bug.json', ...hook },
        { id: 'wang', uri: 'https://wang.example/', enabled: false, reason: 'moved on 2026-10-01' },
      ],
    },
    { contracts: { './bug.json': { contract: { ...contract, ...rules } } }, keys: { li: [{ secret }] } },
  );

/** A server that answers what the registry of its receiver says. */
async function receiver(t, options, before = []) {
  let registry;
  let base;
  const outcomes = [];
  const judge = async (request, response) => {
    const { method, url, headersDistinct: headers } = request;
    const body = Buffer.from(came.at(-1).body);
    const outcome = registry.check({ method, url: base + url.slice(1), headers, body }, { now: clock.seconds });
    outcomes.push(outcome);
    const { status, contentType, body: said } = outcome.answer;
    response.writeHead(status, contentType ? { 'content-type': contentType } : {});
    response.end(said === undefined ? undefined : JSON.stringify(said));
  };
  const clock = clockAt();
  const { url, came } = await serverOf(t, ...before, judge);
  base = url;
  registry = await registryOf(`${url}hook`, options);
  return { uri: `${url}hook`, came, outcomes, clock };
}

const senderOf = ({ clock }, options) => createClient({ now: clock.now, sleep: clock.sleep, ...options });

test('a delivery is signed by the contract of its hook, and its receiver accepts it', async (t) => {
  const there = await receiver(t);
  const registry = await registryOf(there.uri);
  const client = senderOf(there);
  for (const message of [MESSAGE, JSON.stringify(MESSAGE), Buffer.from(JSON.stringify(MESSAGE))]) {
    const { action, reason, status, attempts, disable } = await client.deliver(registry, 'li', message, {
      headers: { 'x-event': 'bug' },
      failures: 2,
    });
    assert.deepEqual([action, reason, status, attempts, disable.failures], ['done', 'received', 200, 1, 0]);
  }
  assert.deepEqual(
    there.outcomes.map(({ verdict }) => verdict.verdict),
    ['accept', 'accept', 'accept'],
  );
  const [{ method, headers, body }] = there.came;
  assert.deepEqual([method, headers['content-type'], headers['x-event']], ['POST', 'application/json', 'bug']);
  assert.deepEqual(JSON.parse(body), MESSAGE);
});

test('each attempt is signed anew: a long wait does not make it stale', async (t) => {
  const there = await receiver(t, {}, [
    [503, { 'retry-after': '90' }],
    [429, { 'retry-after': '1' }],
  ]);
  const registry = await registryOf(there.uri);
  const { action, attempts } = await senderOf(there).deliver(registry, 'li', MESSAGE);
  assert.deepEqual([action, attempts, there.clock.waits], ['done', 3, [90_000, 1000]]);
  assert.deepEqual(
    there.came.map(({ headers }) => Number(headers['x-time'])),
    [NOW, NOW + 90, NOW + 91],
  );
});

test('a refused signature ends the delivery, and as many in a row as the hook takes disable it', async (t) => {
  const there = await receiver(t, { secret: 'another-secret-of-theirs' });
  const registry = await registryOf(there.uri, { disableAfter: 3 });
  let failures = 0;
  for (const expected of [false, false, true]) {
    const { action, reason, status, attempts, disable } = await senderOf(there).deliver(registry, 'li', MESSAGE, {
      failures,
    });
    failures = disable.failures;
    assert.deepEqual(
      [action, reason, status, attempts, disable.decision],
      ['drop', 'signature-refused', 401, 1, expected],
    );
  }
  assert.equal(failures, 3);
});

test('what the receiver will refuse again is not sent again; 410 disables the hook', async (t) => {
  for (const [answers, reason, disabled] of [
    [[[422]], 'message-refused', false],
    [[[410]], 'gone', true],
    [[[302, { location: '/elsewhere' }], [200]], 'redirected', false],
  ]) {
    const { url, came } = await serverOf(t, ...answers);
    const settled = await senderOf({ clock: clockAt() }).deliver(await registryOf(url), 'li', MESSAGE);
    assert.deepEqual([settled.action, settled.reason, settled.disable.decision], ['drop', reason, disabled]);
    assert.equal(came.length, 1);
  }
});

test('no answer, and no receipt where the message asks for one, are tried again', async (t) => {
  const cut = (request) => request.socket.destroy();
  const half = (request, response) => {
    response.writeHead(200, { 'content-length': 50 }).write('{"rec');
    setTimeout(() => request.socket.destroy(), 5);
  };
  const receipt = [200, {}, '{"received":true}'];
  const { url, came } = await serverOf(t, cut, half, [200, {}, 'ok'], receipt);
  const clock = clockAt();
  const reasons = [];
  const client = senderOf({ clock }, { onAttempt: ({ status, reason }) => reasons.push([status, reason]) });
  const settled = await client.deliver(await registryOf(url), 'li', { ...MESSAGE, needCallback: true });
  assert.deepEqual([settled.action, settled.attempts, came.length], ['done', 4, 4]);
  assert.deepEqual(
    reasons.map(([status]) => status),
    [0, 0, 200, 200],
  );
  assert.equal(clock.waits.length, 3);
  assert.ok(
    clock.waits.every((wait, index) => wait >= 250 && wait <= 500 * 2 ** index),
    `${clock.waits}`,
  );
  const other = await serverOf(t, [200, {}, 'ok']);
  assert.equal((await client.deliver(await registryOf(other.url), 'li', MESSAGE)).action, 'done');
  const { action } = await senderOf({ clock }, { retries: 0 }).deliver(await registryOf(other.url), 'li', MESSAGE, {
    receipt: true,
  });
  assert.equal(action, 'retry');
});

test('the contract of the hook says what its answers mean', async (t) => {
  const { url } = await serverOf(t, [503, { 'retry-after': '0' }], [200]);
  const stop = await registryOf(url, { rules: { retry: { retryAfterZero: 'stop' } } });
  const { action, reason } = await senderOf({ clock: clockAt() }).deliver(stop, 'li', MESSAGE);
  assert.deepEqual([action, reason], ['drop', 'not-again']);
  const other = await serverOf(t, [503], [503, { 'retry-after': '500' }], [200]);
  const own = await registryOf(other.url, { rules: { retry: { defaultSeconds: 20, maxSeconds: 40 } } });
  const clock = clockAt();
  assert.equal((await senderOf({ clock }).deliver(own, 'li', MESSAGE)).action, 'done');
  assert.deepEqual(clock.waits, [20_000, 40_000]);
});

test('what is left at the end says when to go on', async (t) => {
  const { url, came } = await serverOf(t, [429, { 'retry-after': '3600' }]);
  const registry = await registryOf(url);
  const later = await senderOf({ clock: clockAt() }).deliver(registry, 'li', MESSAGE);
  assert.deepEqual(
    [later.action, later.status, later.attempts, later.delay.milliseconds],
    ['retry', 429, 1, 3_600_000],
  );
  const quotas = { tenants: { acme: { maxSeconds: 60 } } };
  const clock = clockAt();
  const client = senderOf({ clock }, { retries: 1, quotas });
  const shorter = await client.deliver(registry, 'li', MESSAGE, { context: { tenant_id: 'acme' } });
  assert.deepEqual([shorter.delay.milliseconds, shorter.delay.bounded, clock.waits], [60_000, 'quota', [60_000]]);
  assert.equal(came.length, 3);
  const down = await serverOf(t, [500]);
  const failing = await registryOf(down.url);
  const gone = await client.deliver(failing, 'li', MESSAGE);
  assert.deepEqual([gone.action, gone.reason, gone.attempts], ['retry', 'try-later', 2]);
});

test('a delivery keeps its own attempts: five failures, then it arrives', async (t) => {
  const cut = (request) => request.socket.destroy();
  for (const failure of [[503, { 'retry-after': '1' }], [500], cut]) {
    const { url, came } = await serverOf(t, ...Array(5).fill(failure), [200]);
    const settled = await senderOf({ clock: clockAt() }).deliver(await registryOf(url), 'li', MESSAGE);
    assert.deepEqual([settled.action, settled.status, settled.attempts, came.length], ['done', 200, 6, 6]);
  }
});

test('five deliveries in a row that fail open the circuit; only a new one throws', async (t) => {
  const { url, came } = await serverOf(t, [500]);
  const registry = await registryOf(url);
  const client = senderOf({ clock: clockAt() }, { retries: 0 });
  await inTurn(5, async () => assert.equal((await client.deliver(registry, 'li', MESSAGE)).action, 'retry'));
  await assert.rejects(client.deliver(registry, 'li', MESSAGE), {
    name: 'CircuitOpenError',
    reason: 'too-many-failures',
  });
  assert.equal(came.length, 5);

  const time = timeFrom();
  const down = createClient({ fetch: async () => new Response('', { status: 503 }), now: time.now, sleep: time.sleep });
  const all = Promise.all(Array.from({ length: 9 }, () => down.deliver(registry, 'li', MESSAGE)));
  await time.pass(120);
  for (const { action, reason, status, attempts } of await all) {
    assert.deepEqual([action, reason, status], ['retry', 'try-later', 503]);
    assert.ok(attempts >= 1 && attempts <= 4, `${attempts}`);
  }
});

test('a signal ends a delivery', async (t) => {
  const { url } = await serverOf(t, [503, { 'retry-after': '60' }]);
  const controller = new AbortController();
  const client = createClient({ onAttempt: () => setTimeout(() => controller.abort(), 5) });
  await assert.rejects(client.deliver(await registryOf(url), 'li', MESSAGE, { signal: controller.signal }), {
    name: 'AbortError',
  });
});

test('misuse of a delivery is named before anything is sent', async () => {
  const sent = [];
  const client = createClient({ fetch: async (url) => new Response(sent.push(url)) });
  const registry = await registryOf('https://li.example/');
  const misuse = (args, message) =>
    assert.rejects(client.deliver(...args), (error) => error.constructor === TypeError && message.test(error.message));
  await misuse([registry, 'lee', MESSAGE], /^there is no hook `lee`; did you mean `li`\?$/);
  await misuse([registry, 'sun', MESSAGE], /^there is no hook `sun`/);
  await misuse([registry, 'wang', MESSAGE], /^the hook `wang` is disabled: moved on 2026-10-01$/);
  await misuse([registry, 7, MESSAGE], /^hook must be the id of a hook, a string, got number/);
  await misuse([{}, 'li', MESSAGE], /^registry must be a registry of loadRegistry\(\), got an object/);
  await misuse([registry, 'li', undefined], /^message must be a document, a text or a Uint8Array, got undefined/);
  await misuse(
    [registry, 'li', MESSAGE, { header: {} }],
    /^unknown option `header`: there are context, failures, headers/,
  );
  await misuse([registry, 'li', MESSAGE, { failures: -1 }], /^failures must be a whole number/);
  await misuse([registry, 'li', MESSAGE, { receipt: 'yes' }], /^receipt must be a boolean/);
  await misuse([registry, 'li', MESSAGE, { context: { bot: 'a' } }], /^context\.bot: unknown member `bot`/);
  await misuse([registry, 'li', MESSAGE, { receiver: 5 }], /^receiver must be a string that is not empty/);
  await misuse([registry, 'li', MESSAGE, { headers: 'x-a: 1' }], /^headers must be Headers/);
  registry.free();
  await misuse([registry, 'li', MESSAGE], /freed/);
  assert.deepEqual(sent, []);
});
