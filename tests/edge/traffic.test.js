// Real traffic over real sockets: events signed by the providers' own SDKs and bad requests of every kind, to two
// servers that share one Redis, while handlers fail, servers are killed and the store is killed and started again.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { noRedis, start } from './redis-server.js';
import { KINDS } from './traffic/bad.js';
import { drive } from './traffic/drive.js';
import { GUARDED, providers } from './traffic/events.js';
import { startFleet } from './traffic/fleet.js';
import { handlings, read } from './traffic/journal.js';
import { judgeBad, judgeGood, tableOf } from './traffic/judge.js';
import { numbersOf, planOf } from './traffic/plan.js';
import { closeSender } from './traffic/sender.js';

const SEED = Number(process.env.TRAFFIC_SEED ?? 20261122);
const LIMITS = { leaseSeconds: 4, storeMilliseconds: 1000, retryAfterSeconds: 1 };
const OUTLIVES = 'outlive the store';
const [THREW, KILLED, AWAY] = ['its handler threw', 'its server was killed', 'the store was away when it ended'];
const FORGOTTEN = 'it was completed, and forgotten';

after(closeSender);

/** One run: what was sent and answered, the servers' journal, how they ended, and what `reasonOf` asks. */
async function run(t, { persistent, numbers, manners }) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-traffic-'));
  const redis = await start({ persistent });
  const fleet = await startFleet(['redis', 'ioredis'], { redis: redis.url, folder, guarded: GUARDED, limits: LIMITS });
  t.after(async () => {
    await fleet.stop();
    await redis.stop();
    rmSync(folder, { recursive: true });
  });
  const { events, jobs } = planOf(numbers, await providers(), manners, SEED);
  const journal = () => read(join(folder, 'journal'));
  const outliving = events.filter(({ manner }) => manner === OUTLIVES);
  const each = async (holds) => {
    for (
      let all = handlings(journal());
      !outliving.every(({ id }) => all.get(id)?.some(holds));
      all = handlings(journal())
    )
      await sleep(200);
  };
  const store = {};
  async function halfway() {
    await each(() => true);
    await redis.kill('SIGKILL');
    store.killed = Date.now();
    writeFileSync(join(folder, 'the store is dead'), '');
    store.back = (async () => {
      await Promise.all([each(({ settled }) => settled), sleep(1500)]);
      store.restarted = Date.now();
      await redis.restart();
    })();
    store.back.catch(() => {}); // it is awaited below, when everything was sent
  }
  const began = Date.now();
  const results = await drive(jobs, fleet.ports, halfway);
  await store.back;
  const about = {
    leaseSeconds: LIMITS.leaseSeconds,
    died: fleet.ends.map(({ pid }) => pid),
    ...store,
    forgets: !persistent,
  };
  return { events, results, lines: journal(), ends: fleet.ends, about, seconds: (Date.now() - began) / 1000 };
}

function print(title, numbers, { results, lines, ends, seconds }, reasons) {
  console.log(`${title}, seed ${SEED}, ${seconds.toFixed(1)} s\n${tableOf(numbers, results, lines, reasons, ends)}\n`);
}

test('10,000 requests to two servers over one Redis: nothing bad passes, nothing is lost, and nothing is handled ' +
  'twice beyond what the lease says', {
  skip: noRedis,
}, async (t) => {
  const numbers = numbersOf({ total: 10_000, bursts: 100, copies: 50, again: 400 });
  const manners = [
    ['throw once', 20, 'singles'],
    ['throw once', 10, 'bursts'],
    ['die once', 1, 'singles', 0.2],
    ['die once', 1, 'bursts', 0.8],
    [OUTLIVES, 20, 'singles', 0.4999],
  ];
  const ran = await run(t, { persistent: true, numbers, manners });
  const { results, lines, events, ends, about } = ran;

  assert.deepEqual(
    ends.map(({ how }) => how),
    ['SIGKILL', 'SIGKILL'],
    'no server ended but those that were killed',
  );
  const reasons = judgeGood(results, lines, events, [THREW, KILLED, AWAY], about);
  print('with persistence', numbers, ran, reasons);
  judgeBad(results, lines);

  assert.equal(results.length, 10_000);
  assert.deepEqual(
    new Set(results.filter(({ job }) => job.kind !== 'good').map(({ job }) => job.kind)),
    new Set(Object.keys(KINDS)),
  );
  // What was meant to happen has happened: else this was a quieter run than it says.
  assert.ok(reasons[THREW] >= 20);
  assert.ok(reasons[KILLED] >= 2);
  assert.ok(reasons[AWAY] >= 1);
  assert.ok(
    results.some(({ why }) => why[503] > 0) &&
      results.some(({ why }) => why[409] > 0) &&
      results.some(({ why }) => why['no connection'] > 0),
  );
  assert.ok(lines.some(({ kind, outcome }) => kind === 'verdict' && outcome === 'aborted'));
});

test('a Redis without persistence forgets what was handled when it is killed, and nothing but that is handled twice', {
  skip: noRedis,
}, async (t) => {
  const numbers = numbersOf({ total: 1000, bursts: 10, copies: 50, again: 100 });
  const ran = await run(t, {
    persistent: false,
    numbers,
    manners: [
      ['throw once', 5, 'singles'],
      [OUTLIVES, 4, 'singles', 0.4999],
    ],
  });
  const { results, lines, events, ends, about } = ran;

  assert.deepEqual(ends, []);
  const reasons = judgeGood(results, lines, events, [THREW, AWAY, FORGOTTEN, 'it was at work, and forgotten'], about);
  print('without persistence', numbers, ran, reasons);
  judgeBad(results, lines);

  assert.ok(reasons[FORGOTTEN] >= 1);
});
