// HTTP Archives (HAR 1.2): what a browser or proxy recorded, one entry for each request and its answer.

import { jsonProblems } from '../node-api.js';
import { JsonText } from '../report/json-text.js';
import { decode } from './files.js';
import { Unevaluated } from './outcome.js';

const EXPORT = 'export it anew as HAR 1.2';
const RAW = 'record the raw message in a .http file';

/** The entries of a HAR and its text. Its JSON is read strictly, but for what browsers write. */
export function readHar(bytes, file) {
  const own = withoutMark(bytes);
  const text = decode(own, file);
  const source = new JsonText(text);
  const problems = jsonProblems(own);
  // Half a surrogate pair is what a script on a page may send: a browser records it as it is.
  const problem = problems.find(({ severity, code }) => severity === 'error' && code !== 'json-lone-surrogate');
  if (problem) {
    throw new Unevaluated(`the HAR cannot be read: ${problem.message}`, { file, ...source.placeOf(problem, own), code: problem.code, text }, EXPORT);
  }
  const value = JSON.parse(text, problems.some(({ code }) => code === 'json-lone-surrogate') ? wellFormed : undefined);
  const entries = value?.log?.entries;
  if (!Array.isArray(entries)) throw new Unevaluated('it is no HAR: it has no list `log.entries`', { file }, EXPORT);
  for (const [index, entry] of entries.entries()) {
    const wrong = wrongMember(entry);
    if (wrong === undefined) continue;
    const { line, column } = source.locate(`/log/entries/${index}${wrong}`);
    throw new Unevaluated(`it is no HAR: \`/log/entries/${index}${wrong}\` is missing or of another type`, { file, line, column }, EXPORT);
  }
  return { text, entries };
}

/** HAR 1.2 asks its readers to take a byte order mark. */
function withoutMark(bytes) {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
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
  return Array.isArray(list) && list.every((pair) => isObject(pair) && typeof pair.name === 'string' && typeof pair.value === 'string');
}

function isBody(body) {
  return body === undefined || body === null || (isObject(body) && ['string', 'undefined'].includes(typeof body.text));
}

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The bytes of `postData` or `content`, as far as a HAR keeps them. */
export function bytesOf({ text = '', encoding } = {}) {
  return encoding === 'base64' ? Buffer.from(text, 'base64') : Buffer.from(text);
}

/** An entry's request, or its answer, in the form of a recording; `bytes` are its HTTP/1.1 form, for reports. */
export function entryRecording({ request, response }, answer, file) {
  const message = answer ? response : request;
  if (answer && !(message?.status >= 100)) throw new Unevaluated('the entry has no answer', { file }, 'the request was cancelled, blocked or never answered');
  const headers = headersOf(message);
  const body = answer ? answerBody(message, file) : requestBody(request, headers, file);
  const start = answer ? `HTTP/1.1 ${message.status} ${message.statusText ?? ''}` : `${message.method} ${message.url} HTTP/1.1`;
  const lines = [start, ...headers.map(([name, value]) => `${name}: ${value}`)].map((line) => line.replace(/[\r\n]/g, ' '));
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  return {
    bytes: Buffer.concat([head, body]),
    request: { ...(answer ? { status: message.status } : { method: message.method, url: message.url }), headers, body },
    layout: { headers: headers.map(([name], index) => ({ name: name.toLowerCase(), line: index + 2 })), bodyOffset: head.length },
  };
}

/** HTTP/2's pseudo-headers repeat the method and the URL; a header that came several times stands in lines of one value. */
function headersOf({ headers }) {
  const real = headers.filter(({ name }) => !name.startsWith(':'));
  return real.flatMap(({ name, value }) => value.split('\n').map((one) => [name, one.trim()]));
}

/** An answer whose body was not kept is not one without a body. */
function answerBody({ content }, file) {
  const body = judgedBytes(content ?? {}, file);
  if (body.length === 0 && content?.size > 0) {
    throw new Unevaluated(`the HAR holds nothing of the answer's body, and \`content.size\` says ${content.size}`, { file }, RAW);
  }
  return body;
}

function judgedBytes({ text = '', encoding = '' }, file) {
  if (encoding !== '' && encoding !== 'base64') throw new Unevaluated('the body stands in an `encoding` that is not base64', { file }, EXPORT);
  if (encoding === 'base64' && !isBase64(text)) throw new Unevaluated('the body is said to be in base64, and is not', { file }, EXPORT);
  return bytesOf({ text, encoding });
}

function isBase64(text) {
  const plain = text.replace(/[\r\n]/g, '');
  return plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
}

/** A signature is over bytes, so a body that the HAR lost in part is not judged. */
function requestBody({ postData }, headers, file) {
  const body = judgedBytes(postData ?? {}, file);
  const [, length] = headers.find(([name]) => name.toLowerCase() === 'content-length') ?? [];
  if (length !== undefined && /^\d{1,15}$/.test(length) && Number(length) !== body.length) {
    const help = 'a HAR keeps bodies as text, and drops files and binary ones: record the raw request in a .http file';
    throw new Unevaluated(`the HAR holds ${body.length} bytes of the body, and content-length says ${length}`, { file }, help);
  }
  if (body.length === 0 && postData?.params?.length > 0) {
    throw new Unevaluated('the HAR holds the body\'s parameters, not its bytes', { file }, RAW);
  }
  return body;
}
