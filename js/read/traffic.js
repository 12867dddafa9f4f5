// Recorded traffic as documents for packs: every request with its response is one entry as in HAR 1.2. `postData` and
// `content` also get `_json`, the parsed body: HAR reserves names with an underscore for such additions.

import { readable, toBase64, utf8Text } from '../base/bytes.js';
import { HarPlaces } from '../places/har.js';
import { readHar } from './har.js';
import { layoutOf } from './layout.js';
import { RecordingText } from './recording-text.js';
import { recordings } from './recordings.js';
import { standing, trafficValue } from './traffic-entries.js';
import { Unevaluated } from './unevaluated.js';

/**
 * A document for each entry of a HAR, or what keeps one from being checked.
 * @param {(bytes: Uint8Array) => any[]} jsonProblems the engine's strict reader
 */
export function harDocuments(bytes, file, jsonProblems) {
  const { text, entries } = readHar(bytes, file, jsonProblems);
  return entryDocuments(text, entries, file, jsonReader(jsonProblems));
}

/**
 * @typedef {{ offsets: [number, number], line: number, column: number, exact: boolean, value?: [number, number] }}
 * Found
 */
/**
 * @typedef {{ value: unknown, file: string, text: string, traffic: true, at(pointer: string): string, locate(pointer:
 * string): Found, masks(): [number, number][] }} EntryDocument
 */

/**
 * Like `harDocuments`, for entries that are already read. `readJson` returns the value of a body's bytes if they are
 * JSON with only one meaning.
 * @param {string} text
 * @param {{ entry?: any, problem?: Unevaluated }[]} entries
 * @param {string} file
 * @param {(bytes: Uint8Array) => unknown} readJson
 * @returns {(EntryDocument | { problem: Unevaluated })[]}
 */
export function entryDocuments(text, entries, file, readJson) {
  let places; // only findings need them
  const found = () => (places ??= new HarPlaces(text));
  return entries.map(({ entry, problem }, index) => {
    if (problem) return { problem };
    return {
      value: trafficValue(entry, readJson),
      file,
      text,
      traffic: true,
      at: (pointer) => `/log/entries/${index}${standing(entry, pointer)}`,
      locate: (pointer) => found().locate(index, standing(entry, pointer)),
      masks: () => found().masks,
    };
  });
}

/** The documents of a file of raw HTTP/1.1 messages, or what keeps one from being checked. */
export function httpDocuments(bytes, file, jsonProblems) {
  return recordings(bytes, file).map((one) => {
    try {
      return httpDocument(one.read(), file, jsonProblems);
    } catch (error) {
      if (!(error instanceof Unevaluated)) throw error;
      return { problem: error };
    }
  });
}

/** The document of one message: an entry with a request or a response, not both. */
function httpDocument({ request: message, head }, file, jsonProblems) {
  const type = headerOf(message, 'content-type') ?? '';
  const start = head.slice(...layoutOf(head).start);
  const value =
    message.status === undefined
      ? { request: requestOf(message, start, type) }
      : { response: answerOf(message, start, type) };
  const text = new RecordingText({ head, request: message, contract: {} });
  const locate = (pointer) =>
    text.place({ at: wordOf(pointer) }) ?? text.place({ at: message.status === undefined ? 'path' : 'status' });
  return {
    value: trafficValue(value, jsonReader(jsonProblems)),
    file,
    text: text.text,
    traffic: true,
    line: /^\n*/.exec(head)[0].length + 1,
    locate,
    masks: () => text.masks,
  };
}

function requestOf({ method, url, headers, body }, start, mimeType) {
  const host = headerOf({ headers }, 'host');
  // A recording has no scheme; https is assumed, as for signatures.
  const absolute = url.startsWith('/') && host ? `https://${host}${url}` : url;
  const data = body.length > 0 ? { mimeType, ...textOf(body) } : undefined;
  return {
    method,
    url: absolute,
    httpVersion: /HTTP\/\S+$/.exec(start)?.[0] ?? 'HTTP/1.1',
    headers: named(headers),
    ...(data ? { postData: data } : {}),
  };
}

function answerOf({ status, headers, body }, start, mimeType) {
  const [httpVersion, , ...reason] = start.split(' ');
  return {
    status,
    statusText: reason.join(' '),
    httpVersion,
    headers: named(headers),
    content: { size: body.length, mimeType, ...textOf(body) },
  };
}

function headerOf({ headers }, wanted) {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function named(pairs) {
  return pairs.map(([name, value]) => ({ name, value }));
}

/** Bytes that are not text are written in base64, as in HAR. */
function textOf(body) {
  const text = utf8Text(body);
  return text === undefined ? { text: toBase64(body), encoding: 'base64' } : { text };
}

/** The place in a recording for a pointer into the entry, written like a finding's `at`. */
function wordOf(pointer) {
  const [, message, member, ...rest] = pointer.split('/');
  if (member === 'headers' && rest.length > 0) return `headers/${rest[0]}`;
  if (member === 'method' || member === 'status') return member;
  if (member === 'postData' || member === 'content')
    return rest[0] === '_json' ? ['', ...rest.slice(1)].join('/') : 'body';
  return message === 'response' ? 'status' : 'path';
}

function jsonReader(jsonProblems) {
  return (bytes) =>
    jsonProblems(bytes).some(({ severity }) => severity === 'error') ? undefined : JSON.parse(readable(bytes));
}
