// Splits a `.http` file into its messages: one recording, byte for byte, or several, with a line `###` between them and
// comments before each, as editors keep them. What an editor fills in or runs is refused.

import { latin1 } from '../base/bytes.js';
import { declaredLength, headLength, isStartLine, layoutOf } from './layout.js';
import { parseRecording } from './recording.js';
import { Unevaluated } from './unevaluated.js';

const BYTE_ORDER_MARK = '\xef\xbb\xbf'; // which some editors write
const BEFORE = /(?:[ \t]*(?:(?:#|\/\/).*|@[\w.-]+[ \t]*=.*)?(?:\r?\n|$))*/y; // blank lines, comments, variables
const SEPARATOR = /^###/gm;
const LINE = /[^\r\n]*/y;
const PLACEHOLDER = /\{\{[^{}\r\n]{1,100}\}\}/;
// `< ./body.json`, `> {% a script %}`, `<> answer.json`, `>> file`
const COMMAND = /^[ \t]*(?:[<>][ \t]*\{%|<@?[ \t]+\S+[ \t]*\r?$|<>[ \t]+\S|>>!?[ \t]+\S)/m;

/** @typedef {{ start: number, end: number, counted: boolean }} Part `counted`: Content-Length says where it ends */

/**
 * The messages of a file, in order, each with a `read` that parses it or throws what keeps it from being read.
 * @param {Uint8Array} bytes
 * @param {string} file
 * @returns {{ file: string, read(): ReturnType<typeof parseRecording> }[]}
 */
export function recordings(bytes, file) {
  const text = latin1(bytes);
  const first = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  const parts = partsOf(bytes, text, first);
  // A message that begins where its file does, and is alone in it, is taken as it is.
  if (parts.length < 2 && text.slice(first, parts[0]?.start).trim() === '')
    return [{ file, read: () => parseRecording(bytes, file) }];
  return parts.map((part, index) => {
    const name = parts.length > 1 ? `${file}#${index}` : file;
    return { file: name, read: () => edited(bytes, text, part, name) };
  });
}

/** @returns {Part[]} those of comments alone are left out */
function partsOf(bytes, text, first) {
  const parts = [];
  let at = matchAt(BEFORE, text, first);
  while (at < text.length) {
    const part = { start: at, ...endOf(bytes, text, at) };
    parts.push(part);
    at = matchAt(BEFORE, text, part.end);
  }
  return parts;
}

function endOf(bytes, text, start) {
  const head = headLength(bytes.subarray(start));
  const pairs = layoutOf(text.slice(start, start + head)).headers.map(
    ({ name, value }) => /** @type {[string, string]} */ ([name, value]),
  );
  const { length } = declaredLength(pairs);
  const end = start + head + (length ?? 0);
  if (length !== undefined && end <= text.length && isEdge(text, end)) return { end, counted: true };
  SEPARATOR.lastIndex = start;
  for (let match = SEPARATOR.exec(text); match; match = SEPARATOR.exec(text))
    if (isEdge(text, match.index)) return { end: match.index, counted: false };
  return { end: text.length, counted: false };
}

/** Whether a message may end here: another begins, behind `###` and comments or at once, or nothing follows. */
function isEdge(text, at) {
  const next = matchAt(BEFORE, text, at);
  return next >= text.length || isStartLine(text.slice(next, matchAt(LINE, text, next)));
}

/** Where a match ends that begins here. */
function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

/** A message of an editor's file. The line breaks before the next `###` are the editor's. @param {Part} part */
function edited(bytes, text, { start, end, counted }, file) {
  const line = text.slice(0, start).split('\n').length;
  const bodyStart = start + headLength(bytes.subarray(start, end));
  const to = counted ? end : Math.max(bodyStart, text.slice(0, end).trimEnd().length);
  const own = text.slice(start, counted ? bodyStart : to); // a body whose length is said is as it was sent
  const at = (index) => ({ file, line: line + own.slice(0, index).split('\n').length - 1 });
  const placeholder = PLACEHOLDER.exec(own);
  if (placeholder) {
    throw new Unevaluated(
      `\`${placeholder[0]}\` stands for a value that only an editor knows`,
      at(placeholder.index),
      'write the value in its place',
    );
  }
  const command = COMMAND.exec(own.slice(bodyStart - start));
  if (command) {
    throw new Unevaluated(
      'a line that an editor runs: no script is run here, and no other file is read',
      at(bodyStart - start + command.index),
      'remove the line, or write the body out',
    );
  }
  return parseRecording(bytes.subarray(start, to), file, line);
}
