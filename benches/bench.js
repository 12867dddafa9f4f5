// Ratios against peers, in one run: a signed request to an accepted verdict, and a whole process from start to the
// first verdict. Rounds alternate; a ratio is the peer's time over ours in the same round, above 1 we are faster.

import { createHmac, timingSafeEqual, webcrypto } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { Validator } from '@cfworker/json-schema';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { compile } from '../pkg/node.js';
import { keep, quantile, spread } from './figures.js';

const SECRET = 'replace-with-real-secret';
const NOW = 1717030000;
const ROUNDS = Number(process.env.ROUNDS ?? 31);
const schema = JSON.parse(
  readFileSync(new URL('../policies/webhook/sub2api/message.schema.json', import.meta.url), 'utf8'),
);

const ajv = new Ajv2020({ allErrors: false });
addFormats.default(ajv);
const ajvValidate = ajv.compile(schema);
const cfworker = new Validator(schema, '2020-12');
const gate = await compile('sub2api', { keys: [{ secret: SECRET }] });
const cryptoKey = await webcrypto.subtle.importKey(
  'raw',
  Buffer.from(SECRET),
  { name: 'HMAC', hash: 'SHA-256' },
  false,
  ['verify'],
);

function fresh(headers) {
  const time = headers['x-cs-timestamp'];
  return /^(0|[1-9]\d{0,11})$/.test(time) && Math.abs(NOW - Number(time)) <= 300;
}

const contenders = {
  countersign: ({ request }) => gate.check(request, { now: NOW }).verdict === 'accept',
  'node:crypto + JSON.parse + ajv': ({ headers, body }) => {
    const mac = createHmac('sha256', SECRET).update(`${headers['x-cs-timestamp']}.`).update(body).digest();
    const given = Buffer.from(headers['x-cs-signature'], 'hex');
    return (
      given.length === 32 &&
      timingSafeEqual(mac, given) &&
      fresh(headers) &&
      ajvValidate(JSON.parse(body.toString('utf8')))
    );
  },
  'WebCrypto + JSON.parse + @cfworker/json-schema': async ({ headers, body }) => {
    const signed = Buffer.concat([Buffer.from(`${headers['x-cs-timestamp']}.`), body]);
    const given = Buffer.from(headers['x-cs-signature'], 'hex');
    if (!(await webcrypto.subtle.verify('HMAC', cryptoKey, given, signed))) return false;
    return fresh(headers) && cfworker.validate(JSON.parse(new TextDecoder().decode(body))).valid;
  },
};

function input(bytes) {
  const message = { message_id: 'sub2api-msg-001', channel: 'sub2api', open_id: 'user-123', content: '' };
  const room = bytes - Buffer.byteLength(JSON.stringify(message));
  message.content = '我要退款'.repeat(Math.ceil(room / 12)).slice(0, Math.floor(room / 3));
  const body = Buffer.from(JSON.stringify(message));
  const mac = createHmac('sha256', SECRET).update(`${NOW}.`).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-cs-timestamp': String(NOW), 'x-cs-signature': mac };
  return { headers, body, request: { method: 'POST', url: '/api/v1/customer-service/webhook', headers, body } };
}

async function time(run, item, calls) {
  const start = process.hrtime.bigint();
  for (let call = 0; call < calls; call += 1) {
    const result = run(item);
    if (result instanceof Promise) await result;
  }
  return Number(process.hrtime.bigint() - start) / calls;
}

async function compare(item, calls) {
  for (const [name, run] of Object.entries(contenders)) {
    const tampered = { ...item, body: Buffer.concat([item.body, Buffer.from(' ')]) };
    tampered.request = { ...item.request, body: tampered.body };
    if ((await run(item)) !== true || (await run(tampered)) !== false) throw new Error(`${name} judges wrongly`);
  }
  const rounds = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(contenders)) {
      const nanoseconds = await time(run, item, calls);
      if (round > 0) rounds[name].push(nanoseconds); // the first warms up
    }
  }
  return rounds;
}

function startUp() {
  const ours = `import { compile } from '${new URL('../pkg/node.js', import.meta.url)}';
    const gate = await compile('sub2api', { keys: [{ secret: '${SECRET}' }] });
    gate.check({ method: 'POST', url: '/', headers: {}, body: new Uint8Array() });`;
  const peer = `import { createHmac } from 'node:crypto';
    import Ajv2020 from 'ajv/dist/2020.js'; import addFormats from 'ajv-formats';
    const ajv = new Ajv2020(); addFormats.default(ajv);
    ajv.compile(${JSON.stringify(schema)})({}); createHmac('sha256', 'k').update('').digest();`;
  const run = (source) => {
    const start = process.hrtime.bigint();
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
      cwd: new URL('..', import.meta.url),
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return Number(process.hrtime.bigint() - start);
  };
  const rounds = { countersign: [], 'node:crypto + ajv': [] };
  for (let round = 0; round <= 11; round += 1) {
    const times = [run(ours), run(peer)];
    if (round > 0) Object.keys(rounds).forEach((name, index) => rounds[name].push(times[index]));
  }
  return rounds;
}

function rows(what, rounds) {
  const ours = rounds.countersign;
  return Object.entries(rounds)
    .filter(([name]) => name !== 'countersign')
    .map(([peer, times]) => {
      const { median, p10, p90 } = spread(times.map((value, round) => value / ours[round]));
      return { what, peer, 'peer/ours': median, p10, p90, 'ours, µs': Number((quantile(ours, 0.5) / 1000).toFixed(1)) };
    });
}

const table = [];
for (const [bytes, calls] of [
  [177, 2000],
  [977, 1000],
  [4200, 400],
  [16000, 150],
  [64000, 40],
]) {
  table.push(...rows(`${bytes} B`, await compare(input(bytes), calls)));
}
table.push(...rows('process start to first verdict', startUp()));
console.table(table);
keep({ rounds: ROUNDS, table });
