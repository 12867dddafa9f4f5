// The metrics of a guard and of a client: one table for Prometheus, OpenTelemetry and docs/metrics.md. Names and units
// are those of OpenTelemetry; the Prometheus names follow from them by the collectors' rule.

/** A label without a fixed list of values: `maxSeries` limits it. */
export const OPEN = 'open';

const OUTCOMES = [
  'accept',
  'answer',
  'reject',
  'ignore',
  'busy',
  'unrouted',
  'store-down',
  'dead-letter',
  'dead-letter-failed',
  'body-parsed',
  'aborted',
];
const STAGES = ['request', 'signature', 'freshness', 'replay', 'payload', 'route', 'schema', 'policy', 'shape', 'none'];
const DIRECTIONS = ['past', 'future'];
const RESULTS = ['completed', 'released', 'lost', 'failed'];
const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx', 'none'];
const OPERATIONS = ['claim', 'complete', 'release'];
const TRIPS = ['missing-reset-header', 'too-many-failures'];

/** The failures of RFC 9110 that `negotiation()` names, by status. */
const NEGOTIATION = { 406: 'accept_header_mismatch', 415: 'content_type_mismatch' };

/**
 * `read` returns the value and the labels in the order of `labels`, or undefined if there is nothing to measure.
 * `start` lists series that exist from the beginning, because a rate misses the first value of a new series.
 */
export const INSTRUMENTS = [
  {
    name: 'countersign.verdicts',
    kind: 'counter',
    unit: '{request}',
    on: ['onVerdict'],
    help: 'Requests that were judged.',
    labels: { contract: OPEN, outcome: OUTCOMES, stage: STAGES, code: OPEN, api_version: OPEN },
    read: (event) => [1, event.contract, event.outcome, event.stage, event.code, event.apiVersion ?? 'none'],
  },
  {
    name: 'countersign.check.duration',
    kind: 'histogram',
    unit: 's',
    on: ['onVerdict'],
    help: 'Time from the arrival of the request to the verdict, its body and the replay store included.',
    labels: { contract: OPEN, outcome: OUTCOMES },
    bucketsOption: 'durationSeconds',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    read: (event) => [event.milliseconds / 1000, event.contract, event.outcome],
  },
  {
    // The distance, with its direction as a label: OpenTelemetry histograms drop negative values, and a falling sum has
    // no rate.
    name: 'countersign.timestamp.skew',
    kind: 'histogram',
    unit: 's',
    on: ['onVerdict'],
    help: 'Distance of the signed time from the clock.',
    labels: { contract: OPEN, outcome: OUTCOMES, direction: DIRECTIONS },
    bucketsOption: 'skewSeconds',
    buckets: [1, 2, 5, 10, 30, 60, 120, 300, 600, 3600, 86400],
    read: ({ skewSeconds: skew, contract, outcome }) =>
      skew === undefined ? undefined : [Math.abs(skew), contract, outcome, skew < 0 ? 'future' : 'past'],
  },
  {
    name: 'countersign.body.size',
    kind: 'histogram',
    unit: 'By',
    on: ['onVerdict'],
    help: 'Size of the body; of one that is too long, a number above the limit.',
    labels: { contract: OPEN, outcome: OUTCOMES },
    bucketsOption: 'bodyBytes',
    buckets: [256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216],
    read: (event) => [event.bodyBytes, event.contract, event.outcome],
  },
  {
    name: 'countersign.deliveries.settled',
    kind: 'counter',
    unit: '{delivery}',
    on: ['onSettled'],
    help: 'Deliveries whose handler is done.',
    labels: { contract: OPEN, result: RESULTS, status_class: CLASSES },
    read: (event) => [1, event.contract, event.result, classOf(event.status)],
  },
  {
    name: 'countersign.replay_store.errors',
    kind: 'counter',
    unit: '{error}',
    on: ['onStoreError'],
    help: 'Calls of the replay store that failed or took too long.',
    labels: { operation: OPERATIONS },
    start: OPERATIONS.map((operation) => [operation]),
    read: (event) => [1, event.operation],
  },
  {
    name: 'api_version.negotiation.failures',
    kind: 'counter',
    unit: '{failure}',
    on: ['onVerdict', 'onSettled', 'onAttempt'],
    help: 'Answers 406 and 415: of the guard, of the handlers, and to the client.',
    labels: { reason: Object.values(NEGOTIATION), status_code: Object.keys(NEGOTIATION) },
    plainAttributes: true, // the counter is known by the names `reason` and `status_code`
    start: Object.entries(NEGOTIATION).map(([status, reason]) => [reason, status]),
    read: ({ status }) => (Object.hasOwn(NEGOTIATION, status) ? [1, NEGOTIATION[status], String(status)] : undefined),
  },
  {
    name: 'countersign.client.attempts',
    kind: 'counter',
    unit: '{attempt}',
    on: ['onAttempt'],
    help: 'Requests that the client sent, by the class of the answer.',
    labels: { receiver: OPEN, status_class: CLASSES },
    read: (event) => [1, event.receiver, classOf(event.status)],
  },
  {
    name: 'countersign.client.missing_reset_header',
    kind: 'counter',
    unit: '{answer}',
    on: ['onAttempt'],
    help: 'Answers 429 to the client that name neither Retry-After nor X-RateLimit-Reset.',
    labels: { receiver: OPEN },
    read: ({ status, reason, receiver }) =>
      status === 429 && reason === 'missing-reset-header' ? [1, receiver] : undefined,
  },
  {
    name: 'countersign.client.circuits_opened',
    kind: 'counter',
    unit: '{circuit}',
    on: ['onAttempt'],
    help: 'Circuits of the client that opened, by what opened them.',
    labels: { receiver: OPEN, trip: TRIPS },
    read: ({ opened, receiver }) => (opened === undefined ? undefined : [1, receiver, opened]),
  },
];

const UNITS = { s: '_seconds', By: '_bytes' };

export function prometheusName({ name, kind: type, unit }) {
  return name.replaceAll('.', '_') + (UNITS[unit] ?? '') + (type === 'counter' ? '_total' : '');
}

/** OpenTelemetry's names for an instrument's labels: in a namespace, as its conventions require. */
export function attributeNames({ labels, plainAttributes }) {
  return Object.keys(labels).map((label) => (plainAttributes ? label : `countersign.${label}`));
}

function classOf(status) {
  return status >= 100 && status <= 599 ? `${Math.floor(status / 100)}xx` : 'none';
}
