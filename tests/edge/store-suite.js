// The rules of a replay store, over any store. `make` gives { store, other }: two stores over one server, as two
// machines have them (the same one twice where there is no server). `eventual`: a store that promises nothing of claims
// that come together.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const LONG = 60; // nothing here waits for it
const SHORT = 0.05;
const ENDED = 400; // milliseconds after which what was SHORT has ended on any machine

const key = () => `key-${randomUUID()}`;
const claim = async (store, name, token, leaseSeconds = LONG) =>
  store.claim(name, { token, leaseSeconds, ttlSeconds: LONG });
const complete = async (store, name, token, ttlSeconds = LONG) => store.complete(name, { token, ttlSeconds });
const release = async (store, name, token) => store.release(name, { token });

export function storeSuite(title, make, { eventual = false, skip = false } = {}) {
  const rule = (name, run) => test(`${title}: ${name}`, { skip }, async () => run(await make()));

  rule('a key is claimed, busy, completed and done, in both stores', async ({ store, other }) => {
    const name = key();
    assert.equal(await claim(store, name, 'a'), 'claimed');
    assert.equal(await claim(store, name, 'b'), 'busy');
    assert.equal(await claim(other, name, 'b'), 'busy');
    assert.equal(await complete(store, name, 'a'), true);
    assert.equal(await claim(store, name, 'b'), 'done');
    assert.equal(await claim(other, name, 'b'), 'done');
    assert.equal(await claim(other, name, 'a'), 'done');
    assert.equal(await claim(store, key(), 'b'), 'claimed', 'another key is another matter');
  });

  rule('of 50 claims at one time one is claimed', async ({ store, other }) => {
    const name = key();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => claim(index % 2 ? other : store, name, `token-${index}`)),
    );
    const won = answers.filter((answer) => answer === 'claimed').length;
    if (eventual) assert.ok(won >= 1 && answers.every((answer) => answer === 'claimed' || answer === 'busy'));
    else assert.deepEqual([won, answers.filter((answer) => answer === 'busy').length], [1, 49]);
  });

  rule('of 50 claims of a lease that ended one is claimed', async ({ store, other }) => {
    const name = key();
    await claim(store, name, 'crashed', SHORT);
    await sleep(ENDED);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => claim(index % 2 ? other : store, name, `token-${index}`)),
    );
    const won = answers.filter((answer) => answer === 'claimed').length;
    assert.ok(eventual ? won >= 1 : won === 1, `${won} won`);
  });

  rule('a claim that is sent again is claimed again, and a completion completed', async ({ store, other }) => {
    const name = key();
    assert.equal(await claim(store, name, 'a'), 'claimed');
    assert.equal(await claim(other, name, 'a'), 'claimed');
    assert.equal(await complete(store, name, 'a'), true);
    assert.equal(await complete(other, name, 'a'), true);
  });

  rule('what was released is claimed by the next', async ({ store, other }) => {
    const name = key();
    await claim(store, name, 'a');
    assert.equal(await release(store, name, 'a'), true);
    assert.equal(await release(store, name, 'a'), false, 'nobody holds it');
    assert.equal(await claim(other, name, 'b'), 'claimed');
    assert.equal(await complete(other, name, 'b'), true);
    assert.equal(await release(other, name, 'b'), false, 'what was handled stays handled');
    assert.equal(await claim(store, name, 'c'), 'done');
  });

  rule('a stale token completes nothing and releases nothing', async ({ store, other }) => {
    const name = key();
    await claim(store, name, 'crashed', SHORT);
    await sleep(ENDED);
    assert.equal(await release(store, name, 'crashed'), false, 'its lease ended');
    assert.equal(await claim(other, name, 'b'), 'claimed', 'the lease is taken over');
    assert.equal(await complete(store, name, 'crashed'), false);
    assert.equal(await release(store, name, 'crashed'), false);
    assert.equal(await claim(store, name, 'c'), 'busy', 'the new holder still has it');
    assert.equal(await complete(other, name, 'b'), true);
    assert.equal(await complete(store, name, 'crashed'), false, 'another token has completed it');
  });

  rule('a lease that ended and that nobody took is completed', async ({ store, other }) => {
    const name = key();
    await claim(store, name, 'slow', SHORT);
    await sleep(ENDED);
    assert.equal(await complete(store, name, 'slow'), true);
    assert.equal(await claim(other, name, 'b'), 'done');
  });

  rule('a completed key is forgotten after its time', async ({ store, other }) => {
    const name = key();
    await claim(store, name, 'a', SHORT);
    assert.equal(await complete(store, name, 'a', SHORT), true);
    await sleep(ENDED);
    assert.equal(await claim(other, name, 'b'), 'claimed');
    assert.equal(await complete(other, name, 'b', LONG), true);
    assert.equal(await claim(store, name, 'c'), 'done');
  });

  rule('a completion lasts as long as it says, whatever the lease was', async ({ store }) => {
    const [longer, shorter] = [key(), key()];
    await claim(store, longer, 'a', SHORT);
    await complete(store, longer, 'a', LONG);
    await claim(store, shorter, 'a', LONG);
    await complete(store, shorter, 'a', SHORT);
    await sleep(ENDED);
    assert.equal(await claim(store, longer, 'b'), 'done');
    assert.equal(await claim(store, shorter, 'b'), eventual ? 'busy' : 'claimed');
  });

  rule('a key that came too late to be remembered is still completed', async ({ store }) => {
    const name = key();
    await claim(store, name, 'a', SHORT);
    assert.equal(await complete(store, name, 'a', -5), true);
    await sleep(ENDED);
    assert.equal(await claim(store, name, 'b'), 'claimed');
  });

  rule('a key and a token are any characters', async ({ store }) => {
    const odd = [
      'é',
      '订单',
      '😀',
      ' ',
      "'; DROP TABLE countersign_replay; --",
      '{}',
      '*?[a]',
      'a:b',
      'a/b?c#d%2e',
      'line\nline',
      '$1',
      '__proto__',
      'x'.repeat(300),
    ];
    const names = odd.map((text) => `${text} ${randomUUID()}`);
    for (const [index, name] of names.entries()) {
      assert.equal(await claim(store, name, odd[index]), 'claimed', name);
      assert.equal(await claim(store, name, 'b'), 'busy', name);
      assert.equal(await complete(store, name, odd[index]), true, name);
    }
    for (const name of names) assert.equal(await claim(store, name, 'b'), 'done', name);
  });

  rule('times that are none are refused', async ({ store }) => {
    const name = key();
    await assert.rejects(claim(store, name, 'a', Number.NaN), TypeError);
    await assert.rejects(complete(store, name, 'a', Infinity), TypeError);
    assert.equal(await claim(store, name, 'b'), 'claimed');
  });
}
