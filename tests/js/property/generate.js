// From schemas, which hold together, to messages that are valid under all of them.

import fc from 'fast-check';

import { items, listed, member, plain, source, types } from './schema.js';

const SAFE = 10 ** 15; // beyond 2^53 an integer is `json-number-unsafe`
const EXTRA = 12; // how far a text or a list goes beyond its least length

const two = (number) => String(number).padStart(2, '0');
const zone = fc.oneof(
  fc.constant('Z'),
  fc.tuple(fc.constantFrom('+', '-'), fc.nat(14), fc.nat(59)).map(([sign, h, m]) => `${sign}${two(h)}:${two(m)}`),
);
const FORMATS = {
  'date-time': () =>
    fc
      .tuple(
        fc.date({ min: new Date('1970-01-02'), max: new Date('2999-12-30'), noInvalidDate: true }),
        fc.constantFrom('', '.0', '.123', '.999', '.123456'),
        zone,
      )
      .map(([date, fraction, offset]) => `${date.toISOString().slice(0, 19)}${fraction}${offset}`),
  email: () => fc.emailAddress(),
  uri: () => fc.webUrl(),
  uuid: () => fc.uuid(),
};

// Made once: fast-check's own unit of all code points builds a table of them at every call.
const point = (min, max) => fc.integer({ min, max }).map((code) => String.fromCodePoint(code));
const unit = fc.oneof(
  { arbitrary: point(0x20, 0x7e), weight: 4 },
  point(0, 0xd7ff),
  point(0x4e00, 0x9fff),
  point(0x1f300, 0x1f64f),
  point(0xe000, 0x10ffff),
);
const text = (limits) => fc.string({ unit, ...limits });
const number = fc.double({ min: -SAFE, max: SAFE, noNaN: true });
const { anything } = fc.letrec((tie) => ({
  anything: fc.oneof(
    { depthSize: 'small', maxDepth: 2 },
    text({ maxLength: 8 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    number,
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('anything'), { maxLength: 3 }),
  object: fc.dictionary(text({ maxLength: 6 }), tie('anything'), { maxKeys: 3, noNullPrototype: true }),
}));

/** Valid values. `reserved` are names that an extra member never has. */
export function valid(sources, reserved = new Set()) {
  const all = plain(sources);
  const choice = all.find(({ schema }) => schema.anyOf);
  if (choice) {
    const { anyOf, ...rest } = choice.schema;
    const others = all.filter((one) => one !== choice);
    return fc.oneof(
      ...anyOf.map((branch) =>
        valid([...others, { ...choice, schema: rest }, { ...choice, schema: branch }], reserved),
      ),
    );
  }
  if (!all.some(({ schema }) => Object.keys(schema).length > 0)) return anything;
  const values = listed(all);
  if (values) return fc.constantFrom(...values);
  const kinds = types(all).filter((type, _, list) => !(type === 'integer' && list.includes('number')));
  if (kinds.length === 0) throw new Error(`${all.map(({ where }) => where)}: no type is allowed`);
  return fc.oneof(...kinds.map((type) => OF_TYPE[type](all, reserved)));
}

const OF_TYPE = {
  array: (all, reserved) => {
    const [minLength, maxLength] = bounds(all, 'minItems', 'maxItems', 3);
    const unique = all.some(({ schema }) => schema.uniqueItems);
    const list = unique ? (inner, limits) => fc.uniqueArray(inner, { ...limits, selector: JSON.stringify }) : fc.array;
    return list(valid(items(all), reserved), { minLength, maxLength });
  },
  boolean: () => fc.boolean(),
  integer: (all) => numbers(all).whole,
  null: () => fc.constant(null),
  number: (all) => fc.oneof(...Object.values(numbers(all))),
  object: objects,
  string: strings,
};

function strings(all) {
  const [minLength, maxLength] = bounds(all, 'minLength', 'maxLength', EXTRA);
  const patterns = all.flatMap(({ schema: { pattern } }) => (pattern === undefined ? [] : [new RegExp(pattern, 'u')]));
  const formats = all.flatMap(({ schema: { format } }) => (format === undefined ? [] : [format]));
  if (formats.length > 1 || (formats[0] && !FORMATS[formats[0]]))
    throw new Error(`teach tests/js/property the formats ${formats}`);
  const matching = patterns[0] && fc.stringMatching(patterns[0], { size: 'small' });
  const most = Math.min(...all.map(({ schema }) => schema.maxLength ?? Infinity));
  const fits = (value) =>
    [...value].length >= minLength && [...value].length <= most && patterns.every((pattern) => pattern.test(value));
  return (FORMATS[formats[0]]?.() ?? matching ?? text({ minLength, maxLength })).filter(fits);
}

function objects(all, reserved) {
  const names = [...new Set(all.flatMap(({ schema }) => Object.keys(schema.properties ?? {})))];
  const requiredKeys = [...new Set(all.flatMap(({ schema }) => schema.required ?? []))];
  const open = (name) => member(all, name).every(({ schema }) => schema !== false);
  const model = Object.fromEntries(
    [...new Set([...names, ...requiredKeys])].filter(open).map((name) => [name, valid(member(all, name), reserved)]),
  );
  const [least, most] = bounds(all, 'minProperties', 'maxProperties', 2);
  const free = (name) =>
    !reserved.has(name) && !Object.hasOwn(model, name) && name !== '__proto__' && !names.includes(name) && open(name);
  const closed = all.some(({ schema }) => schema.additionalProperties === false);
  const other = member(
    all.map(({ schema, ...rest }) => ({ ...rest, schema: { additionalProperties: schema.additionalProperties } })),
    '',
  );
  const sized = (object) =>
    Object.keys(object).length >= least &&
    all.every(({ schema }) => Object.keys(object).length <= (schema.maxProperties ?? Infinity));
  const limits = {
    minKeys: Math.max(0, least - Object.keys(model).length),
    maxKeys: Math.max(2, most),
    noNullPrototype: true,
  };
  const extras = closed
    ? fc.constant({})
    : fc.dictionary(
        text({ maxLength: 6 }).filter(free),
        valid(
          other.filter((one) => one.schema !== undefined),
          reserved,
        ),
        limits,
      );
  return fc
    .tuple(fc.record(model, { requiredKeys: requiredKeys.filter(open), noNullPrototype: true }), extras)
    .map(([known, more]) => ({ ...more, ...known }))
    .filter(sized);
}

/** The narrowest bounds; without an upper one, some more than the least. */
function bounds(all, least, most, more) {
  const from = Math.max(0, ...all.map(({ schema }) => schema[least] ?? 0));
  return [from, Math.min(from + more, ...all.map(({ schema }) => schema[most] ?? Infinity))];
}

function numbers(all) {
  const given = (keyword) => all.flatMap(({ schema }) => (schema[keyword] === undefined ? [] : [schema[keyword]]));
  const [least, above] = [Math.max(-SAFE, ...given('minimum')), Math.max(-Infinity, ...given('exclusiveMinimum'))];
  const [most, below] = [Math.min(SAFE, ...given('maximum')), Math.min(Infinity, ...given('exclusiveMaximum'))];
  const whole = {
    min: Math.max(Math.ceil(least), Math.floor(above) + 1),
    max: Math.min(Math.floor(most), Math.ceil(below) - 1),
  };
  const real = {
    min: Math.max(least, above),
    minExcluded: above >= least,
    max: Math.min(most, below),
    maxExcluded: below <= most,
    noNaN: true,
  };
  return { whole: fc.integer(whole), real: fc.double(real) };
}

/** A plain schema that stands nowhere but here. */
export const ad = (schema) => source(schema, { name: 'here', document: schema, others: new Map() }, 'here');
