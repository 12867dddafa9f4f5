// Retrying from JavaScript: misuse, the containers of headers, dates as the platform writes them, and the documented
// loop against a server. What the functions give is in tests/cases.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { backoff, breaker, negotiation, retryDelay } from '../../pkg/node.js';
import { serverOf, sum } from './client-setup.js';
import { folder, NOW, ROOT } from './setup.js';

const misuse = (work, message) =>
  assert.throws(work, (error) => error.constructor === TypeError && message.test(error.message));
const wait = (headers, options) => retryDelay(headers, { now: NOW, ...options });

test('every common container of headers reads the same', () => {
  const expected = { milliseconds: 5000, reason: 'retry-after-seconds', retry: true };
  const twice = new Headers([
    ['retry-after', '5'],
    ['retry-after', '5'],
  ]);
  for (const headers of [
    new Headers({ 'Retry-After': '5' }),
    new Map([['Retry-After', '5']]),
    [['retry-after', '5']],
    { 'RETRY-AFTER': '5' },
    { 'retry-after': ['5'] },
    { 'retry-after': ['5', '5'] },
    twice,
  ]) {
    assert.deepEqual(wait(headers), expected);
  }
  for (const headers of [
    new Headers([
      ['retry-after', '5'],
      ['retry-after', '6'],
    ]),
    { 'retry-after': ['5', '6'] },
  ]) {
    assert.equal(wait(headers).reason, 'retry-after-malformed');
  }
});

test('a date as the platform writes it is that date', () => {
  for (let step = 0; step < 2000; step += 1) {
    const seconds = NOW + ((step * 7_919_317) % 2_000_000);
    const text = new Date(seconds * 1000).toUTCString();
    const { milliseconds, reason } = wait({ 'retry-after': text }, { maxSeconds: 2_147_483 });
    assert.deepEqual(
      [milliseconds, reason],
      [(seconds - NOW) * 1000, seconds > NOW ? 'retry-after-date' : 'retry-after-past'],
      text,
    );
  }
});

test('now is the clock, a Date or seconds, as everywhere', () => {
  const headers = { 'x-ratelimit-reset': String(NOW + 60) };
  for (const now of [NOW, NOW + 0.9, new Date(NOW * 1000 + 999)])
    assert.equal(retryDelay(headers, { now }).milliseconds, 60_000);
  const soon = { 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 60) };
  for (const options of [undefined, {}, { now: undefined }])
    assert.ok(Math.abs(retryDelay(soon, options).milliseconds - 60_000) <= 5000);
  assert.equal(breaker(breaker(undefined, { status: 429 })).allow, false);
  for (const call of [(now) => wait({}, { now }), (now) => breaker(undefined, undefined, { now })]) {
    misuse(() => call(NOW * 1000), /seconds, not milliseconds/);
    for (const now of [NaN, Infinity, String(NOW), null, 5n, new Date(NaN)])
      misuse(() => call(now), /^now must be a valid Date or a number/);
  }
});

test('retryDelay: what is not meant is named', () => {
  misuse(() => wait(undefined), /^headers must be Headers, a list of pairs or a plain object, got undefined/);
  misuse(() => wait('retry-after: 5'), /^headers must be Headers/);
  misuse(
    () => wait(new Response('', { headers: { 'retry-after': '5' } })),
    /^headers must be Headers.*got an object \(Response\) that has them: pass response\.headers/,
  );
  misuse(
    () => breaker(undefined, { status: 429, headers: new Response() }),
    /^answer\.headers must be Headers.*pass response\.headers/,
  );
  for (const reason of [5, true, {}, []])
    misuse(
      () => breaker({ state: 'open', allow: false, failures: 5, probeAt: 30, reason }),
      /^state\.reason must be a string/,
    );
  assert.equal(wait({ headers: ['x'], 'retry-after': '5' }).milliseconds, 5000); // a header of that name
  misuse(() => wait(['retry-after', '5']), /^headers must be pairs of name and value/);
  misuse(() => wait({ 'retry-after': 5 }), /^header values must be strings, got number/);
  misuse(() => wait({}, { maxSecond: 5 }), /^unknown option `maxSecond`: there are now, context/);
  misuse(() => retryDelay({}, null), /^options must be an object/);
  for (const maxSeconds of [NaN, Infinity, -Infinity])
    misuse(() => wait({}, { maxSeconds }), /^maxSeconds must be plain JSON, got -?(NaN|Infinity)/);
  misuse(() => wait({}, { maxSeconds: 1e10 }), /^maxSeconds: /);
  misuse(() => wait({}, { maxSeconds: 5n }), /BigInt/);
  misuse(() => wait({}, { maxSeconds: 2_147_484 }), /^maxSeconds: at most 2147483 seconds/);
  misuse(() => wait({}, { retryAfterZero: true }), /^retryAfterZero: a string is meant here/);
  misuse(() => wait({}, { context: { tenantId: 'a' } }), /^context\.tenantId: unknown member `tenantId`/);
  misuse(() => wait({}, { quotas: new Map([['tenants', {}]]) }), /^quotas must be plain JSON, got an object \(Map\)/);
  misuse(
    () => wait({}, { quotas: { tenants: new Map([['a', { maxSeconds: 5 }]]) } }),
    /^quotas\.tenants must be plain JSON, got an object \(Map\)/,
  );
  misuse(
    () => wait({}, { quotas: { bots: { a: { maxSeconds: NaN } } } }),
    /^quotas\.bots\.a\.maxSeconds must be plain JSON, got NaN/,
  );
  misuse(
    () => wait({}, { quotas: { bots: { a: 30 } } }),
    /^quotas\.bots\.a: an object such as \{ maxSeconds: 600 \} is meant here/,
  );
  const cyclic = {};
  cyclic.tenants = cyclic;
  misuse(() => wait({}, { quotas: cyclic }), /cycle/);
  assert.equal(
    wait(
      { 'retry-after': '900' },
      {
        context: { tenant_id: undefined, bot_id: 'b' },
        quotas: { bots: { b: { maxSeconds: 9 } }, tenants: undefined },
      },
    ).milliseconds,
    9000,
  );
});

test('backoff: a number as seed is its text, and attempts are counted from 0', () => {
  assert.deepEqual(backoff(3, { seed: 7 }), backoff(3, { seed: '7' }));
  assert.notDeepEqual(backoff(3, { seed: 7 }), backoff(3, { seed: 8 }));
  assert.ok(backoff(Number.MAX_SAFE_INTEGER, { seed: '' }).milliseconds <= 60_000);
  for (const attempt of [-1, 0.5, NaN, Infinity, 2 ** 53, '1', undefined, null])
    misuse(() => backoff(attempt, { seed: 1 }), /^attempt must be a whole number from 0, got /);
  for (const seed of [undefined, null, 0.5, NaN, 2 ** 53, {}])
    misuse(() => backoff(0, { seed }), /^seed must be a string or a whole number/);
  misuse(() => backoff(0), /^seed must be/);
  misuse(() => backoff(0, { seed: 1, base: 5 }), /^unknown option `base`/);
});

test('breaker: its state goes through JSON, and misuse is named', () => {
  const open = breaker(undefined, { status: 429, headers: new Headers() }, { now: NOW });
  assert.deepEqual(open, {
    state: 'open',
    allow: false,
    failures: 1,
    probeAt: NOW + 30,
    reason: 'missing-reset-header',
  });
  assert.deepEqual(breaker(JSON.parse(JSON.stringify(open)), undefined, { now: NOW + 30 }).state, 'half-open');
  assert.deepEqual(breaker(null, Response.error(), { now: NOW }), { state: 'closed', allow: true, failures: 1 });
  for (const state of ['open', 5, true])
    misuse(() => breaker(state), /^state must be a state that breaker\(\) returned/);
  for (const state of [[], new Map(), new Date()]) misuse(() => breaker(state), /^state must be plain JSON/);
  misuse(() => breaker({ ...open, state: 'ajar' }), /^state\.state: unknown value `ajar`/);
  misuse(() => breaker(undefined, null), /^answer must be an object.*to ask, pass undefined/);
  for (const status of [undefined, '200', 99, 600, 200.5, NaN, -1])
    misuse(() => breaker(undefined, { status }), /^answer\.status must be a whole number/);
  misuse(() => breaker(undefined, { status: 200, headers: 'a' }), /^answer\.headers must be Headers/);
  misuse(() => breaker(undefined, undefined, { Now: 1 }), /^unknown option `Now`/);
});

test('negotiation takes a Response', () => {
  const problem = { headers: { 'content-type': 'application/problem+json' } };
  assert.equal(negotiation(new Response('', { status: 200, ...problem })), null);
  assert.equal(negotiation(new Response('', { status: 406, ...problem })).reason, 'accept_header_mismatch');
  assert.deepEqual(negotiation({ status: 415 }).labels, { reason: 'content_type_mismatch', status_code: '415' });
  for (const wrong of [undefined, null, 406, '406']) misuse(() => negotiation(wrong), /^response must be an object/);
  misuse(() => negotiation({ statusCode: 406 }), /^response\.status must be a whole number/);
});

/** The loop of docs/retry.md, as it stands there, with waits that take no time, but move the clock. */
async function documented(t) {
  const home = folder(t);
  mkdirSync(join(home, 'node_modules'));
  symlinkSync(join(ROOT, 'pkg'), join(home, 'node_modules/countersign'));
  const [, source] = readFileSync(join(ROOT, 'docs/retry.md'), 'utf8').match(/^```js\n(.*?)^```/ms);
  const timer = "import { setTimeout as sleep } from 'node:timers/promises';";
  assert.ok(source.includes(timer));
  const recorder = 'export const waits = [];\nconst sleep = async (milliseconds) => void waits.push(milliseconds);';
  writeFileSync(join(home, 'deliver.mjs'), source.replace(timer, recorder));
  const loop = await import(pathToFileURL(join(home, 'deliver.mjs')));
  t.mock.method(Date, 'now', () => NOW * 1000 + sum(loop.waits));
  return loop;
}

test('the documented loop waits as five 429 ask, about five seconds, and delivers', async (t) => {
  const busy = [429, { 'retry-after': '1' }];
  const { url, came } = await serverOf(t, busy, busy, busy, busy, busy, [200, {}, 'hello']);
  const { deliver, waits } = await documented(t);
  const answer = await deliver(url, { method: 'POST', body: 'order' }, 'delivery-17');
  assert.deepEqual([answer.status, await answer.text()], [200, 'hello']);
  assert.deepEqual(
    came.map(({ body }) => body),
    Array(6).fill('order'),
  );
  assert.deepEqual(waits, Array(5).fill(1000));
});

test('the documented loop waits for the probe after five failures, and delivers after 34 s', async (t) => {
  const cut = (request) => request.socket.destroy();
  for (const [failure, least, most] of [
    [[503, { 'retry-after': '1' }], 34, 34],
    [[500], 33, 39],
    [cut, 33, 39],
  ]) {
    await t.test(async (t) => {
      const { url, came } = await serverOf(t, ...Array(5).fill(failure), [200, {}, 'hello']);
      const { deliver, waits } = await documented(t);
      assert.equal(await (await deliver(url, { method: 'POST', body: 'order' }, 'delivery-17')).text(), 'hello');
      const seconds = sum(waits) / 1000;
      assert.ok(came.length === 6 && seconds >= least && seconds <= most, `${seconds}`);
    });
  }
});

test('the documented limiter holds after its limit', async (t) => {
  const home = folder(t);
  mkdirSync(join(home, 'node_modules'));
  symlinkSync(join(ROOT, 'pkg'), join(home, 'node_modules/countersign'));
  const [, [, source], ...more] = readFileSync(join(ROOT, 'docs/retry.md'), 'utf8').matchAll(/^```js\n(.*?)^```/gms);
  assert.deepEqual(more, []);
  writeFileSync(join(home, 'limiter.mjs'), source);
  const { mayGo } = await import(pathToFileURL(join(home, 'limiter.mjs')));
  const answers = Array.from({ length: 61 }, mayGo);
  assert.deepEqual([answers.indexOf(false), answers.length], [60, 61]);
});

test('the documented loop gives up where a 429 says 0, and returns what is no failure', async (t) => {
  const { deliver, waits } = await documented(t);
  const stopped = await serverOf(t, [429, { 'retry-after': '0' }], [200]);
  await assert.rejects(deliver(stopped.url, { method: 'POST', body: '' }, 'a'), /not delivered/);
  assert.equal(stopped.came.length, 1);
  const refused = await serverOf(t, [503], [422]);
  assert.equal((await deliver(refused.url, { method: 'POST', body: '' }, 'a')).status, 422);
  assert.equal(refused.came.length, 2);
  assert.ok(waits.length === 1 && waits[0] >= 250 && waits[0] <= 500, `${waits}`);
});
