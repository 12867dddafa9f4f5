// The same traffic to the guard in a real workerd, with its replay keys in Durable Objects.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { bundledWorker } from './bundled.js';
import { drive } from './traffic/drive.js';
import { GUARDED, providers } from './traffic/events.js';
import { judgeBad, judgeGood, tableOf } from './traffic/judge.js';
import { numbersOf, planOf } from './traffic/plan.js';
import { closeSender } from './traffic/sender.js';
import { start } from './workerd.js';

const SEED = Number(process.env.TRAFFIC_SEED ?? 20261122);
const LIMITS = { leaseSeconds: 10, retryAfterSeconds: 1 };

after(closeSender);

/**
 * A Request joins a header that came twice with a comma, which leaves a good signature in a list of them; and workerd
 * reads the chunks where a length is said too, as RFC 9112 allows: either way what is handled is what was signed.
 */
function good(kind, provider) {
  return (
    kind === 'two lengths' || (kind === 'signature header twice' && ['standard-webhooks', 'svix'].includes(provider))
  );
}

test('1,000 requests to a Worker over Durable Objects: nothing bad passes, each event is handled once', async (t) => {
  const worker = await start({
    modules: await bundledWorker(fileURLToPath(new URL('traffic/worker.js', import.meta.url))),
    bindings: { ORDERS: JSON.stringify({ ...GUARDED, limits: LIMITS }) },
    durableObjects: { REPLAY: 'ReplayObject' },
  });
  t.after(worker.stop);

  const numbers = numbersOf({ total: 1000, bursts: 10, copies: 50, again: 100 });
  const { events, jobs } = planOf(
    numbers,
    await providers(),
    [
      ['throw once', 5, 'singles'],
      ['throw once', 2, 'bursts'],
    ],
    SEED,
    good,
  );
  const results = await drive(jobs, [Number(new URL(worker.url).port)], () => {});
  const lines = await (await fetch(new URL('journal', worker.url))).json();

  const threw = 'its handler threw';
  const reasons = judgeGood(results, lines, events, [threw], { leaseSeconds: LIMITS.leaseSeconds, died: [] });
  console.log(`workerd, seed ${SEED}\n${tableOf(numbers, results, lines, reasons, [])}\n`);
  judgeBad(results, lines);
  assert.equal(reasons[threw], 7);
});
