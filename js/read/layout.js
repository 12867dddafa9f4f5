// Finds the parts in the text of a message. It never fails: the playground's tables also edit messages that are not
// valid yet. Other code checks the message.

import { latin1 } from '../base/bytes.js';

/** @typedef {[from: number, to: number]} Range */
/** @typedef {{ name: string, value: string, nameRange: Range, valueRange: Range }} Pair */
/** @typedef {Pair & { range: Range }} HeaderLine `range` is the line without its line break. */
/**
 * @typedef {object} Layout @property {Range} start the first line, without its line break @property {Range} [method]
 * @property {Range} [target] @property {Range} [path] of the target, without the query @property {Range} [status]
 * @property {HeaderLine[]} headers in order @property {Range[]} broken lines of the head without a colon @property
 * {Pair[]} query parameters in order. Names and values are decoded, the ranges are those of the raw text. @property
 * {number} headEnd the end of the last line of the head, where a new header goes @property {boolean} ended whether an
 * empty line ends the head @property {number} bodyStart @property {'\n' | '\r\n'} lineBreak the one that the head uses
 */

const LEADING = /^\ufeff?(?:[ \t]*\r?\n)*/;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]+(\S+)(?:[ \t]+HTTP\/\d(?:\.\d)?)?[ \t]*$/;
const STATUS_LINE = /^HTTP\/\d(?:\.\d)? ([1-5]\d\d)(?: .*)?$/;
const LONE_TARGET = /^(https?:\/\/\S+|\/\S*)[ \t]*$/i;
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;
const WITHOUT_VERSION = /^[A-Z][A-Z-]* (?:https?:\/\/|\/)\S*$/;
const RECORDED = /^\S+ \S+ HTTP\/\d(?:\.\d)?$/;
// A head before another: of an interim response, of a proxy's tunnel, of a redirect, of a demand for a password.
const EARLIER =
  /HTTP\/\d(?:\.\d)? (?:(?:1\d\d|3\d\d|401|407)\b[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*|200\b[^\r\n]*\r?\n(?:(?!content-|transfer-encoding:)[^\r\n]+\r?\n)*)\r?\n(?=HTTP\/\d(?:\.\d)? [1-5]\d\d)/iy;
const STATUS_LINE_BYTES = 'HTTP/1.1 200'.length;
const LF = 0x0a;
const CR = 0x0d;

/**
 * The bytes up to and including the empty line that ends the head. Empty lines before the first line are ignored, and
 * so are earlier heads, as `curl -i` shows them. @param {Uint8Array} bytes
 */
export function headLength(bytes) {
  let [head, start, lines] = [0, 0, 0];
  for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
    const empty = end === start || (end === start + 1 && bytes[start] === CR);
    if (!empty && lines === 0) head = start;
    if (!empty) lines += 1;
    else if (lines > 0) {
      if (afterHeads(latin1(bytes.subarray(head, end + 1 + STATUS_LINE_BYTES)), 0) === 0) return end + 1;
      lines = 0;
    }
    start = end + 1;
  }
  return bytes.length;
}

/** Where the last head begins, if heads of earlier responses begin at `at`. @param {string} text @param {number} at */
function afterHeads(text, at) {
  EARLIER.lastIndex = at;
  while (EARLIER.test(text)) at = EARLIER.lastIndex;
  return at;
}

/**
 * @param {string} text
 * @returns {Layout}
 */
export function layoutOf(text) {
  const first = afterHeads(text, /** @type {RegExpExecArray} */ (LEADING.exec(text))[0].length);
  /** @type {Range[]} */
  const lines = [];
  let at = first;
  let ended = false;
  while (at < text.length && !ended) {
    const end = text.indexOf('\n', at);
    const next = end === -1 ? text.length : end + 1;
    const to = end === -1 ? next : end > at && text[end - 1] === '\r' ? end - 1 : end;
    if (to === at) ended = true;
    else lines.push([at, to]);
    at = next;
  }
  /** @type {Range} */
  const start = lines[0] ?? [first, first];
  const headers = [];
  const broken = [];
  for (const range of lines.slice(1)) {
    const header = headerOf(text, range);
    if (header) headers.push(header);
    else broken.push(range);
  }
  const headEnd = (lines.at(-1) ?? start)[1];
  const places = startLine(text, start);
  return {
    start,
    ...places,
    headers,
    broken,
    query: queryOf(text, places.target),
    headEnd,
    ended,
    bodyStart: at,
    lineBreak: lineBreakOf(text),
  };
}

/** Whether a message of HTTP/1 can begin with this line. Editors leave the version out. @param {string} line */
export function isStartLine(line) {
  return STATUS_LINE.test(line) || isRequestLine(line) || WITHOUT_VERSION.test(line);
}

/** Whether a first line is a request line of HTTP/1. @param {string} line */
export function isRequestLine(line) {
  return RECORDED.test(line) && REQUEST_LINE.test(line);
}

/**
 * @param {string} text
 * @returns {'\n' | '\r\n'}
 */
function lineBreakOf(text) {
  const end = text.indexOf('\n');
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}

/**
 * @param {string} text
 * @param {Range} range
 * @returns {Pick<Layout, 'method' | 'target' | 'status' | 'path'>}
 */
function startLine(text, [from, to]) {
  const line = text.slice(from, to);
  const status = STATUS_LINE.exec(line);
  if (status) return { status: found(from, line, status[1], 5) };
  const request = REQUEST_LINE.exec(line);
  const lone = request ? null : LONE_TARGET.exec(line);
  /** @type {Range | undefined} */
  const method = request ? [from, from + request[1].length] : undefined;
  const raw = request?.[2] ?? lone?.[1];
  if (raw === undefined) return {};
  const target = found(from, line, raw, method ? method[1] - from : 0);
  return { ...(method && { method }), target, path: pathOf(text, target) };
}

/** @returns {Range} */
function found(from, line, part, after) {
  const start = from + line.indexOf(part, after);
  return [start, start + part.length];
}

/** @returns {Range} */
function pathOf(text, [from, to]) {
  const target = text.slice(from, to);
  const start = AUTHORITY.exec(target)?.[0].length ?? 0;
  const length = target.slice(start).search(/[?#]/);
  return [from + start, length === -1 ? to : from + start + length];
}

/** @returns {HeaderLine | undefined} */
function headerOf(text, range) {
  const [from, to] = range;
  let colon = from;
  while (colon < to && text[colon] !== ':') colon += 1;
  if (colon === to) return undefined;
  let [start, end] = [colon + 1, to];
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return {
    range,
    name: text.slice(from, colon),
    value: text.slice(start, end),
    nameRange: [from, colon],
    valueRange: [start, end],
  };
}

function isBlank(character) {
  return character === ' ' || character === '\t';
}

function queryOf(text, target) {
  if (!target) return [];
  const [from, to] = queryRange(text, target);
  return from === to ? [] : pairsIn(text, [from, to]);
}

/**
 * The parameters of a query or a form.
 * @param {string} text
 * @param {Range} range
 * @returns {Pair[]}
 */
export function pairsIn(text, [from, to]) {
  let at = from;
  return text
    .slice(from, to)
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const name = equals === -1 ? pair.length : equals;
      const start = at;
      at += pair.length + 1;
      return {
        name: decoded(pair.slice(0, name)),
        value: decoded(pair.slice(name + 1)),
        nameRange: [start, start + name],
        valueRange: [Math.min(start + name + 1, start + pair.length), start + pair.length],
      };
    });
}

/**
 * The headers of a name, in order.
 * @param {Pick<Layout, 'headers'>} layout
 * @param {string} name
 */
export function headersNamed({ headers }, name) {
  return headers.filter((header) => header.name.toLowerCase() === name.toLowerCase());
}

/**
 * The Content-Length: `said` is its text, absent without the header; `length` is set if it is one plain number. @param
 * {[string, string][]} headers @returns {{ said?: string, length?: number }}
 */
export function declaredLength(headers) {
  const values = headers.filter(([name]) => name.toLowerCase() === 'content-length').map(([, value]) => value);
  if (values.length === 0) return {};
  const [said] = values;
  const plain = /^\d{1,15}$/.test(said) && values.every((value) => value === said);
  return plain ? { said, length: Number(said) } : { said };
}

/**
 * The range between `?` and `#`. Empty, but at the right place, if there is no query. @param {string} text @param
 * {Range} target @returns {Range}
 */
export function queryRange(text, [from, to]) {
  const target = text.slice(from, to);
  const hash = target.indexOf('#');
  const end = hash === -1 ? target.length : hash;
  const mark = target.indexOf('?');
  return mark === -1 || mark > end ? [from + end, from + end] : [from + mark + 1, from + end];
}

/** As the engine reads it: `+` is a space. Badly encoded text stays as it is. */
function decoded(text) {
  if (!/[%+]/.test(text)) return text;
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
