// JSON values that nobody has checked yet.

import { pointerParts } from '../../../pkg/places/lines.js';

export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The value of a JSON text, or undefined if it is not JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a parser's own message would repeat the text
  }
}

/** To read, as a file. */
export function prettyFile(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The value at a JSON Pointer, or undefined if there is none. */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const part of (pointerParts(pointer) ?? []) as string[]) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** A part of a JSON Pointer. */
export function escaped(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
