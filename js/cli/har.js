// HTTP Archives (HAR 1.2): what a browser or proxy recorded, one entry for each request and its answer.

import { jsonProblems } from '../node-api.js';
import { decode } from './files.js';
import { bytesOf, EXPORT, harEntries } from './har-entries.js';
import { Unevaluated } from './outcome.js';

const RAW = 'record the raw message in a .http file';

/** The entries of a HAR and its text. Its JSON is read strictly, but for what browsers write. */
export function readHar(bytes, file) {
  const own = withoutMark(bytes);
  const text = decode(own, file);
  return { text, entries: harEntries(text, own, jsonProblems(own), file) };
}

/** HAR 1.2 asks its readers to take a byte order mark. */
function withoutMark(bytes) {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** An entry's request, or its answer, in the form of a recording; `bytes` are its HTTP/1.1 form, for reports. */
export function entryRecording({ request, response }, answer, file) {
  const message = answer ? response : request;
  if (answer && !(message?.status >= 100))
    throw new Unevaluated('the entry has no answer', { file }, 'the request was cancelled, blocked or never answered');
  const headers = headersOf(message);
  const body = answer ? answerBody(message, file) : requestBody(request, headers, file);
  const start = answer
    ? `HTTP/1.1 ${message.status} ${message.statusText ?? ''}`
    : `${message.method} ${message.url} HTTP/1.1`;
  const lines = [start, ...headers.map(([name, value]) => `${name}: ${value}`)].map((line) =>
    line.replace(/[\r\n]/g, ' '),
  );
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  return {
    bytes: Buffer.concat([head, body]),
    request: { ...(answer ? { status: message.status } : { method: message.method, url: message.url }), headers, body },
    layout: {
      headers: headers.map(([name], index) => ({ name: name.toLowerCase(), line: index + 2 })),
      bodyOffset: head.length,
    },
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
    throw new Unevaluated(
      `the HAR holds nothing of the answer's body, and \`content.size\` says ${content.size}`,
      { file },
      RAW,
    );
  }
  return body;
}

function judgedBytes({ text = '', encoding = '' }, file) {
  if (encoding !== '' && encoding !== 'base64')
    throw new Unevaluated('the body stands in an `encoding` that is not base64', { file }, EXPORT);
  if (encoding === 'base64' && !isBase64(text))
    throw new Unevaluated('the body is said to be in base64, and is not', { file }, EXPORT);
  return Buffer.from(bytesOf({ text, encoding }));
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
    throw new Unevaluated(
      `the HAR holds ${body.length} bytes of the body, and content-length says ${length}`,
      { file },
      help,
    );
  }
  if (body.length === 0 && postData?.params?.length > 0) {
    throw new Unevaluated("the HAR holds the body's parameters, not its bytes", { file }, RAW);
  }
  return body;
}
