// The client's circuits: whom it does not ask, and the window of its own for a receiver that names no reset time.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CircuitOpenError, createClient } from '../../pkg/client/index.js';
import { clientOf, clockAt, down, hello, inTurn, serverOf, silent, sum, timeFrom } from './client-setup.js';
import { randomFrom } from './peers/bodies.js';
import { NOW } from './setup.js';

const text = async (answer) => [answer.status, await answer.text()];

test('five calls in a row that fail open the circuit; nothing is sent, and the call says so', async (t) => {
  const { url, came } = await serverOf(t, [500]);
  const other = await serverOf(t, hello);
  const { client, events } = clientOf({ retries: 0 });
  await inTurn(5, async () => assert.equal((await client.fetch(url)).status, 500));
  assert.deepEqual(
    events.map(({ opened }) => opened),
    [undefined, undefined, undefined, undefined, 'too-many-failures'],
  );
  await assert.rejects(client.fetch(`${url}path`), (error) => {
    assert.ok(error instanceof CircuitOpenError && error instanceof Error);
    assert.deepEqual(
      [error.name, error.receiver, error.reason, error.status],
      ['CircuitOpenError', new URL(url).origin, 'too-many-failures', undefined],
    );
    assert.ok(error.waitMilliseconds > 0 && error.waitMilliseconds <= 30_000);
    return /^nothing was sent to http:.*: its circuit is open \(too-many-failures\)/.test(error.message);
  });
  assert.equal(came.length, 5);
  const signal = AbortSignal.abort(new Error('the user left'));
  await assert.rejects(client.fetch(url, { signal }), /the user left/);
  assert.equal((await client.fetch(other.url)).status, 200);
  assert.equal((await client.fetch(url, { receiver: 'reports' })).status, 500);
  assert.equal(came.length, 6);
});

test('a good answer ends the row of failures, and a call may count again in the next', async (t) => {
  const { url } = await serverOf(t, down, hello, down);
  const { client, events } = clientOf({ retries: 1 });
  assert.equal((await client.fetch(url)).status, 200);
  await inTurn(4, () => client.fetch(url));
  assert.ok(events.every(({ opened }) => opened === undefined));
  await client.fetch(url);
  assert.equal(
    events.findIndex(({ opened }) => opened !== undefined),
    10,
  );
});

test('a call that repeats waits for the probe if it has the time; else its answer is returned', async (t) => {
  const { url, came } = await serverOf(t, ...Array(5).fill(down), down, hello);
  const { client, clock, events } = clientOf();
  await inTurn(4, () => client.fetch(url, { idempotent: false }));
  assert.deepEqual(await text(await client.fetch(url)), [200, 'hello']);
  assert.deepEqual(clock.waits, [30_000, 30_000]);
  assert.deepEqual(
    events.slice(4).map(({ opened, waitMilliseconds }) => [opened, waitMilliseconds]),
    [
      ['too-many-failures', 30_000],
      [undefined, 30_000],
      [undefined, undefined],
    ],
  );
  assert.equal(came.length, 7);

  const short = await serverOf(t, down);
  const other = clientOf({ totalMilliseconds: 30_000 });
  await inTurn(4, () => other.client.fetch(short.url, { idempotent: false }));
  assert.deepEqual(await text(await other.client.fetch(short.url)), [503, 'answer 5']);
  assert.deepEqual(other.clock.waits, []);
});

/** A receiver that is down for so long, and its requests by second. */
function receiverOf(time, seconds) {
  const sent = [];
  const fetch = async () => {
    sent.push(Math.floor(time.seconds - NOW));
    await time.sleep(100);
    return new Response('', { status: time.seconds < NOW + seconds ? 503 : 200 });
  };
  return { sent, fetch };
}

test('of many calls in flight one is the probe, and all go on when it is answered well', async () => {
  const time = timeFrom();
  const { sent, fetch } = receiverOf(time, 20);
  const client = createClient({ fetch, now: time.now, sleep: time.sleep });
  const calls = Promise.all(Array.from({ length: 40 }, () => client.fetch('https://a.example/')));
  await time.pass(30.15);
  assert.deepEqual(sent.slice(0, 40), Array(40).fill(0));
  assert.deepEqual(sent.slice(40), [30]);
  await time.pass(2);
  assert.ok((await calls).every(({ ok }) => ok));
  assert.equal(sent.length, 80);
});

test('a receiver that is down is asked once in 30 s, whatever the calls', async () => {
  const time = timeFrom();
  const { sent, fetch } = receiverOf(time, Infinity);
  const client = createClient({ fetch, now: time.now, sleep: time.sleep, retries: 100 });
  const call = () => client.fetch('https://a.example/').catch((error) => error);
  const first = Array.from({ length: 40 }, call);
  let ended = 0;
  for (let second = 0; second < 150; second += 1) {
    await time.pass(1);
    void call().then(() => (ended += 1));
  }
  const atOnce = ended;
  await time.pass(150);
  const later = sent.slice(40);
  assert.ok(later.length >= 8 && later.length <= 10, `${later}`);
  assert.ok(
    later.every((second, index) => index === 0 || second - later[index - 1] >= 30),
    `${later}`,
  );
  // The first ones used up their time; of the others all but the probes ended at once.
  for (const end of await Promise.all(first)) {
    if (end.status === 503 && !(end instanceof CircuitOpenError)) continue;
    assert.deepEqual([end.name, end.status], ['CircuitOpenError', 503]);
    assert.match(end.message, /^nothing more was sent to /);
  }
  assert.ok(atOnce >= 144, `${atOnce}`);
});

test('calls one after the other to a receiver that is down: the fifth opens the circuit', async () => {
  const time = timeFrom();
  const { sent, fetch } = receiverOf(time, Infinity);
  const client = createClient({ fetch, now: time.now, sleep: time.sleep, totalMilliseconds: 30_000 });
  const end = inTurn(9, () => client.fetch('https://a.example/').catch((error) => error));
  await time.pass(300);
  await end;
  assert.equal(sent.length, 4 * 6 + 1);
});

test('of many new calls at once one is the probe, and its answer decides for all', async (t) => {
  const { url, came } = await serverOf(t, ...Array(5).fill([500]), [500], hello);
  const { client, clock } = clientOf({ retries: 0 });
  await inTurn(5, () => client.fetch(url));
  for (const [round, status] of [
    [1, 500],
    [2, 200],
  ]) {
    clock.seconds += 30;
    const ends = await Promise.allSettled(Array.from({ length: 10 }, () => client.fetch(url)));
    assert.equal(came.length, 5 + round);
    assert.deepEqual(
      ends.filter((end) => end.status === 'fulfilled').map(({ value }) => value.status),
      [status],
    );
    assert.equal(ends.filter(({ reason }) => reason instanceof CircuitOpenError).length, 9);
  }
  assert.ok((await Promise.all(Array.from({ length: 10 }, () => client.fetch(url)))).every(({ ok }) => ok));
});

test('an answer from before does not speak for the probe', async () => {
  const held = [];
  const fetch = () => new Promise((resolve) => held.push((status) => resolve(new Response(null, { status }))));
  const { client, clock } = clientOf({ fetch, retries: 0 });
  const call = () => client.fetch('https://a.example/');
  const started = () => new Promise(setImmediate);
  const early = call();
  await started();
  const failing = Array.from({ length: 5 }, call);
  await started();
  held.splice(1).forEach((answer) => answer(500));
  await Promise.all(failing);
  clock.seconds += 30;
  const probe = call();
  await started();
  held[0](200); // sent while it was closed
  assert.equal((await early).status, 200);
  await assert.rejects(call(), CircuitOpenError);
  held[1](200);
  assert.equal((await probe).status, 200);
  const after = call();
  await started();
  held[2](204);
  assert.equal((await after).status, 204);
});

test('a probe that its caller gives up is made by the next call; one without an answer opens again', async (t) => {
  const { url, came } = await serverOf(
    t,
    ...Array(5).fill([500]),
    () => {},
    () => {},
    hello,
  );
  const { client, clock } = clientOf({ attemptMilliseconds: 40, retries: 0 });
  await inTurn(5, () => client.fetch(url));
  clock.seconds += 30;
  const controller = new AbortController();
  const probe = client.fetch(url, { signal: controller.signal });
  while (came.length < 6) await new Promise(setImmediate);
  await assert.rejects(client.fetch(url), CircuitOpenError);
  controller.abort();
  await assert.rejects(probe, { name: 'AbortError' });
  await assert.rejects(client.fetch(url), { name: 'TimeoutError' });
  assert.equal(came.length, 7);
  await assert.rejects(client.fetch(url), CircuitOpenError);
  clock.seconds += 30;
  assert.equal((await client.fetch(url)).status, 200);
});

test('a 429 without a reset time: a window of our own until a probe finds the receiver well', async (t) => {
  const { url, came } = await serverOf(t, silent, ...Array(7).fill(hello), silent, hello);
  const { client, clock, events } = clientOf({ limit: { requests: 3, windowSeconds: 60 }, totalMilliseconds: 20_000 });
  assert.equal((await client.fetch(url)).status, 200); // by backoff, as the first of the window
  assert.deepEqual([events[0].reason, events[0].opened], ['missing-reset-header', 'missing-reset-header']);
  assert.ok(clock.waits[0] >= 250 && clock.waits[0] <= 500);
  for (let call = 0; call < 2; call += 1) assert.equal((await client.fetch(url)).status, 200);
  await assert.rejects(client.fetch(url), ({ name, reason, waitMilliseconds, message }) => {
    assert.deepEqual([name, reason], ['CircuitOpenError', 'window-full']);
    assert.ok(waitMilliseconds > 20_000 && waitMilliseconds <= 30_000, `${waitMilliseconds}`);
    return /named no reset time, and the client's own limit/.test(message);
  });
  assert.equal(came.length, 4);
  clock.seconds = NOW + 15;
  assert.equal((await client.fetch(url)).status, 200); // waits for its probe
  assert.equal(came.length, 5);
  assert.ok(clock.seconds >= NOW + 30);
  const at = clock.seconds;
  for (let call = 0; call < 3; call += 1) assert.equal((await client.fetch(url)).status, 200); // as before
  assert.equal(clock.seconds, at);
});

test('a reset time that cannot be used is as good as none for the window, and one good answer ends it', async (t) => {
  const useless = [429, { 'x-ratelimit-reset': '0' }];
  const { url, came } = await serverOf(t, useless, useless, hello, useless, hello);
  const { client, clock } = clientOf({ limit: { requests: 1, windowSeconds: 40 } });
  assert.equal((await client.fetch(url)).status, 200);
  assert.equal(came.length, 3);
  assert.ok(sum(clock.waits) >= 40_000, `${clock.waits}`);
  const before = clock.seconds;
  assert.equal((await client.fetch(url)).status, 200);
  assert.ok(clock.seconds - before < 1);
});

test('without a limit of our own, only probes go after a 429 without a reset time', async (t) => {
  const { url, came } = await serverOf(t, silent, hello);
  const { client, clock } = clientOf({ limit: null, retries: 0 });
  assert.equal((await client.fetch(url)).status, 429);
  await assert.rejects(client.fetch(url), { reason: 'missing-reset-header', waitMilliseconds: 30_000 });
  clock.seconds += 30;
  assert.equal((await client.fetch(url)).status, 200);
  assert.equal(came.length, 2);
  const busier = await serverOf(t, silent, silent, hello);
  const waiting = clientOf({ limit: null });
  assert.equal((await waiting.client.fetch(busier.url)).status, 200);
  assert.deepEqual(waiting.clock.waits, [30_000, 30_000]);
});

test('a clock that is set back holds nobody up for longer', async (t) => {
  const { url } = await serverOf(t, ...Array(5).fill([500]), hello);
  const { client, clock } = clientOf({ retries: 0 });
  await inTurn(5, () => client.fetch(url));
  clock.seconds -= 1_000_000;
  await assert.rejects(client.fetch(url), ({ waitMilliseconds }) => waitMilliseconds <= 30_000);
  clock.seconds += 30;
  assert.equal((await client.fetch(url)).status, 200);
  const reset = await serverOf(t, [429, { 'retry-after': '4' }]);
  const back = clockAt();
  const sleep = async (milliseconds, options) => {
    await back.sleep(milliseconds, options);
    back.seconds -= 3600;
  };
  const going = createClient({ now: back.now, sleep, totalMilliseconds: 10_000, retries: 50 });
  assert.equal((await going.fetch(reset.url)).status, 429);
  assert.deepEqual(back.waits, [4000, 4000]);
});

test('a 429 without a reset time, again and again, then hello', async (t) => {
  for (const answers of [
    [silent, silent, hello],
    [silent, down, hello],
    [silent, [429, { 'retry-after': '1' }], hello],
    [silent, [429, { 'x-ratelimit-reset': '' }], hello],
    [silent, silent, silent, silent, silent, hello],
  ]) {
    const { url, came } = await serverOf(t, ...answers);
    const { client } = clientOf();
    assert.deepEqual(await text(await client.fetch(url)), [200, 'hello'], String(answers));
    assert.equal(came.length, answers.length);
  }
  const { url } = await serverOf(t, silent, hello, silent, hello);
  const { client } = clientOf();
  await inTurn(2, async () => assert.deepEqual(await text(await client.fetch(url)), [200, 'hello']));
});

test('whatever is answered, in whatever order, the client itself never fails', async () => {
  const random = randomFrom(7);
  const next = (bound) => Math.floor(random() * bound);
  const ANSWERS = [
    () => new Response('hello'),
    () => new Response('', { status: 404 }),
    () => new Response('', { status: 503 }),
    () => new Response('', { status: 503, headers: { 'retry-after': '1' } }),
    () => new Response('', { status: 429 }),
    () => new Response('', { status: 429, headers: { 'retry-after': '2' } }),
    () => new Response('', { status: 429, headers: { 'x-ratelimit-reset': '0' } }),
    () => Promise.reject(new TypeError('fetch failed')),
  ];
  let answered = 0;
  for (let round = 0; round < 300; round += 1) {
    const kinds = ANSWERS.filter(() => next(2) === 0);
    const fetch = async () => (kinds[next(kinds.length)] ?? ANSWERS[0])();
    const { client } = clientOf({ fetch, retries: next(7), limit: next(4) === 0 ? null : { requests: 1 + next(5) } });
    for (let call = 0; call < 12; call += 1) {
      const calls = Array.from({ length: 1 + next(3) }, () => client.fetch('http://receiver.example/'));
      for (const { status, reason } of await Promise.allSettled(calls)) {
        if (status === 'fulfilled') answered += 1;
        else if (!(reason instanceof CircuitOpenError)) assert.match(reason.message, /^fetch failed/);
      }
    }
  }
  assert.ok(answered > 1000, `${answered} answers`);
});
