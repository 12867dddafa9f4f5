// Requests in the source of a program: assignments and calls are read in order, and nothing is run.

import { latin1Bytes, utf8 } from '../../base/bytes.js';
import { ByteText, Literals, Numeral, Unknown } from './literal.js';
import { note } from './notes.js';

const TRIES = 20; // places that look like a call and hold none, or values that cannot be read

/**
 * @param {string} text
 * @param {{ python?: boolean, steps: RegExp, calls: (call: any) => unknown, taken: (match: RegExpExecArray, value: any,
 * read: Literals) => void }} how `steps` finds where a value begins, behind the match; `taken` gets it
 */
export function followed(text, { python = false, steps, calls, taken }) {
  const read = new Literals(text, { python, calls });
  let failed = 0;
  steps.lastIndex = 0;
  for (let match = steps.exec(text); match !== null && failed < TRIES; match = steps.exec(text)) {
    const isCall = match[0].endsWith('(');
    const at = match.index + match[0].length - (isCall ? 1 : 0);
    const found = read.attempt(at, () => (isCall ? read.call(match[0].slice(0, -1)) : read.value()));
    if (found === undefined) {
      failed += 1;
      continue;
    }
    taken(match, found.value, read);
    steps.lastIndex = Math.max(found.end, steps.lastIndex);
  }
  return read;
}

/** The bytes of a body, or undefined where they are not known. @param {unknown} value */
export function bytesOfValue(value) {
  if (typeof value === 'string') return utf8(value);
  if (value instanceof ByteText) return value.cut ? undefined : latin1Bytes(value.text);
  return value === undefined || value === null ? new Uint8Array() : undefined;
}

/** The pairs of an object or a list of pairs; a list as a value is several of one name. @param {unknown} value */
export function pairsOfValue(value) {
  const entries = value instanceof Map ? [...value] : Array.isArray(value) ? value.filter(isPair) : [];
  return entries.flatMap(([name, one]) =>
    (Array.isArray(one) ? one : [one])
      .map(textOfValue)
      .flatMap((text) =>
        text === undefined ? [] : [/** @type {[string, string]} */ ([textOfValue(name) ?? '', text])],
      ),
  );
}

function isPair(value) {
  return Array.isArray(value) && value.length === 2;
}

/** The text of a scalar. @param {unknown} value @returns {string | undefined} */
export function textOfValue(value) {
  if (typeof value === 'string') return value;
  if (value instanceof ByteText) return value.text;
  if (value instanceof Numeral) return String(value);
  if (typeof value === 'boolean') return String(value);
  return value instanceof Unknown ? `{${value.written}}` : undefined;
}

/** @param {Literals} read */
export function notesOfRead(read) {
  return read.unknown.size === 0 ? [] : [note('values', { names: [...read.unknown].join(', ') })];
}
