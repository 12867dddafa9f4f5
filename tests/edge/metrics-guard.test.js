// The metrics of a real guard: signed requests of the senders' own packages, through createGuard with the hooks spread
// into it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { sign } from '@octokit/webhooks-methods';
import Stripe from 'stripe';

import { createGuard } from '../../pkg/edge/index.js';
import { prometheusMetrics } from '../../pkg/metrics/prometheus.js';
import { valuesOf } from './samples.js';

const NOW = 1_760_000_000;
const SECRETS = { stripe: `whsec_${'s'.repeat(32)}`, github: 'g'.repeat(32) };

/** A store of one process, some of whose operations fail. */
function failingStore(failing) {
  const held = new Map();
  const unless = (operation, work) => async (key) => {
    if (failing.has(operation)) throw new Error('the connection is closed');
    return work(key);
  };
  return {
    consistency: 'process',
    claim: unless('claim', (key) => held.get(key) ?? (held.set(key, 'busy') && 'claimed')),
    complete: unless('complete', (key) => Boolean(held.set(key, 'done'))),
    release: unless('release', (key) => held.delete(key)),
  };
}

async function guarded(handler) {
  const metrics = prometheusMetrics();
  const failing = new Set();
  const guard = await createGuard({
    contracts: { stripe: 'stripe', github: 'github' },
    keys: { stripe: [{ secret: SECRETS.stripe }], github: [{ secret: SECRETS.github }] },
    route: { '/stripe': 'stripe', '/github': 'github' },
    store: failingStore(failing),
    now: () => NOW,
    ...metrics.hooks,
  });
  return { answer: guard.wrap(handler), text: metrics.text, failing };
}

function stripe(id, { timestamp = NOW, secret = SECRETS.stripe } = {}) {
  const body = JSON.stringify({
    id,
    object: 'event',
    api_version: '2024-06-20',
    created: NOW,
    type: 'charge.succeeded',
    livemode: false,
    pending_webhooks: 1,
    request: null,
    data: { object: { id: 'ch_1', object: 'charge' } },
  });
  const header = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp });
  return new Request('https://hooks.example.org/stripe', {
    method: 'POST',
    body,
    headers: { 'stripe-signature': header, 'content-type': 'application/json' },
  });
}

async function github(id, type = 'application/json') {
  const body = JSON.stringify({ zen: 'Keep it logically awesome.', hook_id: 1, hook: { type: 'Repository', id: 1 } });
  const headers = {
    'x-hub-signature-256': await sign(SECRETS.github, body),
    'x-github-event': 'ping',
    'x-github-delivery': id,
    'content-type': type,
  };
  return new Request('https://hooks.example.org/github', { method: 'POST', body, headers });
}

test('every way through a guard is counted once', async () => {
  const { answer, text } = await guarded(() => new Response('ok'));
  const statuses = [];
  const id = () => crypto.randomUUID();
  const first = stripe('evt_1', { timestamp: NOW - 4 });
  const copy = first.clone();
  for (const request of [
    first,
    copy,
    stripe('evt_2', { timestamp: NOW + 3 }),
    stripe('evt_3', { secret: `whsec_${'x'.repeat(32)}` }),
    stripe('evt_4', { timestamp: NOW - 900 }),
    await github(id()),
    await github(id(), 'text/plain'),
    new Request('https://hooks.example.org/nowhere', { method: 'POST' }),
  ])
    statuses.push((await answer(request)).status);
  assert.deepEqual(statuses, [200, 200, 200, 401, 401, 200, 415, 404]);
  assert.deepEqual(valuesOf(text(), 'countersign_verdicts_total'), [
    'github accept none none none 1',
    'github reject request request-content-type none 1',
    'none unrouted none none none 1',
    'stripe accept none none none 2',
    'stripe ignore none none none 1',
    'stripe reject freshness timestamp-too-old none 1',
    'stripe reject signature signature-mismatch none 1',
  ]);
  assert.deepEqual(valuesOf(text(), 'countersign_timestamp_skew_seconds_sum'), [
    'stripe accept future 3',
    'stripe accept past 4',
    'stripe ignore past 4',
    'stripe reject past 900',
  ]);
  assert.deepEqual(valuesOf(text(), 'countersign_deliveries_settled_total'), [
    'github completed 2xx 1',
    'stripe completed 2xx 2',
  ]);
  assert.deepEqual(valuesOf(text(), 'api_version_negotiation_failures_total'), ['content_type_mismatch 415 1']);
  const total = (name) => valuesOf(text(), name).reduce((sum, one) => sum + Number(one.split(' ').at(-1)), 0);
  assert.equal(total('countersign_verdicts_total'), statuses.length);
  assert.equal(total('countersign_check_duration_seconds_count'), statuses.length);
  assert.equal(total('countersign_body_size_bytes_count'), statuses.length);
});

test('what a handler answers, and that it throws, is counted when it is done', async () => {
  const answers = [
    new Response('', { status: 406 }),
    new Response('', { status: 503 }),
    new Response('', { status: 422 }),
  ];
  const { answer, text } = await guarded(() => answers.shift() ?? Promise.reject(new Error('crashed')));
  for (const id of ['evt_1', 'evt_2', 'evt_3']) await answer(stripe(id));
  await assert.rejects(answer(stripe('evt_4')), /crashed/);
  assert.deepEqual(valuesOf(text(), 'countersign_deliveries_settled_total'), [
    'stripe completed 4xx 2',
    'stripe released 5xx 1',
    'stripe released none 1',
  ]);
  assert.deepEqual(valuesOf(text(), 'api_version_negotiation_failures_total'), ['accept_header_mismatch 406 1']);
});

test('a dead letter has an outcome of its own, so that an alert can ask for it', async (t) => {
  t.mock.method(console, 'error', () => {});
  const metrics = prometheusMetrics();
  const kept = [];
  const guard = await createGuard({
    contracts: { events: 'event-standard' },
    store: null,
    now: () => NOW,
    onDeadLetter: (letter) => {
      if (kept.push(letter.verdict.deadLetter.reason) > 1) throw new Error('the queue is full');
    },
    ...metrics.hooks,
  });
  const send = guard.wrap(() => new Response('ok'));
  const event = (version) => {
    const time = (NOW * 1000).toString(16).padStart(12, '0');
    const body = JSON.stringify({
      event_id: `${time.slice(0, 8)}-${time.slice(8)}-7abc-8def-0123456789ab`,
      source_system: 'CN',
      payload_schema_version: `finance-risk-v${version}`,
      payload: { score: 1 },
    });
    const headers = { 'content-type': 'application/json' };
    return new Request('https://hooks.example.org/events', { method: 'POST', body, headers });
  };
  const statuses = [];
  for (const version of ['3.1', '4.0', '4.0']) statuses.push((await send(event(version))).status);
  assert.deepEqual(statuses, [200, 202, 503]);
  assert.deepEqual(kept, ['version-unknown', 'version-unknown']);
  assert.deepEqual(valuesOf(metrics.text(), 'countersign_verdicts_total'), [
    'events accept none none finance-risk-v3.1 1',
    'events dead-letter route version-unknown none 1',
    'events dead-letter-failed route version-unknown none 1',
  ]);
});

test('what the store gets wrong is counted by operation', async () => {
  const { answer, text, failing } = await guarded(() => new Response('ok'));
  failing.add('claim');
  assert.equal((await answer(stripe('evt_1'))).status, 503);
  failing.delete('claim');
  failing.add('complete');
  assert.equal((await answer(stripe('evt_1'))).status, 200);
  assert.equal((await answer(stripe('evt_1'))).status, 409);
  assert.deepEqual(
    valuesOf(text(), 'countersign_replay_store_errors_total'),
    ['claim 1', 'complete 2'],
    'a completion is tried twice',
  );
  assert.deepEqual(valuesOf(text(), 'countersign_deliveries_settled_total'), ['stripe failed 2xx 1']);
  assert.deepEqual(valuesOf(text(), 'countersign_verdicts_total'), [
    'stripe accept none none none 1',
    'stripe busy none none none 1',
    'stripe store-down none none none 1',
  ]);
});

test('the examples of docs/metrics.md run', async (t) => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const home = mkdtempSync(join(tmpdir(), 'countersign-metrics-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(join(home, 'node_modules'));
  symlinkSync(join(root, 'pkg'), join(home, 'node_modules/countersign'));
  symlinkSync(join(root, 'node_modules/@opentelemetry'), join(home, 'node_modules/@opentelemetry'));
  const page = readFileSync(join(root, 'docs/metrics.md'), 'utf8');
  const [prometheus, openTelemetry, worker] = [...page.matchAll(/^```js\n(.*?)^```/gms)].map(([, source]) =>
    source.replace('9464', '0'),
  );
  const run = (name, source) => {
    writeFileSync(join(home, name), source);
    return import(pathToFileURL(join(home, name)));
  };
  process.env.GITHUB_WEBHOOK_SECRET = SECRETS.github;
  const { guard, scraped } = await run('prometheus.mjs', prometheus);
  t.after(() => scraped.close());
  assert.equal((await guard.check(await github('1'))).ok, true);
  if (!scraped.listening) await once(scraped, 'listening');
  const answer = await fetch(`http://127.0.0.1:${scraped.address().port}/metrics`);
  assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  assert.deepEqual(valuesOf(await answer.text(), 'countersign_verdicts_total'), ['github accept none none none 1']);
  assert.equal((await (await run('opentelemetry.mjs', openTelemetry)).guard.check(await github('2'))).ok, true);

  const dataset =
    'export const written = [];\nconst env = { VERDICTS: { writeDataPoint: (point) => written.push(point) } };\n';
  const { onVerdict, written } = await run('worker.mjs', `${dataset}${worker}export { onVerdict };\n`);
  onVerdict({ contract: 'github', outcome: 'accept', stage: 'none', code: 'none', milliseconds: 0, bodyBytes: 2 });
  assert.deepEqual(written, [{ indexes: ['github'], blobs: ['accept', 'none', 'none', 'none'], doubles: [0, 0, 2] }]);
});
