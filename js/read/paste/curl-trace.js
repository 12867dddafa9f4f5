// What `curl -v`, `--trace-ascii` and `--trace` print of the messages that go over the wire.

import { joined, latin1, latin1Bytes, utf8 } from '../../base/bytes.js';
import { headLength, layoutOf } from '../layout.js';
import { curlCommands } from './curl.js';
import { labelOf } from './message.js';
import { note } from './notes.js';

const SENT = /^> ?(.*)$/;
const BEGINS = /^> [!#$%&'*+.^_`|~0-9A-Za-z-]+ \S+ HTTP\/\d(?:\.\d)?\s*$/m;
const BLOCK = /^(?:\d\d:\d\d:\d\d\.\d+ )?(?:=>|<=) (Send|Recv) (header|data), (\d+) bytes/;
const ROW = /^([\da-f]{4,8}): (.*)$/;
const HEX = /^(?:[\da-f]{2} ){1,16}/;

/** @param {string} text */
export function tracedRequests(text) {
  if (/^(?:\d\d:\d\d:\d\d\.\d+ )?=> Send header, \d+ bytes/m.test(text)) return fromTrace(text);
  return BEGINS.test(text) ? fromVerbose(text) : undefined;
}

/** `-v` shows heads alone: the body is in the command, if that stands above. */
function fromVerbose(text) {
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => BEGINS.test(line));
  const command = curlCommands(lines.slice(0, first).join('\n'))?.at(-1);
  const heads = [];
  let head;
  for (const line of lines.slice(first)) {
    const sent = SENT.exec(line)?.[1]?.trimEnd();
    if (sent === undefined) continue;
    if (BEGINS.test(line)) heads.push((head = []));
    else if (head === undefined) return undefined; // a quotation: curl shows no body
    if (sent === '') head = undefined;
    head?.push(sent);
  }
  const requests = heads.map((own) => requestOf(own.join('\r\n'), new Uint8Array()));
  const said = (one) => Number(headerValue(one.message.headers, 'content-length') ?? 0);
  for (const one of requests) {
    const body = command?.message.body;
    if (body !== undefined && body.length === said(one)) {
      one.message.body = body;
      one.notes.push(...command.notes.filter(({ note: code }) => code !== 'ignored'));
    } else if (said(one) > 0) one.notes.push(note('trace-body', { bytes: said(one) }));
  }
  return requests;
}

/** Rows with their offsets; `--trace` has the bytes, and `--trace-ascii` a dot for what is no printable character. */
function fromTrace(text) {
  const blocks = [];
  let block;
  for (const line of text.split(/\r?\n/)) {
    const [, way, what, size] = BLOCK.exec(line) ?? [];
    if (way !== undefined) blocks.push((block = { way, what, size: Number(size), rows: [] }));
    else if (/^(?:\d\d:\d\d:\d\d\.\d+ )?(?:==|=>|<=) /.test(line)) block = undefined;
    else if (block !== undefined) {
      const [, offset, row] = ROW.exec(line) ?? [];
      if (offset !== undefined) block.rows.push([Number.parseInt(offset, 16), row]);
    }
  }
  const requests = [];
  let current;
  for (const { way, what, size, rows } of blocks) {
    if (way === 'Recv') current = undefined;
    else if (what === 'header') {
      const head = bytesOf(rows, size);
      if (!current?.open) requests.push((current = { parts: [], open: true, body: [], exact: true, size: 0 }));
      current.parts.push(head.bytes);
      current.open = !/\r?\n\r?\n$/.test(latin1(head.bytes));
    } else if (current !== undefined) {
      const data = bytesOf(rows, size);
      current.body.push(data.bytes);
      current.exact &&= data.exact && data.bytes.length === size;
    }
  }
  return requests.map(({ parts, body, exact }) => {
    const one = requestOf(latin1(joined(parts)), joined(body));
    if (!exact) one.notes.push(note('trace-dots'));
    return one;
  });
}

function bytesOf(rows, size) {
  const until = (/** @type {number} */ index) => rows[index + 1]?.[0] ?? size;
  const isHex = rows.every(([offset, row], index) => pairsOf(row).length >= Math.min(16, until(index) - offset));
  const parts = [];
  let exact = true;
  for (const [index, [offset, row]] of rows.entries()) {
    const next = until(index);
    if (isHex) parts.push(hexBytes(row, next - offset));
    else {
      // Two bytes that no row shows are the line break.
      const own = utf8(row).subarray(0, Math.max(0, next - offset));
      parts.push(own, latin1Bytes(next - offset - own.length >= 2 ? '\r\n' : ''));
      if (row.includes('.')) exact = false;
    }
  }
  return { bytes: joined(parts), exact };
}

function hexBytes(row, count) {
  const pairs = pairsOf(row).slice(0, Math.max(0, Math.min(16, count)));
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

function pairsOf(row) {
  return (HEX.exec(row)?.[0] ?? '').match(/[\da-f]{2}/g) ?? [];
}

function requestOf(head, body) {
  const text = `${head.trimEnd()}\r\n\r\n`;
  const layout = layoutOf(text.slice(0, headLength(latin1Bytes(text))));
  const part = (range) => (range === undefined ? undefined : text.slice(...range));
  const headers = layout.headers.map(({ name, value }) => /** @type {[string, string]} */ ([name, value]));
  const message = { method: part(layout.method) ?? 'GET', url: part(layout.target) ?? '/', headers, body };
  return { label: labelOf(message), message, notes: [] };
}

function headerValue(headers, wanted) {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}
