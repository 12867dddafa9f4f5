// Reads a recorded message: one raw HTTP/1.1 request or response, byte for byte. Chunks are joined.

import { latin1, latin1Bytes, readable, utf8Text } from '../base/bytes.js';
import { dechunked } from './chunked.js';
import { declaredLength, headLength, isRequestLine, isStartLine, layoutOf } from './layout.js';
import { Unevaluated } from './unevaluated.js';

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]; // which some editors write
const LONGEST_LINE = 16 * 1024;

/**
 * { request, head } of a message. The text of the head is for reports: lines above it in its file are empty ones there.
 * @param {Uint8Array} recorded @param {string} file @param {number} [first] the line of the file where the message
 * begins
 */
export function parseRecording(recorded, file, first = 1) {
  const bytes = recorded.subarray(BYTE_ORDER_MARK.every((byte, at) => recorded[at] === byte) ? 3 : 0);
  // One byte is one character here: the contract checks non-ASCII bytes, so a decoder must not repair them.
  const head = latin1(bytes.subarray(0, headLength(bytes)));
  const layout = layoutOf(head);
  const lineAt = (offset) => first - 1 + head.slice(0, offset).split('\n').length;
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
  const rest = bytes.subarray(layout.bodyStart);
  const framing = layout.headers.find(({ name }) => /^(?:content-length|transfer-encoding)$/i.test(name));
  const body = bodyOf(rest, { ...start, headers }, { file, line: lineAt(framing?.range[0] ?? layout.bodyStart) });
  const above = '\n'.repeat(first - 1);
  return { request: { ...start, headers, body }, head: above + readable(bytes.subarray(0, layout.bodyStart)) };
}

function startLine(head, { start: [from, to], method, target, status, ended }, file, lineAt) {
  if (/^[ \t]*\r?\n/.test(head))
    throw new Unevaluated(
      'the first line is empty',
      { file, line: lineAt(0) },
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
  if (method && isStartLine(head.slice(from, to)))
    return { method: head.slice(...method), url: targetOf(head.slice(...target)) };
  throw new Unevaluated(
    'the first line is neither a request line nor a status line',
    { file, line: lineAt(from) },
    'write a line such as POST /webhook HTTP/1.1',
  );
}

/** A target is a text, as in every other container of a request; nothing repairs what is not UTF-8. */
function targetOf(target) {
  return utf8Text(latin1Bytes(target)) ?? target;
}

/** @param at the place of the header that frames the body, or of the body */
function bodyOf(rest, { status, headers }, at) {
  const { said, length } = declaredLength(headers);
  const codings = headers.filter(([name]) => name.toLowerCase() === 'transfer-encoding').map(([, value]) => value);
  if (codings.length > 0) return chunksOf(rest, codings.join(','), said, at);
  if (said === undefined) {
    const [line] = /^[^\r\n]*/.exec(latin1(rest.subarray(0, LONGEST_LINE)));
    if (status !== undefined || !isRequestLine(line)) return rest;
    throw new Unevaluated(
      'a second message begins here, and nothing says where the first one ends',
      at,
      'write a line ### between them, or give the first one its content-length',
    );
  }
  if (length === undefined) throw new Unevaluated('content-length is not a single plain number', at);
  if (rest.length < length) {
    throw new Unevaluated(
      `the body has ${rest.length} bytes, but content-length is ${length}`,
      at,
      'the recording is cut: record it again',
    );
  }
  refuseMore(rest, length, `content-length is ${length}`, at);
  return rest.subarray(0, length);
}

function chunksOf(rest, coding, said, at) {
  if (said !== undefined)
    throw new Unevaluated(
      'it has both transfer-encoding and content-length, and receivers disagree on which of the two counts',
      at,
      'remove the one that was not sent',
    );
  if (coding.trim().toLowerCase() !== 'chunked')
    throw new Unevaluated(
      'transfer-encoding is not chunked alone',
      at,
      'record the body as it was before that coding, without the header',
    );
  const found = dechunked(rest);
  if (found === undefined) return rest; // what recorded it has joined them, as curl does
  if (found === 'cut')
    throw new Unevaluated(
      'transfer-encoding is chunked, but the chunks are not whole',
      at,
      'the recording is cut: record it again; if what recorded it has joined the chunks, remove the header',
    );
  if (found.trailers) throw new Unevaluated('header lines follow the chunks, which nothing checks', at, 'remove them');
  refuseMore(rest, found.end, 'the chunks end', at);
  return found.body;
}

/** An editor may end a file with line breaks. Anything else behind a body would be lost in silence. */
function refuseMore(rest, end, said, at) {
  const more = rest.length - end;
  if (/\S/.test(latin1(rest.subarray(end))))
    throw new Unevaluated(
      `${said}, but ${more} more bytes follow`,
      at,
      'correct content-length; a second message begins after a line ###',
    );
}
