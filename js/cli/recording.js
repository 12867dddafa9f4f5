// A recorded request: one raw HTTP/1.1 message in a file, byte for byte.

import { Unevaluated } from './outcome.js';

const LF = 0x0a;
const CR = 0x0d;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP\/\d(?:\.\d)?$/;
const STATUS_LINE = /^HTTP\/\d(?:\.\d)? ([1-5]\d\d)(?: .*)?$/;

/**
 * @returns { request, layout }: layout says where things stand in the file, for reports: `headers` are
 * { name, line }, lines counted from 1, and `bodyOffset` is the body's first byte
 */
export function parseRecording(bytes, file) {
  const { lines, bodyOffset } = head(bytes, file);
  const request = startLine(lines[0], file);
  const headers = lines.slice(1).map((line, index) => headerLine(line, file, index + 2));
  const body = bodyOf(bytes.subarray(bodyOffset), headers, file);
  return {
    request: { ...request, headers: headers.map(({ name, value }) => [name, value]), body },
    layout: { headers: headers.map(({ name, line }) => ({ name: name.toLowerCase(), line })), bodyOffset },
  };
}

function head(bytes, file) {
  const lines = [];
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(LF, start);
    if (end === -1) {
      throw new Unevaluated(
        'no empty line ends the headers',
        { file, line: lines.length + 1 },
        'a recording is a start line, headers, an empty line and the body',
      );
    }
    const trimmed = end > start && bytes[end - 1] === CR ? end - 1 : end;
    if (trimmed === start) {
      if (lines.length === 0)
        throw new Unevaluated(
          'the first line is empty',
          { file, line: 1 },
          'begin with a line such as POST /webhook HTTP/1.1',
        );
      return { lines, bodyOffset: end + 1 };
    }
    // One byte is one character here: what is not ASCII is for the contract to judge, not for a decoder to repair.
    lines.push(Buffer.from(bytes.buffer, bytes.byteOffset + start, trimmed - start).toString('latin1'));
    start = end + 1;
  }
}

function startLine(line, file) {
  const [, method, url] = REQUEST_LINE.exec(line) ?? [];
  if (method) return { method, url };
  const [, status] = STATUS_LINE.exec(line) ?? [];
  if (status) return { status: Number(status) };
  throw new Unevaluated(
    'the first line is neither a request line nor a status line',
    { file, line: 1 },
    'write a line such as POST /webhook HTTP/1.1',
  );
}

/** Whether a name is a token is for the contract to judge. */
function headerLine(text, file, line) {
  const colon = text.indexOf(':');
  if (colon === -1) {
    throw new Unevaluated(
      'it is not a header: a name, a colon and a value',
      { file, line },
      'an empty line must stand between the headers and the body',
    );
  }
  return { name: text.slice(0, colon), value: text.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, ''), line };
}

function bodyOf(rest, headers, file) {
  const lengths = headers.filter(({ name }) => name.toLowerCase() === 'content-length');
  if (lengths.length === 0) return rest;
  const { value, line } = lengths[0];
  if (!/^\d{1,15}$/.test(value) || lengths.some((other) => other.value !== value)) {
    throw new Unevaluated('content-length is not one plain number', { file, line });
  }
  if (rest.length < Number(value)) {
    throw new Unevaluated(
      `the body has ${rest.length} bytes, and content-length says ${value}`,
      { file, line },
      'the recording is cut: record it again',
    );
  }
  return rest.subarray(0, Number(value));
}
