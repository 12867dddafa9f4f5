// Raw HTTP, as it is written: its bytes are the message's.

import { latin1, utf8 } from '../../base/bytes.js';
import { declaredLength, layoutOf } from '../layout.js';
import { note } from './notes.js';

const START_LINE =
  /^(?:[A-Z][A-Z-]*[ \t]+(?:\/|https?:\/\/)\S*|[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]+\S+[ \t]+HTTP\/\d(?:\.\d)?|HTTP\/\d(?:\.\d)? [1-5]\d\d.*)[ \t]*$/;
const LONE_TARGET = /^\s*(?:https?:\/\/|\/)\S*\s*$/i;
const FIRST = 0x10000; // characters in which the first line ends

/** @param {string} text */
export function rawRequest(text) {
  const { start } = layoutOf(text.slice(0, FIRST));
  const line = text.slice(...start);
  if (!START_LINE.test(line) && !LONE_TARGET.test(text.slice(0, FIRST))) return undefined;
  const earlier = text.slice(0, start[0]).trim() !== '';
  const { text: own, notes } = withoutEnd(earlier ? text.slice(start[0]) : text);
  return [{ label: line, text: own, notes: earlier ? [note('earlier'), ...notes] : notes }];
}

/** Whoever copies a request takes a line break behind its body along, which would be a part of what is signed. */
function withoutEnd(text) {
  const layout = layoutOf(text);
  const { length } = declaredLength(layout.headers.map(({ name, value }) => [name, value]));
  if (length === undefined) return { text, notes: [] };
  const rest = latin1(utf8(text.slice(layout.bodyStart)).subarray(length));
  if (!/^[\r\n]+$/.test(rest)) return { text, notes: [] };
  return { text: text.slice(0, -rest.length), notes: [note('cut', { bytes: length })] };
}
