// The entries of an HTTP Archive (HAR 1.2), from its text. Nothing here needs a file system.

import { JsonText } from '../report/json-text.js';
import { Unevaluated } from './outcome.js';

export const EXPORT = 'export it anew as HAR 1.2';

/** @param problems what the strict reader says of the text's bytes, which begin without a byte order mark */
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

/** The bytes of `postData` or `content`, as far as a HAR keeps them. */
export function bytesOf({ text = '', encoding } = {}) {
  return encoding === 'base64' ? fromBase64(text) : new TextEncoder().encode(text);
}

/** As far as it is base64: what else stands between its characters is passed over, and the first padding ends it. */
function fromBase64(text) {
  const plain = text
    .replace(/=.*$/s, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/[^A-Za-z0-9+/]/g, '');
  const whole = plain.length % 4 === 1 ? plain.slice(0, -1) : plain;
  return Uint8Array.from(atob(whole), (character) => character.charCodeAt(0));
}
