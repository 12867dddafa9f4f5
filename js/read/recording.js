// Reads a recorded message: one raw HTTP/1.1 request or response in a file, byte for byte.

import { latin1, latin1Bytes, readable, utf8Text } from '../base/bytes.js';
import { declaredLength, headLength, isRequestLine, layoutOf } from './layout.js';
import { Unevaluated } from './unevaluated.js';

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]; // which some editors write

/** @param {Uint8Array} recorded @param {string} file @returns { request, head }; the text of the head is for reports */
export function parseRecording(recorded, file) {
  const bytes = recorded.subarray(BYTE_ORDER_MARK.every((byte, at) => recorded[at] === byte) ? 3 : 0);
  // One byte is one character here: the contract checks non-ASCII bytes, so a decoder must not repair them.
  const head = latin1(bytes.subarray(0, headLength(bytes)));
  const layout = layoutOf(head);
  const lineAt = (offset) => head.slice(0, offset).split('\n').length;
  const start = startLine(head, layout, file, lineAt);
  if (layout.broken.length > 0) {
    throw new Unevaluated(
      'it is not a header: a name, a colon and a value',
      { file, line: lineAt(layout.broken[0][0]) },
      'an empty line must come between the headers and the body',
    );
  }
  // The contract checks whether a name is a token.
  const headers = layout.headers.map(({ name, value }) => [name, value]);
  const lengthAt = layout.headers.find(({ name }) => name.toLowerCase() === 'content-length')?.range[0];
  const body = bodyOf(bytes.subarray(layout.bodyStart), headers, { file, line: lineAt(lengthAt ?? 0) });
  return { request: { ...start, headers, body }, head: readable(bytes.subarray(0, layout.bodyStart)) };
}

function startLine(head, { start: [from, to], method, target, status, ended }, file, lineAt) {
  if (/^[ \t]*\r?\n/.test(head))
    throw new Unevaluated(
      'the first line is empty',
      { file, line: 1 },
      'begin with a line such as POST /webhook HTTP/1.1',
    );
  if (!ended) {
    throw new Unevaluated(
      'no empty line ends the headers',
      { file, line: lineAt(head.length) },
      'a recording is a start line, headers, an empty line and the body',
    );
  }
  if (status) return { status: Number(head.slice(...status)) };
  if (method && isRequestLine(head.slice(from, to)))
    return { method: head.slice(...method), url: targetOf(head.slice(...target)) };
  throw new Unevaluated(
    'the first line is neither a request line nor a status line',
    { file, line: 1 },
    'write a line such as POST /webhook HTTP/1.1',
  );
}

/** A target is a text, as in every other container of a request; nothing repairs what is not UTF-8. */
function targetOf(target) {
  return utf8Text(latin1Bytes(target)) ?? target;
}

/** @param at the place of Content-Length */
function bodyOf(rest, headers, at) {
  const { said, length } = declaredLength(headers);
  if (said === undefined) return rest;
  if (length === undefined) throw new Unevaluated('content-length is not a single plain number', at);
  if (rest.length < length) {
    throw new Unevaluated(
      `the body has ${rest.length} bytes, but content-length is ${length}`,
      at,
      'the recording is cut: record it again',
    );
  }
  return rest.subarray(0, length);
}
