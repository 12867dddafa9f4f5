// The metrics of a guard: what each event becomes, as text that others' parsers read and as OpenTelemetry's own SDK
// keeps it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import parse from 'parse-prometheus-text-format';

import { attributeNames, INSTRUMENTS, OPEN, prometheusName } from '../../pkg/metrics/instruments.js';
import { openTelemetryMetrics } from '../../pkg/metrics/opentelemetry.js';
import { prometheusMetrics } from '../../pkg/metrics/prometheus.js';
import { negotiation } from '../../pkg/node.js';
import { samplesOf, valuesOf } from './samples.js';

const { PrometheusSerializer } = createRequire(import.meta.url)('@opentelemetry/exporter-prometheus');
const misuse = (work, message) =>
  assert.throws(work, (error) => error.constructor === TypeError && message.test(error.message));

const accepted = {
  instance: 'urn:uuid:1',
  contract: 'stripe',
  outcome: 'accept',
  stage: 'none',
  code: 'none',
  apiVersion: '2024-06-20',
  milliseconds: 1.25,
  skewSeconds: 4,
  bodyBytes: 1024,
};
const forged = {
  ...accepted,
  outcome: 'reject',
  stage: 'signature',
  code: 'signature-mismatch',
  status: 401,
  apiVersion: undefined,
  skewSeconds: -7,
};
const settled = { instance: 'urn:uuid:1', contract: 'stripe', result: 'completed', status: 200, milliseconds: 3 };

/** What a meter of the real SDK holds. */
function telemetry(options) {
  class Reader extends MetricReader {
    async onShutdown() {}
    async onForceFlush() {}
  }
  const reader = new Reader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter('webhooks');
  return {
    ...openTelemetryMetrics(meter, options),
    collect: async () => (await reader.collect()).resourceMetrics,
  };
}

test('a verdict is counted, and its time, skew and size are measured', () => {
  const { hooks, text, contentType } = prometheusMetrics();
  for (const event of [accepted, accepted, forged]) hooks.onVerdict(event);
  const samples = samplesOf(text());
  assert.equal(contentType, 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(
    samples['countersign_verdicts_total{api_version=2024-06-20,code=none,contract=stripe,outcome=accept,stage=none}'],
    2,
  );
  assert.equal(
    samples[
      'countersign_verdicts_total' +
        '{api_version=none,code=signature-mismatch,contract=stripe,outcome=reject,stage=signature}'
    ],
    1,
  );
  assert.equal(samples['countersign_check_duration_seconds_sum{contract=stripe,outcome=accept}'], 0.0025);
  assert.equal(samples['countersign_check_duration_seconds_bucket{contract=stripe,le=0.001,outcome=accept}'], 0);
  assert.equal(samples['countersign_check_duration_seconds_bucket{contract=stripe,le=0.0025,outcome=accept}'], 2);
  assert.equal(samples['countersign_check_duration_seconds_bucket{contract=stripe,le=+Inf,outcome=accept}'], 2);
  assert.equal(samples['countersign_timestamp_skew_seconds_sum{contract=stripe,direction=past,outcome=accept}'], 8);
  assert.equal(samples['countersign_timestamp_skew_seconds_sum{contract=stripe,direction=future,outcome=reject}'], 7);
  assert.equal(samples['countersign_body_size_bytes_bucket{contract=stripe,le=256,outcome=accept}'], 0);
  assert.equal(
    samples['countersign_body_size_bytes_bucket{contract=stripe,le=1024,outcome=accept}'],
    2,
    'an upper bound belongs to its bucket',
  );
});

test('a settled delivery is counted by what became of it and by the class of its answer', () => {
  const { hooks, text } = prometheusMetrics();
  for (const status of [200, 204, 422, 500, undefined, 99, 600]) hooks.onSettled({ ...settled, status });
  hooks.onSettled({ ...settled, result: 'lost' });
  assert.deepEqual(valuesOf(text(), 'countersign_deliveries_settled_total'), [
    'stripe completed 2xx 2',
    'stripe completed 4xx 1',
    'stripe completed 5xx 1',
    'stripe completed none 3',
    'stripe lost 2xx 1',
  ]);
});

test('what the store gets wrong, and formats that nobody agreed on, are there from the start', () => {
  const { hooks, text } = prometheusMetrics();
  const before = samplesOf(text());
  assert.deepEqual(before, {
    'countersign_replay_store_errors_total{operation=claim}': 0,
    'countersign_replay_store_errors_total{operation=complete}': 0,
    'countersign_replay_store_errors_total{operation=release}': 0,
    'api_version_negotiation_failures_total{reason=accept_header_mismatch,status_code=406}': 0,
    'api_version_negotiation_failures_total{reason=content_type_mismatch,status_code=415}': 0,
  });
  hooks.onStoreError({
    instance: 'urn:uuid:1',
    contract: 'stripe',
    operation: 'claim',
    error: new Error('ECONNREFUSED'),
  });
  hooks.onVerdict({ ...forged, stage: 'request', code: 'request-content-type', status: 415 });
  for (const status of [415, 406, 404, undefined]) hooks.onSettled({ ...settled, status });
  const after = samplesOf(text());
  assert.equal(after['countersign_replay_store_errors_total{operation=claim}'], 1);
  assert.equal(after['api_version_negotiation_failures_total{reason=content_type_mismatch,status_code=415}'], 2);
  assert.equal(after['api_version_negotiation_failures_total{reason=accept_header_mismatch,status_code=406}'], 1);
});

test('the counter of failed negotiations is the one that negotiation() names', () => {
  const instrument = INSTRUMENTS.find((one) => prometheusName(one) === 'api_version_negotiation_failures_total');
  for (let status = 200; status < 600; status += 1) {
    const said = negotiation({ status });
    const [value, ...values] = instrument.read({ status }) ?? [];
    const labels = value && Object.fromEntries(attributeNames(instrument).map((name, index) => [name, values[index]]));
    assert.deepEqual(
      [prometheusName(instrument), labels],
      [said?.metric ?? prometheusName(instrument), said?.labels],
      String(status),
    );
  }
});

test('labels are escaped as the format says', () => {
  const { hooks, text } = prometheusMetrics();
  const contract = 'a"b\\c\nd\\n{}, =\u{1f511}';
  hooks.onVerdict({ ...accepted, contract });
  const found = parse(text()).find(({ name }) => name === 'countersign_verdicts_total').metrics[0].labels.contract;
  assert.ok(text().includes('contract="a\\"b\\\\c\\nd\\\\n{}, =\u{1f511}"'));
  assert.equal(found, contract);
  assert.ok(
    text()
      .split('\n')
      .every((line) => line === '' || /^(# (HELP|TYPE) \w+ .+|\w+\{.*\} \S+)$/.test(line)),
    text(),
  );
});

test('what is not well formed does not make two series of one name', () => {
  const { hooks, text } = prometheusMetrics();
  for (const contract of ['\ud800', '\ud801']) hooks.onVerdict({ ...accepted, contract });
  const sent = Buffer.from(text()).toString();
  assert.equal(
    samplesOf(sent)[
      'countersign_verdicts_total{api_version=2024-06-20,code=none,contract=\ufffd,outcome=accept,stage=none}'
    ],
    2,
  );
});

test('the order of events does not change the text, and no line has a time', () => {
  const [one, other] = [prometheusMetrics(), prometheusMetrics()];
  const events = ['b', 'a', 'c'].flatMap((contract) => [
    { ...accepted, contract },
    { ...forged, contract },
  ]);
  for (const event of events) one.hooks.onVerdict(event);
  for (const event of events.toReversed()) other.hooks.onVerdict(event);
  assert.equal(one.text(), other.text());
  assert.ok(!/\} \S+ /.test(one.text()));
});

test('beyond maxSeries the open labels are `other`, and sums by the closed ones hold', async () => {
  const prometheus = prometheusMetrics({ maxSeries: 3 });
  const open = telemetry({ maxSeries: 3 });
  for (const { hooks } of [prometheus, open]) {
    for (let index = 0; index < 50; index += 1)
      hooks.onVerdict({ ...forged, stage: 'policy', code: `policy-${index}` });
    hooks.onVerdict({ ...accepted, contract: 'late' });
    hooks.onVerdict({ ...forged, stage: 'policy', code: 'policy-1' });
  }
  const expected = [
    'other accept none other other 1',
    'other reject policy other other 47',
    'stripe reject policy policy-0 none 1',
    'stripe reject policy policy-1 none 2',
    'stripe reject policy policy-2 none 1',
  ];
  assert.deepEqual(valuesOf(prometheus.text(), 'countersign_verdicts_total').sort(), expected);
  const [verdicts] = (await open.collect()).scopeMetrics[0].metrics;
  const points = verdicts.dataPoints.map(({ attributes, value }) => `${attributes['countersign.code']} ${value}`);
  assert.deepEqual(points.sort(), ['other 1', 'other 47', 'policy-0 1', 'policy-1 2', 'policy-2 1']);
});

test('a contract that is called `other` is the same series as what is beyond maxSeries', () => {
  const { hooks, text } = prometheusMetrics({ maxSeries: 2 });
  for (const contract of ['other', 'a', 'b', 'c', 'other']) hooks.onVerdict({ ...accepted, contract });
  assert.equal(samplesOf(text())['countersign_body_size_bytes_count{contract=other,outcome=accept}'], 4);
});

test('OpenTelemetry gets the names, the units and the buckets of the table', async () => {
  const { hooks, clientHooks, collect } = telemetry({ buckets: { bodyBytes: [10, 20] } });
  hooks.onVerdict(accepted);
  hooks.onSettled(settled);
  clientHooks.onAttempt(attempt);
  const { metrics } = (await collect()).scopeMetrics[0];
  assert.deepEqual(
    metrics.map(({ descriptor: { name, unit, description } }) => ({ name, unit, description })),
    INSTRUMENTS.map(({ name, unit, help }) => ({ name, unit, description: help })),
  );
  for (const { descriptor, dataPoints } of metrics) {
    const instrument = INSTRUMENTS.find(({ name }) => name === descriptor.name);
    for (const { attributes } of dataPoints) assert.deepEqual(Object.keys(attributes), attributeNames(instrument));
    if (instrument.kind === 'counter') continue;
    const boundaries = instrument.bucketsOption === 'bodyBytes' ? [10, 20] : instrument.buckets;
    assert.deepEqual(
      dataPoints.map(({ value }) => value.buckets.boundaries),
      [boundaries],
    );
  }
});

test("OpenTelemetry's own Prometheus exporter gives the same samples from the same events", async () => {
  const [prometheus, open] = [prometheusMetrics(), telemetry()];
  for (const { hooks, clientHooks } of [prometheus, open]) {
    for (let index = 0; index < 500; index += 1) {
      const skewSeconds = index % 5 === 0 ? undefined : (index % 90) * 37 - 900;
      const verdict = index % 3 === 0 ? forged : accepted;
      hooks.onVerdict({
        ...verdict,
        contract: `hook "${index % 4}"`,
        milliseconds: index * 7,
        bodyBytes: index ** 3,
        skewSeconds,
      });
      hooks.onSettled({ ...settled, status: 200 + index });
      clientHooks.onAttempt({ ...attempt, status: index % 7 === 0 ? 0 : 200 + index, receiver: `r${index % 3}` });
    }
    hooks.onStoreError({ operation: 'release' });
  }
  const exporter = new PrometheusSerializer(undefined, false, undefined, true, true);
  let told = exporter.serialize(await open.collect()).replace(/countersign_(\w+=")/g, '$1');
  for (const one of INSTRUMENTS) {
    // It leaves out the unit, which collectors add.
    if (one.kind === 'histogram') told = told.replaceAll(one.name.replaceAll('.', '_'), prometheusName(one));
  }
  assert.ok(Object.keys(samplesOf(told)).length > 200);
  assert.deepEqual(samplesOf(told), samplesOf(prometheus.text()));
});

test('numbers that are none are not measured, and none throws', () => {
  const { hooks, text } = prometheusMetrics();
  hooks.onVerdict({ ...accepted, milliseconds: NaN, skewSeconds: Infinity, bodyBytes: undefined });
  assert.equal(valuesOf(text(), 'countersign_verdicts_total').length, 1);
  assert.ok(!/_(bucket|sum|count)\{/.test(text()), text());
});

const attempt = {
  receiver: 'https://api.example.com',
  method: 'GET',
  context: {},
  attempt: 0,
  status: 429,
  milliseconds: 12,
  reason: 'missing-reset-header',
  waitMilliseconds: 400,
  opened: 'missing-reset-header',
};

test('the attempts of a client are counted, with what was missing, refused and opened', () => {
  const { clientHooks, text } = prometheusMetrics();
  assert.deepEqual(Object.keys(clientHooks), ['onAttempt']);
  const { reason, opened, ...plain } = attempt;
  for (const event of [
    attempt,
    { ...plain, status: 200 },
    { ...plain, status: 429, reason: 'retry-after-seconds' },
    { ...plain, status: 503, reason: 'backoff', opened: 'too-many-failures' },
    { ...plain, status: 0, reason: 'backoff' },
    { ...plain, status: 406 },
    { ...plain, status: 415, receiver: 'reports' },
    { ...plain, status: 503, reason: 'missing-reset-header' },
  ])
    clientHooks.onAttempt(event);
  const [here, there] = ['https://api.example.com', 'reports'];
  assert.deepEqual(valuesOf(text(), 'countersign_client_attempts_total'), [
    `${here} 2xx 1`,
    `${here} 4xx 3`,
    `${here} 5xx 2`,
    `${here} none 1`,
    `${there} 4xx 1`,
  ]);
  assert.deepEqual(valuesOf(text(), 'countersign_client_missing_reset_header_total'), [`${here} 1`]);
  assert.deepEqual(valuesOf(text(), 'countersign_client_circuits_opened_total'), [
    `${here} missing-reset-header 1`,
    `${here} too-many-failures 1`,
  ]);
  assert.deepEqual(valuesOf(text(), 'api_version_negotiation_failures_total'), [
    'accept_header_mismatch 406 1',
    'content_type_mismatch 415 1',
  ]);
});

test('misuse is named', () => {
  misuse(() => prometheusMetrics({ bucket: {} }), /^unknown option `bucket`: there are buckets, maxSeries$/);
  misuse(() => prometheusMetrics(null), /^options must be an object, got null$/);
  misuse(
    () => prometheusMetrics({ buckets: { seconds: [1] } }),
    /^unknown option `seconds`: there are durationSeconds, skewSeconds, bodyBytes$/,
  );
  for (const bounds of [[], [1, 1], [2, 1], [NaN], ['1'], 5, [Infinity]]) {
    misuse(
      () => prometheusMetrics({ buckets: { skewSeconds: bounds } }),
      /^buckets\.skewSeconds must be a list of ascending numbers/,
    );
  }
  for (const maxSeries of [0, 1.5, NaN, '5', Infinity])
    misuse(() => prometheusMetrics({ maxSeries }), /^maxSeries must be a whole number from 1, got/);
  for (const meter of [undefined, {}, 'webhooks']) misuse(() => openTelemetryMetrics(meter), /^meter must be a Meter/);
});

test('the closed lists are those of the types', () => {
  const types =
    readFileSync(new URL('../../js/edge.d.ts', import.meta.url), 'utf8') +
    readFileSync(new URL('../../js/client.d.ts', import.meta.url), 'utf8') +
    readFileSync(new URL('../../js/codes.d.ts', import.meta.url), 'utf8');
  const union = (start) =>
    [
      ...types
        .split(start)[1]
        .split(';')[0]
        .matchAll(/'([^']+)'/g),
    ].map((match) => match[1]);
  const list = (name, label) => INSTRUMENTS.find((one) => one.name === name).labels[label];
  assert.deepEqual(list('countersign.verdicts', 'outcome'), union('export type Outcome ='));
  assert.deepEqual(list('countersign.verdicts', 'stage'), [...union('export type StageName ='), 'none']);
  assert.deepEqual(list('countersign.deliveries.settled', 'result'), union('  result:'));
  assert.deepEqual(list('countersign.replay_store.errors', 'operation'), union('  operation:'));
  assert.deepEqual(list('countersign.client.circuits_opened', 'trip'), union('  opened?:'));
});

test('the tables of docs/metrics.md are those of the instruments', () => {
  const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  const rows = INSTRUMENTS.map(
    (one) =>
      `| \`${prometheusName(one)}\` | \`${one.name}\` | ${one.kind} | \`${one.unit}\` | ${Object.keys(one.labels)
        .map((label) => `\`${label}\``)
        .join(', ')} | ${one.help} |`,
  );
  const lists = new Map(
    INSTRUMENTS.flatMap(({ labels }) => Object.entries(labels)).filter(([, values]) => values !== OPEN),
  );
  for (const [label, values] of lists)
    rows.push(`| \`${label}\` | ${values.map((value) => `\`${value}\``).join(', ')} |`);
  for (const { bucketsOption, buckets } of INSTRUMENTS.filter((one) => one.buckets))
    rows.push(`| \`${bucketsOption}\` | ${buckets.join(', ')} |`);
  for (const row of rows) assert.ok(page.includes(`\n${row}\n`), `docs/metrics.md lacks the row\n${row}`);
  const named = new Set(
    page.match(/\b(countersign|api_version)_\w+/g).map((name) => name.replace(/_(bucket|sum|count)$/, '')),
  );
  const known = new Set(
    INSTRUMENTS.flatMap((one) => [
      prometheusName(one),
      ...attributeNames(one).map((name) => name.replaceAll('.', '_')),
    ]),
  );
  assert.deepEqual(
    [...named].filter((name) => !known.has(name)),
    [],
    'docs/metrics.md names what is not there',
  );
  const asked = [...page.matchAll(/\b(\w+)=~?"([\w|-]+)"/g)].filter(([, label]) => lists.has(label));
  assert.ok(asked.length >= 8, 'no alert asks for a label');
  for (const [, label, values] of asked)
    for (const value of values.split('|')) assert.ok(lists.get(label).includes(value), `${label} is never ${value}`);
});
