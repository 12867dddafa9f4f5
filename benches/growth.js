// How the time grows with what a sender or an author makes larger: the exponent of a fit of log time over log size. At
// 1 twice as much takes twice as long.

import { compile } from '../pkg/node-slim.js';
import { NOW, SECRET, SHAPES, signed, tampered } from './bodies.js';
import { exponentRow } from './exponent.js';
import { report } from './figures.js';

const KB = 1024;
const KEYS = [{ secret: SECRET }];
const text = SHAPES.find(({ name }) => name === 'ASCII text');
const objects = SHAPES.find(({ kind }) => kind === 'objects');
const open = { ...objects, contract: { ...objects.contract, schema: { type: 'object' } }, files: {} };

/** Large enough that what every check takes is little. */
const sizesFrom = (first) => [1, 2, 4, 8, 16].map((times) => first * times);
const gateOf = ({ contract, files }, options) => compile(contract, { keys: KEYS, files, ...options });
const checking =
  (gate, { request }, verdict) =>
  () => {
    if (gate.check(request, { now: NOW }).verdict !== verdict) throw new Error(`not the verdict ${verdict}`);
    return true;
  };

const body = (shape) => async (bytes) => checking(await gateOf(shape), signed(shape, shape.document(bytes)), 'accept');

async function forged(bytes) {
  return checking(await gateOf(objects), tampered(signed(objects, objects.document(bytes))), 'reject');
}

async function findings(count) {
  const items = Array.from({ length: count }, (_, at) => ({ id: `it_${at}`, amount: -1, currency: 'eur' }));
  return checking(await gateOf(objects), signed(objects, { id: 'evt_1', type: 'paid', items }), 'reject');
}

async function unknown(count) {
  const others = Object.fromEntries(Array.from({ length: count }, (_, at) => [`other_${at}`, at]));
  const document = { ...objects.document(1), ...others };
  return checking(await gateOf(objects), signed(objects, document), 'reject');
}

async function headers(count) {
  const { request } = signed(text, text.document(KB));
  const more = Array.from({ length: count }, (_, at) => [`x-header-${at}`, `value ${at}`]);
  const gate = await gateOf(text, { limits: { headers: 2 * count + 8, headerBytes: 1_000_000 } });
  // A list: to name the properties of an object with thousands takes V8 itself more than twice as long for twice as many.
  return checking(gate, { request: { ...request, headers: [...Object.entries(request.headers), ...more] } }, 'accept');
}

async function members(count) {
  const document = { id: 'evt_1', type: 'paid' };
  for (let at = 0; at < count; at += 1) document[`member_${(at * 7919) % count}`] = at;
  return checking(await gateOf(open), signed(open, document), 'accept');
}

/** None of them is the one. */
async function keys(count) {
  const others = Array.from({ length: count }, (_, at) => ({ secret: `another secret, number ${at}` }));
  const gate = await gateOf(text, { keys: others });
  return checking(gate, signed(text, text.document(16 * KB)), 'reject');
}

async function schema(count) {
  const properties = Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`property_${at}`, { type: 'string', minLength: 1, maxLength: at + 1 }]),
  );
  const contract = { ...objects.contract, schema: { type: 'object', required: ['id'], properties } };
  return async () => {
    const gate = await gateOf({ contract, files: {} });
    gate.free();
    return true;
  };
}

const GROWN = [
  ['body of text, bytes', sizesFrom(128 * KB), body(text), 'growth'],
  ['body of objects, bytes', sizesFrom(64 * KB), body(objects), 'growth'],
  ['forged body of objects, bytes', sizesFrom(64 * KB), forged, 'growth'],
  ['findings', sizesFrom(64), findings, 'growth'],
  ['unknown members', sizesFrom(512), unknown, 'growth, members of one object'],
  ['headers', sizesFrom(512), headers, 'growth'],
  ['schema to compile, properties', sizesFrom(512), schema, 'growth'],
  ['members of one object', sizesFrom(1024), members, 'growth, members of one object'],
  ['keys, 16 KB', sizesFrom(16), keys, 'growth, keys'],
];

const rows = [];
for (const [name, sizes, runFor, goal] of GROWN) rows.push(await exponentRow(name, sizes, runFor, goal));
report('growth of the time', rows);
