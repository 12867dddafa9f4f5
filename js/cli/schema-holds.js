// Says of most values at once that a JSON Schema takes them. Where it does not, the engine has to be asked: it knows
// all of the language, and what to say, but its first schema of a run takes longer than all else of a configuration.

import { isObject } from './merge.js';

const DEEPEST = 50;
const NOTES = new Set(['$schema', '$id', '$defs', 'title', 'description']);

const KEYWORDS = {
  $ref: (name, value, see) => {
    const found = /^#\/\$defs\/(\w+)$/.exec(name)?.[1];
    return found !== undefined && isObject(see.root.$defs?.[found]) && see.holds(see.root.$defs[found], value);
  },
  type: (types, value) => [types].flat().includes(typeOf(value)),
  enum: (values, value) => !isObject(value) && !Array.isArray(value) && values.includes(value),
  minLength: (least, value) => typeof value !== 'string' || [...value].length >= least,
  minItems: (least, value) => !Array.isArray(value) || value.length >= least,
  items: (items, value, see) => !Array.isArray(value) || value.every((item) => see.holds(items, item)),
  minProperties: (least, value) => !isObject(value) || Object.keys(value).length >= least,
  maxProperties: (most, value) => !isObject(value) || Object.keys(value).length <= most,
  required: (names, value) => !isObject(value) || names.every((name) => Object.hasOwn(value, name)),
  properties: (schemas, value, see) =>
    !isObject(value) ||
    Object.entries(value).every(([name, one]) => !Object.hasOwn(schemas, name) || see.holds(schemas[name], one)),
  additionalProperties: (schema, value, see) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([name, one]) => Object.hasOwn(see.schema.properties ?? {}, name) || (schema !== false && see.holds(schema, one)),
    ),
};

/** True if the schema surely takes the value. What this reader does not know is not sure. */
export function surelyHolds(root, value, schema = root, depth = 0) {
  if (!isObject(schema) || depth > DEEPEST) return false;
  const see = { root, schema, holds: (inner, one) => surelyHolds(root, one, inner, depth + 1) };
  return Object.entries(schema).every(([name, said]) => {
    if (NOTES.has(name)) return name !== '$id' || depth === 0;
    return Object.hasOwn(KEYWORDS, name) && KEYWORDS[name](said, value, see);
  });
}

function typeOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value; // a number is left to the engine, which tells integers
}
