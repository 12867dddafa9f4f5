// A part of the contract language's schema, its references followed.

import { valueAt } from '../base/json.js';

export type Schema = Record<string, unknown>;

/**
 * The part below these keys; undefined where the schema has none. A reference gives way to what it names, its
 * neighbours stay.
 */
export function part(schema: Schema, ...keys: string[]): Schema | undefined {
  let node: unknown = schema;
  for (const key of ['', ...keys]) {
    if (key !== '') node = node !== null && typeof node === 'object' ? (node as Schema)[key] : undefined;
    node = followed(schema, node);
  }
  return node as Schema | undefined;
}

function followed(root: Schema, node: unknown): unknown {
  const { $ref: reference, ...rest } = (node ?? {}) as Schema;
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return node;
  return { ...((followed(root, valueAt(root, reference.slice(1))) ?? {}) as Schema), ...rest };
}

/** The words of an enumeration, as texts. */
export function wordsOf(schema: Schema, ...keys: string[]): string[] {
  const words = part(schema, ...keys)?.enum;
  return Array.isArray(words) ? words.map(String) : [];
}
