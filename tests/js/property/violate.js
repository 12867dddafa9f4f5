// From schemas and a valid message to every way of breaking one rule: { rule, code, at, place, value }, where `place`
// takes `value` (nothing: is removed), and the finding stands at `at`.

import { below } from './json.js';
import { allowed, items, member, plain, source, typeOf } from './schema.js';

const OF_OTHER_TYPES = [null, true, 7, 1.5, 'text', '', ['text'], [], { text: 1 }, {}];
const NOT_OF_FORMAT = {
  'date-time': [
    '',
    'soon',
    '2024-02-30T00:00:00Z',
    '2024-01-01T25:00:00.000Z',
    '2024-01-01',
    '2024-01-01T00:00:00.000',
  ],
  email: ['', 'somebody'],
  uri: ['', 'not a uri'],
  uuid: ['', '123e4567-e89b-12d3-a456-42661417400'],
};

export function violations(sources, value, at = '') {
  return plain(sources).flatMap((from) =>
    typeof from.schema === 'boolean' ? [] : [...broken(from, value, at), ...inside(from, value, at)],
  );
}

function inside(from, value, at) {
  const children = (list) =>
    list.slice(0, 3).flatMap(([key, inner, sources]) => violations(sources, inner, below(at, key)));
  switch (typeOf(value)) {
    case 'array':
      return children(value.map((item, index) => [index, item, items([from])]));
    case 'object': {
      const entries = Object.entries(value).map(([name, inner]) => [name, inner, member([from], name)]);
      return entries.filter(([, , judges]) => judges.length > 0).flatMap((entry) => children([entry]));
    }
    default:
      return [];
  }
}

function broken({ schema, root, where }, value, at) {
  const type = typeOf(value);
  const found = [];
  const add = (keyword, values, more = {}) => {
    for (const one of values)
      found.push({ rule: `${where} ${keyword}`, code: `schema-${kebab(keyword)}`, at, place: at, value: one, ...more });
  };
  const only = (kind, keyword, make) => kind === type && keyword in schema && add(keyword, make(schema[keyword]));
  const listed = (values) => [`${value}x`, 'other', 7].filter((one) => !values.includes(one));

  if ('type' in schema)
    add(
      'type',
      OF_OTHER_TYPES.filter((one) => !allowed(schema.type).includes(typeOf(one))),
    );
  if ('enum' in schema) add('enum', listed(schema.enum));
  if ('const' in schema) add('const', listed([schema.const]));
  only('string', 'pattern', (pattern) =>
    ['', `${value}\n`, `${value}!`, `é${value}`].filter((one) => !new RegExp(pattern, 'u').test(one)),
  );
  only('string', 'format', (format) => NOT_OF_FORMAT[format]);
  only('string', 'minLength', (least) => (least > 0 ? ['', '界'.repeat(least - 1)] : []));
  only('string', 'maxLength', (most) => ['x'.repeat(most + 1), '😀'.repeat(most + 1)]);
  only('array', 'minItems', (least) => (least > 0 ? [value.slice(0, least - 1)] : []));
  only('array', 'maxItems', (most) => (value.length > 0 ? [Array(most + 1).fill(value[0])] : []));
  only('array', 'uniqueItems', () => (value.length > 0 ? [[...value, value[0]]] : []));
  only('object', 'minProperties', (least) =>
    least > 0 ? [Object.fromEntries(Object.entries(value).slice(0, least - 1))] : [],
  );
  only('object', 'maxProperties', (most) => [
    Object.fromEntries(Array.from({ length: most + 1 }, (_, index) => [`m${index}`, 1])),
  ]);
  if (['integer', 'number'].includes(type)) {
    if ('minimum' in schema) add('minimum', [schema.minimum - 1]);
    if ('maximum' in schema) add('maximum', [schema.maximum + 1]);
    if ('exclusiveMinimum' in schema) add('exclusiveMinimum', [schema.exclusiveMinimum, schema.exclusiveMinimum - 1]);
    if ('exclusiveMaximum' in schema) add('exclusiveMaximum', [schema.exclusiveMaximum, schema.exclusiveMaximum + 1]);
  }
  if (type === 'object') {
    for (const name of (schema.required ?? []).filter((name) => Object.hasOwn(value, name))) {
      add('required', [undefined], { rule: `${where} required ${name}`, place: below(at, name), property: name });
    }
    if (schema.additionalProperties === false) {
      for (const name of ['model', 'a/b~c', '', ...Object.keys(schema.properties ?? {}).map((known) => `${known}s`)]) {
        if (!Object.hasOwn(schema.properties ?? {}, name))
          add('additionalProperties', [1], { at: below(at, name), place: below(at, name) });
      }
    }
  }
  if ('anyOf' in schema)
    add('anyOf', [
      schema.anyOf.reduce((whole, branch) => withoutRequired(source(branch, root, where), whole, at), value),
    ]);
  return found;
}

/** Breaks one alternative: by its required members alone, as by those no one alternative is the one that was meant. */
function withoutRequired(branch, value, _at) {
  const name = plain([branch])[0].schema.required?.[0];
  if (name === undefined)
    throw new Error(`${branch.where}: teach tests/js/property to break an alternative without \`required\``);
  const { [name]: _, ...rest } = value;
  return rest;
}

export const kebab = (keyword) => keyword.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
