// What the guard costs a Worker in workerd: until it listens, and for each request of 1 KB. Rounds alternate, the first
// is thrown away; a figure is the median over the rounds of what ours does beside the other in the same round.

import { fileURLToPath } from 'node:url';

import Stripe from 'stripe';

import { bundledWorker } from '../tests/edge/bundled.js';
import { start } from '../tests/edge/workerd.js';
import { connected, wire } from './connection.js';
import { quantile, report, rounded, spread, valueRow } from './figures.js';
import { SECRET } from './workers/handler.js';

const ROUNDS = Number(process.env.ROUNDS ?? 31);
const REQUESTS = 200; // of a worker in a round
const WARM_UP = 2000; // in the first: what is called often has been compiled once more by then
const BODY_BYTES = 1024;

/**
 * A `worker`, what it stands `beside`, and the goal. The clock of workerd stands still while a Worker starts, so its
 * parts are told by difference.
 */
const STARTS = [
  ['guarded', 'bare', 'all of it'],
  ['imported', 'bare', 'script and module'],
  ['guarded', 'imported', 'instance and contract'],
  ['guarded-slim', 'bare', 'all of it', 'start in workerd'],
  ['imported-slim', 'bare', 'script and module'],
  ['guarded-slim', 'imported-slim', 'instance and contract'],
];
const REQUESTED = [
  ['guarded', 'reading', 'guard over reading'],
  ['guarded', 'bare'],
  ['guarded-slim', 'reading', 'guard over reading'],
  ['guarded-memory', 'reading'],
  ['guarded-object', 'reading'],
  ['stripe-sdk', 'reading'],
];
const OBJECTS = { 'guarded-object': { REPLAY: 'ReplayObject' } };

async function workers(pairs) {
  const names = new Set(pairs.flatMap((pair) => pair.slice(0, 2)));
  return Promise.all(
    [...names].map(async (name) => {
      const modules = await bundledWorker(fileURLToPath(new URL(`workers/${name}.js`, import.meta.url)));
      return { name, modules, durableObjects: OBJECTS[name], disk: false }; // a disk would be measured, not the guard
    }),
  );
}

/** A number that is new, so that no id comes twice. */
let count = 0;

/** An event as Stripe sends it, signed by its SDK. */
function signed({ secret = SECRET } = {}) {
  const event = {
    id: `evt_${(count += 1)}`,
    object: 'event',
    api_version: '2026-10-28',
    created: Math.floor(Date.now() / 1000),
    type: 'payment_intent.succeeded',
    livemode: false,
    pending_webhooks: 1,
    request: { id: 'req_1', idempotency_key: null },
    data: {
      object: {
        id: 'pi_1',
        object: 'payment_intent',
        amount: 2000,
        currency: 'eur',
        metadata: { order: '6735' },
        description: '',
      },
    },
  };
  event.data.object.description = 'three books, '.repeat(100).slice(0, BODY_BYTES - JSON.stringify(event).length);
  const payload = JSON.stringify(event);
  const headers = {
    accept: '*/*; q=0.5, application/xml',
    'cache-control': 'no-cache',
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret }),
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
  };
  return wire({ path: '/hooks/stripe', headers, body: Buffer.from(payload) });
}

async function answered(url, bytes) {
  const { ask, end } = await connected(url);
  const answer = await ask(bytes);
  end();
  return answer;
}

/** A guard lets nothing through that another signed; the others do as they are said to. */
async function judges(name, url) {
  const good = await answered(url, signed());
  const bad = await answered(url, signed({ secret: 'whsec_of-somebody-else' }));
  const refused = name.startsWith('guarded') ? 401 : name === 'stripe-sdk' ? 400 : 200;
  if (good.status !== 200 || good.text !== 'ok' || bad.status !== refused)
    throw new Error(`${name} answers ${good.status} and ${bad.status}`);
}

async function startUp() {
  const all = await workers(STARTS);
  const rounds = Object.fromEntries(all.map(({ name }) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { name, ...worker } of all) {
      const { url, milliseconds, stop } = await start(worker);
      if (round === 0) await judges(name, url);
      const first = round === 0 ? undefined : await answered(url, signed());
      await stop();
      if (round > 0) rounds[name].push({ listening: milliseconds, first: first.milliseconds });
    }
  }
  const more = (what, [worker, beside, , goal], time) => {
    const [own, other] = [worker, beside].map((name) => rounds[name].map((round) => round[time]));
    const beyond = spread(own.map((value, round) => value - other[round]));
    return valueRow(`${worker}: ${what}`, beside, beyond, 'ms', goal, middles(own, other));
  };
  const whole = STARTS.filter(([, , part]) => part === 'all of it');
  return [
    ...STARTS.map((pair) => more(`start, ${pair[2]}`, pair, 'listening')),
    ...whole.map(([worker, beside]) => more('first request', [worker, beside], 'first')),
  ];
}

function middles(own, other) {
  const [ours, theirs] = [own, other].map((times) => rounded(quantile(times, 0.5)));
  return { ours, theirs, unit: 'ms' };
}

async function latency() {
  const all = await Promise.all(
    (await workers(REQUESTED)).map(async ({ name, ...worker }) => {
      const { url, stop } = await start(worker);
      await judges(name, url);
      return { name, url, stop, rounds: [] };
    }),
  );
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const { url, rounds } of all) {
        const { ask, end } = await connected(url); // of each round its own: a server closes one that waits for its turn too long
        await ask(signed());
        const times = [];
        for (const bytes of Array.from({ length: round === 0 ? WARM_UP : REQUESTS }, () => signed())) {
          const { status, milliseconds } = await ask(bytes);
          if (status !== 200) throw new Error(`a request was answered ${status}`);
          times.push(milliseconds);
        }
        end();
        if (round > 0) rounds.push({ p50: quantile(times, 0.5), p99: quantile(times, 0.99) });
      }
    }
  } finally {
    for (const { stop } of all) await stop();
  }
  const by = new Map(all.map(({ name, rounds }) => [name, rounds]));
  return ['p50', 'p99'].flatMap((at) =>
    REQUESTED.map(([worker, beside, goal]) => {
      const [own, other] = [worker, beside].map((name) => by.get(name).map((round) => round[at]));
      const times = spread(own.map((value, round) => value / other[round]));
      return valueRow(
        `${worker}: ${at} at 1 KB`,
        beside,
        times,
        '×',
        at === 'p50' ? goal : undefined,
        middles(own, other),
      );
    }),
  );
}

report('start in workerd, more than the other', await startUp());
report('requests in workerd, as many times the other', await latency());
