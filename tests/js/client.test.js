// The client's fetch: what it sends again and when, and how it ends. The servers are real; the clock and the waits are
// the tests' own, but where a test needs the platform's.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { createClient } from '../../pkg/client/index.js';
import { freePort } from '../edge/free-port.js';
import { busy, clientOf, down, hello, serverOf, sum } from './client-setup.js';
import { NOW } from './setup.js';

const misuse = (work, message) =>
  assert.rejects(work, (error) => error.constructor === TypeError && message.test(error.message));
const text = async (answer) => [answer.status, await answer.text()];

test('five times 429 with Retry-After: 1, then hello: six requests, by the clock of the platform', async (t) => {
  const { url, came } = await serverOf(t, busy, busy, busy, busy, busy, hello);
  const answer = await createClient().fetch(url);
  assert.equal(await answer.text(), 'hello');
  assert.equal(came.length, 6);
});

test('five times 429 with Retry-After: 1, then hello: the waits are five seconds', async (t) => {
  const { url, came } = await serverOf(t, busy, busy, busy, busy, busy, hello);
  const { client, clock, events } = clientOf();
  assert.deepEqual(await text(await client.fetch(url)), [200, 'hello']);
  assert.equal(came.length, 6);
  assert.deepEqual(clock.waits, [1000, 1000, 1000, 1000, 1000]);
  assert.ok(sum(clock.waits) <= 6000);
  assert.deepEqual(
    events.map(({ attempt, status, reason, waitMilliseconds }) => [attempt, status, reason, waitMilliseconds]),
    [...[0, 1, 2, 3, 4].map((attempt) => [attempt, 429, 'retry-after-seconds', 1000]), [5, 200, undefined, undefined]],
  );
});

test('a request that may have been handled is sent again only if that does no harm', async (t) => {
  for (const [method, status, times] of [
    ...['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'].flatMap((name) =>
      [500, 502, 503, 504].map((code) => [name, code, 2]),
    ),
    ...['POST', 'PATCH'].flatMap((name) => [500, 502, 503, 504].map((code) => [name, code, 1])),
    ...['GET', 'POST', 'PATCH'].flatMap((name) => [408, 425].map((code) => [name, code, 2])),
    ...['GET', 'POST'].flatMap((name) => [400, 401, 403, 404, 409, 422, 501, 505].map((code) => [name, code, 1])),
  ]) {
    const { url, came } = await serverOf(t, [status], hello);
    const answer = await clientOf().client.fetch(url, { method });
    assert.deepEqual([came.length, answer.status], [times, times === 2 ? 200 : status], `${method} ${status}`);
  }
  const { url, came } = await serverOf(t, busy, hello);
  assert.equal((await clientOf().client.fetch(url, { method: 'POST', body: 'order' })).status, 200);
  assert.deepEqual(
    came.map(({ body }) => body),
    ['order', 'order'],
  );
});

test('`idempotent` of a call decides for its method', async (t) => {
  const post = await serverOf(t, down, hello);
  assert.equal((await clientOf().client.fetch(post.url, { method: 'POST', idempotent: true })).status, 200);
  const get = await serverOf(t, down, hello);
  assert.equal((await clientOf().client.fetch(get.url, { idempotent: false })).status, 503);
});

test('what can be sent twice is, byte by byte; a stream is sent once', async (t) => {
  const form = new FormData();
  form.set('name', 'value');
  for (const body of [
    'text',
    new Uint8Array([116, 101]),
    new ArrayBuffer(2),
    new Blob(['te']),
    new URLSearchParams({ a: '1' }),
  ]) {
    const { url, came } = await serverOf(t, busy, hello);
    assert.equal((await clientOf().client.fetch(url, { method: 'POST', body })).status, 200);
    assert.equal(came.length, 2);
    assert.equal(came[0].body, came[1].body);
    assert.ok(came[0].body.length > 0);
  }
  const sent = await serverOf(t, busy, hello);
  assert.equal((await clientOf().client.fetch(sent.url, { method: 'POST', body: form })).status, 200);
  assert.ok(
    sent.came.every(({ headers, body }) => body.startsWith(`--${/boundary=(.*)/.exec(headers['content-type'])[1]}`)),
  );

  for (const call of [
    (url) => [url, { method: 'POST', body: new Blob(['a stream']).stream(), duplex: 'half' }],
    (url) => [new Request(url, { method: 'POST', body: 'a stream' })],
    (url) => [new Request(url, { method: 'PUT', body: 'a stream' }), {}],
  ]) {
    const { url, came } = await serverOf(t, busy, hello);
    const { client, clock } = clientOf();
    assert.equal((await client.fetch(...call(url))).status, 429);
    assert.deepEqual([came.length, came[0].body, clock.waits], [1, 'a stream', []]);
  }
  const { url, came } = await serverOf(t, busy, hello);
  assert.equal((await clientOf().client.fetch(new Request(url, { headers: { 'x-a': '1' } }))).status, 200);
  assert.deepEqual(
    came.map(({ headers }) => headers['x-a']),
    ['1', '1'],
  );
});

test('no answer: a GET is sent again, a POST is not, and the error is that of fetch', async (t) => {
  const cut = (request) => request.socket.destroy();
  const get = await serverOf(t, cut, cut, hello);
  assert.deepEqual(await text(await clientOf().client.fetch(get.url)), [200, 'hello']);
  assert.equal(get.came.length, 3);
  const post = await serverOf(t, cut, hello);
  const { client, events } = clientOf();
  await misuse(client.fetch(post.url, { method: 'POST' }), /fetch failed/);
  assert.equal(post.came.length, 1);
  assert.deepEqual(
    events.map(({ status, waitMilliseconds }) => [status, waitMilliseconds]),
    [[0, undefined]],
  );
  const none = await serverOf(t, cut);
  await misuse(clientOf({ retries: 2 }).client.fetch(none.url), /fetch failed/);
  assert.equal(none.came.length, 3);
});

test('after the last attempt the answer is returned as it came', async (t) => {
  const { url, came } = await serverOf(t, busy);
  const { client, clock } = clientOf({ retries: 2 });
  assert.deepEqual(await text(await client.fetch(url)), [429, 'Server limit reached']);
  assert.deepEqual([came.length, clock.waits], [3, [1000, 1000]]);
  assert.equal((await clientOf({ retries: 0 }).client.fetch(url)).status, 429);
});

test('a date is waited for, whatever its weekday, and one that is past is not', async (t) => {
  const date = new Date((NOW + 42) * 1000).toUTCString();
  const wrong = date.replace(/^\w{3}/, (day) => (day === 'Mon' ? 'Tue' : 'Mon'));
  for (const given of [date, wrong]) {
    const { url } = await serverOf(t, [429, { 'retry-after': given }], hello);
    const { client, clock } = clientOf();
    assert.equal((await client.fetch(url)).status, 200);
    assert.deepEqual(clock.waits, [42_000], given);
  }
  const { url } = await serverOf(t, [503, { 'retry-after': new Date(0).toUTCString() }], hello);
  const { client, clock } = clientOf();
  assert.equal((await client.fetch(url)).status, 200);
  assert.ok(clock.waits[0] >= 250 && clock.waits[0] <= 500, `${clock.waits}`);
});

test('X-RateLimit-Reset is waited for, and without either header it is backoff, that grows', async (t) => {
  const reset = await serverOf(t, [429, { 'x-ratelimit-reset': String(NOW + 7) }], hello);
  const first = clientOf();
  await first.client.fetch(reset.url);
  assert.deepEqual(first.clock.waits, [7000]);
  const { url } = await serverOf(t, down, down, down, down, hello);
  const { client, clock, events } = clientOf();
  await client.fetch(url);
  const ceilings = [500, 1000, 2000, 4000];
  assert.equal(clock.waits.length, 4);
  for (const [index, wait] of clock.waits.entries())
    assert.ok(wait >= ceilings[index] / 2 && wait <= ceilings[index], `${clock.waits}`);
  assert.deepEqual(
    events.map(({ reason }) => reason),
    [...Array(4).fill('backoff'), undefined],
  );
});

test('a wait beyond what a call may take is not begun', async (t) => {
  for (const [given, options] of [
    ['86400', {}],
    ['9'.repeat(400), {}],
    [new Date((NOW + 7200) * 1000).toUTCString(), {}],
    ['11', { totalMilliseconds: 10_000 }],
  ]) {
    const { url, came } = await serverOf(t, [429, { 'retry-after': given }, 'later']);
    const { client, clock } = clientOf(options);
    assert.deepEqual(await text(await client.fetch(url)), [429, 'later']);
    assert.deepEqual([came.length, clock.waits], [1, []]);
  }
  const { url, came } = await serverOf(t, [429, { 'retry-after': '4' }]);
  const { client, clock } = clientOf({ totalMilliseconds: 10_000 });
  assert.equal((await client.fetch(url)).status, 429);
  assert.deepEqual([came.length, clock.waits], [3, [4000, 4000]]);
});

test('the quota of the bot, else of the tenant, shortens every wait', async (t) => {
  const quotas = { bots: { b7: { maxSeconds: 2 } }, tenants: { acme: { maxSeconds: 30 } } };
  for (const [context, wait] of [
    [{ tenant_id: 'acme', bot_id: 'b7' }, 2000],
    [{ tenant_id: 'acme', bot_id: 'other' }, 30_000],
    [{ tenant_id: 'acme' }, 30_000],
    [{ tenant_id: 'constructor' }, 100_000],
    [undefined, 100_000],
  ]) {
    const { url } = await serverOf(t, [429, { 'retry-after': '100' }], hello);
    const { client, clock, events } = clientOf({ quotas });
    assert.equal((await client.fetch(url, { context })).status, 200);
    assert.deepEqual(clock.waits, [wait], JSON.stringify(context));
    assert.deepEqual(events[0].context, context ?? {});
  }
  const { url } = await serverOf(t, down, down, down, down, hello);
  const { client, clock } = clientOf({ quotas });
  await client.fetch(url, { context: { bot_id: 'b7' } });
  assert.equal(clock.waits.length, 4);
  assert.ok(
    clock.waits.every((wait) => wait <= 2000),
    `${clock.waits}`,
  );
});

test('Retry-After: 0 and below stop where the receiver means that, else are backoff', async (t) => {
  for (const given of ['0', '-1']) {
    const stopped = await serverOf(t, [503, { 'retry-after': given }], hello);
    assert.equal((await clientOf({ retryAfterZero: 'stop' }).client.fetch(stopped.url)).status, 503);
    assert.equal(stopped.came.length, 1);
    const { url } = await serverOf(t, [503, { 'retry-after': given }], hello);
    const { client, clock } = clientOf();
    assert.equal((await client.fetch(url)).status, 200);
    assert.ok(clock.waits[0] >= 250 && clock.waits[0] <= 500, `${given}: ${clock.waits}`);
  }
});

test('a signal ends a wait and an attempt, with its reason, and nothing is sent after', async (t) => {
  const reason = new Error('the user left');
  const waiting = await serverOf(t, [429, { 'retry-after': '100' }], hello);
  const controller = new AbortController();
  const client = createClient({ onAttempt: () => setTimeout(() => controller.abort(reason), 5) });
  await assert.rejects(client.fetch(waiting.url, { signal: controller.signal }), reason);
  assert.equal(waiting.came.length, 1);
  await assert.rejects(client.fetch(waiting.url, { signal: controller.signal }), reason);
  assert.equal(waiting.came.length, 1);

  const slow = new AbortController();
  const never = await serverOf(t, () => slow.abort(reason));
  const { client: other, events } = clientOf();
  await assert.rejects(other.fetch(new Request(never.url, { signal: slow.signal })), reason);
  assert.deepEqual([never.came.length, events], [1, []]);

  const reading = new AbortController();
  const half = await serverOf(t, (_, response) => response.writeHead(200).write('half'));
  const answer = await createClient().fetch(half.url, { signal: reading.signal });
  reading.abort(reason);
  await assert.rejects(answer.text());
});

test('an attempt that takes too long is one without an answer; the total bounds them all', async (t) => {
  const never = await serverOf(t, () => {}, hello);
  assert.deepEqual(await text(await clientOf({ attemptMilliseconds: 30 }).client.fetch(never.url)), [200, 'hello']);
  const post = await serverOf(t, () => {}, hello);
  const late = (error) => error.name === 'TimeoutError' && /no answer came within 30 ms/.test(error.message);
  await assert.rejects(clientOf({ attemptMilliseconds: 30 }).client.fetch(post.url, { method: 'POST' }), late);
  const always = await serverOf(t, () => {});
  const client = createClient({ totalMilliseconds: 60, baseMilliseconds: 1 });
  await assert.rejects(client.fetch(always.url), { name: 'TimeoutError' });
  // What is read after the head has no timer.
  const slow = await serverOf(t, (_, response) => {
    response.writeHead(200).write('he');
    setTimeout(() => response.end('llo'), 60);
  });
  assert.equal(await (await clientOf({ attemptMilliseconds: 30 }).client.fetch(slow.url)).text(), 'hello');
});

test('the body of an answer that is not returned is cancelled, and no other', async () => {
  const cancelled = [];
  let calls = 0;
  const fetch = async function () {
    assert.equal(this, undefined); // a browser's fetch refuses to be a method
    const call = (calls += 1);
    const body = new ReadableStream({ cancel: () => void cancelled.push(call) });
    return new Response(body, { status: call < 3 ? 503 : 200 });
  };
  const answer = await clientOf({ fetch }).client.fetch('http://127.0.0.1/');
  assert.deepEqual([answer.status, answer.body.locked, cancelled], [200, false, [1, 2]]);
});

test('redirects are those of fetch', async (t) => {
  const moved = [302, { location: '/there' }];
  const { url, came } = await serverOf(t, moved, busy, moved, hello);
  assert.deepEqual(await text(await clientOf().client.fetch(url)), [200, 'hello']);
  assert.deepEqual(
    came.map((request) => request.url),
    ['/', '/there', '/', '/there'],
  );
  const manual = await serverOf(t, moved);
  assert.equal((await clientOf().client.fetch(manual.url, { redirect: 'manual' })).status, 302);
  // A browser hides it: an answer came all the same.
  const hidden = Object.defineProperties(new Response(), { type: { value: 'opaqueredirect' }, status: { value: 0 } });
  const { client } = clientOf({ fetch: async () => hidden });
  for (let call = 0; call < 9; call += 1) assert.equal((await client.fetch('https://a.example/')).status, 0);
});

test('a call keeps its own retries: five failures of one call, of each kind, then hello', async (t) => {
  const cut = (request) => request.socket.destroy();
  for (const [name, failure, options] of [
    ['503', [503, { 'retry-after': '1' }], { retries: 10 }],
    ['500', [500], {}],
    ['429 that says 0', [429, { 'retry-after': '0' }], {}],
    ['no answer', cut, {}],
  ]) {
    const { url, came } = await serverOf(t, ...Array(5).fill(failure), hello);
    const { client, clock, events } = clientOf(options);
    assert.deepEqual(await text(await client.fetch(url)), [200, 'hello'], name);
    assert.equal(came.length, 6);
    assert.ok(sum(clock.waits) <= 16_000, `${name}: ${clock.waits}`);
    assert.ok(events.every(({ opened }) => opened === undefined));
  }
  const { url, came } = await serverOf(t, down);
  assert.equal((await clientOf({ retries: 7 }).client.fetch(url)).status, 503);
  assert.equal(came.length, 8);
});

test('five times 503 with Retry-After: 1, then hello: about five seconds, by the clock of the platform', async (t) => {
  const { url, came } = await serverOf(t, ...Array(5).fill([503, { 'retry-after': '1' }]), hello);
  const started = performance.now();
  assert.deepEqual(await text(await createClient().fetch(url)), [200, 'hello']);
  const seconds = (performance.now() - started) / 1000;
  assert.ok(came.length === 6 && seconds >= 4.9 && seconds < 10, `${seconds}`);
});

test('nobody listens for five attempts, then somebody does', async (t) => {
  const port = await freePort();
  const server = createServer((_, response) => response.end('hello'));
  t.after(() => server.close().closeAllConnections());
  const codes = [];
  const client = createClient({
    baseMilliseconds: 20,
    async fetch(...args) {
      if (codes.length === 5) await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
      return fetch(...args).catch((error) => {
        codes.push(error.cause.code);
        throw error;
      });
    },
  });
  assert.deepEqual(await text(await client.fetch(`http://127.0.0.1:${port}/`)), [200, 'hello']);
  assert.deepEqual(codes, Array(5).fill('ECONNREFUSED'));
});

test('an observer that throws changes nothing, and is told', async (t) => {
  const { url } = await serverOf(t, busy, hello);
  const { mock } = t.mock.method(console, 'error', () => {});
  const { client } = clientOf({ onAttempt: () => assert.fail('no') });
  assert.equal((await client.fetch(url)).status, 200);
  assert.deepEqual(
    mock.calls.map((call) => call.arguments[0]),
    Array(2).fill('countersign: onAttempt threw'),
  );
});

test('misuse of options is named when the client is made', () => {
  const wrong = (options, message) =>
    assert.throws(
      () => createClient(options),
      (error) => error.constructor === TypeError && message.test(error.message),
    );
  wrong({ retry: 3 }, /^unknown option `retry`: there are fetch, sleep, now, onAttempt, retries/);
  wrong(null, /^options must be an object/);
  for (const name of ['fetch', 'sleep', 'now', 'onAttempt'])
    wrong({ [name]: 5 }, new RegExp(`^${name} must be a function, got number`));
  for (const retries of [-1, 1.5, 101, '5', NaN, null])
    wrong({ retries }, /^retries must be a whole number from 0 to 100, got /);
  for (const name of ['totalMilliseconds', 'attemptMilliseconds', 'baseMilliseconds', 'maxMilliseconds'])
    for (const value of [0, 2 ** 31, Infinity])
      wrong({ [name]: value }, new RegExp(`^${name} must be a whole number from 1 to 2147483647, got ${value}`));
  wrong({ limit: { request: 5 } }, /^unknown option `request`: there are requests, windowSeconds/);
  wrong({ limit: { requests: 0 } }, /^limit\.requests must be a whole number from 1 to 10000, got 0/);
  wrong({ limit: 5 }, /must be an object, got number/);
});

test('misuse of a call is named before anything is sent', async () => {
  const sent = [];
  const fetch = async (...args) => sent.push(args);
  const { client } = clientOf({ fetch });
  const url = 'https://api.example.com/';
  await misuse(client.fetch('/relative'), /parse URL|Invalid URL/i);
  await misuse(client.fetch('data:,hello'), /^a client sends by http and https, not by data:/);
  await misuse(client.fetch(url, { method: 'GET', body: 'x' }), /GET/);
  await misuse(client.fetch(url, { context: { tenantId: 'a' } }), /^context\.tenantId: unknown member `tenantId`/);
  await misuse(client.fetch(url, { context: { bot_id: 7 } }), /^context\.bot_id: a string is meant here/);
  await misuse(
    client.fetch(url, { context: 'acme' }),
    /^context: an object such as \{ tenant_id, bot_id \} is meant here/,
  );
  await misuse(client.fetch(url, { idempotent: 'yes' }), /^idempotent must be a boolean, got string/);
  await misuse(client.fetch(url, { receiver: '' }), /^receiver must be a string that is not empty/);
  await misuse(
    client.fetch(url, { dpop: { key: {} } }),
    /^dpop\.key must be a key of createDpopKey\(\), got an object/,
  );
  await misuse(clientOf({ fetch, quotas: { bots: { b: 5 } } }).client.fetch(url), /^quotas\.bots\.b/);
  await misuse(clientOf({ fetch, retryAfterZero: 'never' }).client.fetch(url), /^retryAfterZero/);
  assert.deepEqual(sent, []);
  await misuse(client.fetch(url), /^fetch must give a Response, got number/);
});
