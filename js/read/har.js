// HTTP Archives (HAR 1.2), recorded by a browser or proxy: one entry for each request and its response.

import { fromBase64, utf8 } from '../base/bytes.js';
import { JsonText } from '../places/json-text.js';
import { headText } from '../write/message.js';
import { declaredLength } from './layout.js';
import { decode } from './text.js';
import { Unevaluated } from './unevaluated.js';

const EXPORT = 'export it again as HAR 1.2';
const RAW = 'record the raw message in a .http file';
const KEPT_AS_TEXT =
  'a HAR stores bodies as text and drops files and binary bodies: record the raw request in a .http file';

/** @typedef {{ text?: string, encoding?: string, params?: unknown[], size?: number }} HarBody */
/**
 * @typedef {{ method?: string, url?: string, status?: number, headers: unknown[], bodySize?: number, postData?:
 * HarBody, content?: HarBody }} HarPart
 */
/**
 * @typedef {'encoding' | 'base64' | 'length' | 'size' | 'parameters' | 'unrecorded' | 'dropped'} LossKind
 * @typedef {{ kind: LossKind, bytes?: number, said?: number }} Loss
 */

/**
 * The entries of a HAR and its text. HAR 1.2 requires readers to accept a byte order mark. @param {Uint8Array} bytes
 * @param {string} file @param {(bytes: Uint8Array) => any[]} jsonProblems the engine's strict reader
 */
export function readHar(bytes, file, jsonProblems) {
  const own = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  const text = decode(own, file);
  return { text, entries: harEntries(text, own, jsonProblems(own), file) };
}

/**
 * The entries of a HAR's text, read strictly, with exceptions for what browsers write. An entry that lacks what every
 * reader needs is a problem of its own. @param {string} text @param {Uint8Array} bytes of the text @param {any[]}
 * problems what the strict reader says about those bytes @param {string} file @returns {{ entry?: any, problem?:
 * Unevaluated }[]}
 */
export function harEntries(text, bytes, problems, file) {
  const source = new JsonText(text);
  // A script on a page may send half a surrogate pair, and a browser records it unchanged.
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
  if (!Array.isArray(entries)) throw new Unevaluated('it is not a HAR: it has no list `log.entries`', { file }, EXPORT);
  return entries.map((entry, index) => {
    const wrong = wrongMember(entry);
    if (wrong === undefined) return { entry };
    const at = `/log/entries/${index}${wrong}`;
    const { line, column } = source.locate(at);
    return {
      problem: new Unevaluated(
        `not an entry of a HAR: \`${at}\` is missing or has the wrong type`,
        { file, line, column },
        EXPORT,
      ),
    };
  });
}

function wellFormed(_, value) {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** A pointer to a member that every reader needs and that the entry lacks. A browser's own members are ignored. */
function wrongMember(entry) {
  if (!isObject(entry)) return '';
  const { request, response } = entry;
  if (!isObject(request)) return '/request';
  if (typeof request.method !== 'string') return '/request/method';
  if (typeof request.url !== 'string') return '/request/url';
  const header = wrongPair(request.headers);
  if (header !== undefined) return `/request/headers${header}`;
  if (!isBody(request.postData)) return '/request/postData';
  if (response === undefined || response === null) return undefined;
  if (!isObject(response)) return '/response';
  if (!Number.isInteger(response.status)) return '/response/status';
  const answered = wrongPair(response.headers);
  if (answered !== undefined) return `/response/headers${answered}`;
  return isBody(response.content) ? undefined : '/response/content';
}

function wrongPair(list) {
  if (!Array.isArray(list)) return '';
  for (const [index, pair] of list.entries()) {
    if (!isObject(pair)) return `/${index}`;
    const member = ['name', 'value'].find((one) => typeof pair[one] !== 'string');
    if (member) return `/${index}/${member}`;
  }
  return undefined;
}

function isBody(body) {
  return body === undefined || body === null || (isObject(body) && ['string', 'undefined'].includes(typeof body.text));
}

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/**
 * The bytes of `postData` or `content` for rules; none if it claims to be base64 but is not. @param {HarBody | null}
 * [body]
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

/** Whether an entry has a response. Cancelled requests have the status 0. */
export function hasAnswer({ response }) {
  return Number.isInteger(response?.status) && response.status >= 100 && Array.isArray(response.headers);
}

/** An entry's request. Signatures are over bytes, so bytes that the HAR lost are reported. @param {HarPart} request */
export function requestOf({ method, url, headers, bodySize, postData }) {
  const own = headersOf(headers);
  const { bytes: body, losses } = bodyBytes(postData);
  const { length: said } = declaredLength(own);
  const parameters = postData?.params;
  const sent = Number(bodySize); // -1 if it is not known; of an encoded body, the size as it was sent
  if (said !== undefined && said !== body.length) losses.push(loss('length', { bytes: body.length, said }));
  else if (body.length === 0 && Array.isArray(parameters) && parameters.length > 0) losses.push(loss('parameters'));
  else if (body.length === 0 && sent > 0) losses.push(loss('unrecorded', { said: sent }));
  else if (sent > 0 && sent !== body.length && !own.some(isEncoding))
    losses.push(loss('size', { bytes: body.length, said: sent }));
  return { message: { method: String(method), url: String(url), headers: own, body }, losses };
}

/**
 * An entry's response. It was decoded, so its Content-Length means nothing. A body that was not recorded is not the
 * same as no body. @param {HarPart} response
 */
export function answerOf({ status, headers, content }) {
  const { bytes: body, losses } = bodyBytes(content);
  const said = Number(content?.size);
  if (body.length === 0 && said > 0) losses.push(loss('dropped', { said }));
  return { message: { status: Number(status), headers: headersOf(headers), body }, losses };
}

/**
 * HTTP/2's pseudo-headers repeat the method and the URL; a repeated header has one line per value. @param {any[]}
 * headers @returns {[string, string][]}
 */
function headersOf(headers) {
  return headers.flatMap((pair) => {
    const [name, value] = [String(pair?.name ?? ''), String(pair?.value ?? '')];
    return name.startsWith(':') ? [] : value.split('\n').map((one) => [name, one.trim()]);
  });
}

/**
 * @param {LossKind} kind
 * @param {{ bytes?: number, said?: number }} [numbers]
 * @returns {Loss}
 */
function loss(kind, numbers = {}) {
  return { kind, ...numbers };
}

function isEncoding([name]) {
  return name.toLowerCase() === 'content-encoding';
}

/** A message with lost bytes is not checked: [message, help] of each loss. */
const LOST = {
  encoding: () => ['the body has an `encoding` that is not base64', EXPORT],
  base64: () => ['the body claims to be base64, but is not', EXPORT],
  length: ({ bytes, said }) => [`the HAR has ${bytes} bytes of the body, but content-length is ${said}`, KEPT_AS_TEXT],
  size: ({ bytes, said }) => [`the HAR has ${bytes} bytes of the body, but its \`bodySize\` is ${said}`, KEPT_AS_TEXT],
  unrecorded: ({ said }) => [`the HAR has nothing of the body, but its \`bodySize\` is ${said}`, RAW],
  parameters: () => ["the HAR has the body's parameters, but not its bytes", RAW],
  dropped: ({ said }) => [`the HAR has nothing of the response's body, but \`content.size\` is ${said}`, RAW],
};

/** An entry's request, or its response, in the form of a recording. */
export function entryRecording({ entry, problem }, answer, file) {
  if (problem) throw problem;
  if (answer && !hasAnswer(entry))
    throw new Unevaluated(
      'the entry has no response',
      { file },
      'the request was cancelled, blocked or never answered',
    );
  const { message, losses } = answer ? answerOf(entry.response) : requestOf(entry.request);
  if (losses.length > 0) {
    const [text, help] = LOST[losses[0].kind](losses[0]);
    throw new Unevaluated(text, { file }, help);
  }
  const start = answer ? { ...message, reason: entry.response.statusText } : message;
  return { request: message, head: headText(start, '\r\n') };
}
