// HTTP Archives (HAR 1.2): what a browser or proxy recorded, one entry for each request and its answer.

import { fromBase64, utf8 } from '../base/bytes.js';
import { JsonText } from '../places/json-text.js';
import { headText } from '../write/message.js';
import { declaredLength } from './layout.js';
import { decode } from './text.js';
import { Unevaluated } from './unevaluated.js';

const EXPORT = 'export it anew as HAR 1.2';
const RAW = 'record the raw message in a .http file';
const KEPT_AS_TEXT =
  'a HAR keeps bodies as text, and drops files and binary ones: record the raw request in a .http file';

/** @typedef {{ text?: string, encoding?: string, params?: unknown[], size?: number }} HarBody */
/**
 * @typedef {{ method?: string, url?: string, status?: number, headers: unknown[], postData?: HarBody, content?: HarBody
 * }} HarPart
 */
/**
 * @typedef {{ kind: 'encoding' | 'base64' | 'length' | 'parameters' | 'dropped', bytes?: number, said?: number }} Loss
 */

/**
 * The entries of a HAR and its text. HAR 1.2 asks its readers to take a byte order mark.
 * @param {Uint8Array} bytes
 * @param {string} file
 * @param {(bytes: Uint8Array) => any[]} jsonProblems the engine's strict reader
 */
export function readHar(bytes, file, jsonProblems) {
  const own = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  const text = decode(own, file);
  return { text, entries: harEntries(text, own, jsonProblems(own), file) };
}

/**
 * The entries of a HAR's text, read strictly but for what browsers write.
 * @param {string} text
 * @param {Uint8Array} bytes of the text
 * @param {any[]} problems what the strict reader says about those bytes
 * @param {string} file
 * @returns {any[]}
 */
export function harEntries(text, bytes, problems, file) {
  const source = new JsonText(text);
  // Half a surrogate pair is what a script on a page may send: a browser records it as it is.
  const problem = problems.find(({ severity, code }) => severity === 'error' && code !== 'json-lone-surrogate');
  if (problem) {
    throw new Unevaluated(
      `the HAR cannot be read: ${problem.message}`,
      { file, ...source.placeOf(problem, bytes), code: problem.code, text },
      EXPORT,
    );
  }
  const value = JSON.parse(text, problems.some(({ code }) => code === 'json-lone-surrogate') ? wellFormed : undefined);
  const entries = value?.log?.entries;
  if (!Array.isArray(entries)) throw new Unevaluated('it is no HAR: it has no list `log.entries`', { file }, EXPORT);
  for (const [index, entry] of entries.entries()) {
    const wrong = wrongMember(entry);
    if (wrong === undefined) continue;
    const { line, column } = source.locate(`/log/entries/${index}${wrong}`);
    throw new Unevaluated(
      `it is no HAR: \`/log/entries/${index}${wrong}\` is missing or of another type`,
      { file, line, column },
      EXPORT,
    );
  }
  return entries;
}

function wellFormed(_, value) {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** A pointer to what an entry lacks of the form that every reader counts on. Members of a browser's own are its own. */
function wrongMember(entry) {
  if (!isObject(entry)) return '';
  const { request, response } = entry;
  if (!isObject(request)) return '/request';
  if (typeof request.method !== 'string') return '/request/method';
  if (typeof request.url !== 'string') return '/request/url';
  if (!isPairs(request.headers)) return '/request/headers';
  if (!isBody(request.postData)) return '/request/postData';
  if (response === undefined || response === null) return undefined;
  if (!isObject(response)) return '/response';
  if (!Number.isInteger(response.status)) return '/response/status';
  if (!isPairs(response.headers)) return '/response/headers';
  return isBody(response.content) ? undefined : '/response/content';
}

function isPairs(list) {
  return (
    Array.isArray(list) &&
    list.every((pair) => isObject(pair) && typeof pair.name === 'string' && typeof pair.value === 'string')
  );
}

function isBody(body) {
  return body === undefined || body === null || (isObject(body) && ['string', 'undefined'].includes(typeof body.text));
}

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/**
 * The bytes of `postData` or `content` for rules: nothing, if it is said to be base64 and is not.
 * @param {HarBody | null} [body]
 */
export function bytesOf(body) {
  const { bytes, losses } = bodyBytes(body);
  return losses.some(({ kind }) => kind === 'base64') ? new Uint8Array() : bytes;
}

/** @param {HarBody | null} [body] */
function bodyBytes(body) {
  const { text = '', encoding = '' } = body ?? {};
  const written = typeof text === 'string' ? text : '';
  if (encoding === 'base64') {
    const bytes = /[^\S\r\n]/.test(written) ? undefined : fromBase64(written);
    return { bytes: bytes ?? utf8(written), losses: bytes ? [] : [loss('base64')] };
  }
  return { bytes: utf8(written), losses: (encoding ?? '') === '' ? [] : [loss('encoding')] };
}

/** Does an entry have an answer? Cancelled requests have the status 0. */
export function hasAnswer({ response }) {
  return Number.isInteger(response?.status) && response.status >= 100 && Array.isArray(response.headers);
}

/**
 * An entry's request. A signature is over bytes, so what the HAR lost of them is said.
 * @param {HarPart} request
 */
export function requestOf({ method, url, headers, postData }) {
  const own = headersOf(headers);
  const { bytes: body, losses } = bodyBytes(postData);
  const { length: said } = declaredLength(own);
  if (said !== undefined && said !== body.length) losses.push(loss('length', { bytes: body.length, said }));
  const parameters = postData?.params;
  if (body.length === 0 && Array.isArray(parameters) && parameters.length > 0) losses.push(loss('parameters'));
  return { message: { method: String(method), url: String(url), headers: own, body }, losses };
}

/**
 * An entry's answer. It was decoded, so its Content-Length says nothing; one whose body was not kept is not one without
 * a body.
 * @param {HarPart} response
 */
export function answerOf({ status, headers, content }) {
  const { bytes: body, losses } = bodyBytes(content);
  const said = Number(content?.size);
  if (body.length === 0 && said > 0) losses.push(loss('dropped', { said }));
  return { message: { status: Number(status), headers: headersOf(headers), body }, losses };
}

/**
 * HTTP/2's pseudo-headers repeat the method and the URL; a header that came several times has a line for each value.
 * @param {any[]} headers
 * @returns {[string, string][]}
 */
function headersOf(headers) {
  return headers.flatMap((pair) => {
    const [name, value] = [String(pair?.name ?? ''), String(pair?.value ?? '')];
    return name.startsWith(':') ? [] : value.split('\n').map((one) => [name, one.trim()]);
  });
}

/**
 * @param {Loss['kind']} kind
 * @param {{ bytes?: number, said?: number }} [numbers]
 * @returns {Loss}
 */
function loss(kind, numbers = {}) {
  return { kind, ...numbers };
}

/** What is judged is not judged in part: [message, help] of each loss. */
const LOST = {
  encoding: () => ['the body has an `encoding` that is not base64', EXPORT],
  base64: () => ['the body is said to be in base64, and is not', EXPORT],
  length: ({ bytes, said }) => [
    `the HAR holds ${bytes} bytes of the body, and content-length says ${said}`,
    KEPT_AS_TEXT,
  ],
  parameters: () => ["the HAR holds the body's parameters, not its bytes", RAW],
  dropped: ({ said }) => [`the HAR holds nothing of the answer's body, and \`content.size\` says ${said}`, RAW],
};

/** An entry's request, or its answer, in the form of a recording. */
export function entryRecording(entry, answer, file) {
  if (answer && !hasAnswer(entry))
    throw new Unevaluated('the entry has no answer', { file }, 'the request was cancelled, blocked or never answered');
  const { message, losses } = answer ? answerOf(entry.response) : requestOf(entry.request);
  if (losses.length > 0) {
    const [text, help] = LOST[losses[0].kind](losses[0]);
    throw new Unevaluated(text, { file }, help);
  }
  const start = answer ? { ...message, reason: entry.response.statusText } : message;
  return { request: message, head: headText(start, '\r\n') };
}
