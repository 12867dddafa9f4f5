// A HAR, or one entry of it. What it lost is a note, and the rest is read.

import { answerOf, hasAnswer, requestOf } from '../har.js';
import { isObject } from './message.js';
import { note } from './notes.js';

/** Of a whole HAR, or of one entry; all requests first, then the answers. @param {any} value of a JSON text */
export function harRequests(value) {
  const list = value?.log?.entries ?? [value];
  if (!Array.isArray(list)) return undefined;
  const entries = list.filter(isEntry);
  if (entries.length === 0) return undefined;
  const requests = entries.map(({ request, startedDateTime }) => ({
    ...read(requestOf(request), `${request.method} ${request.url}`),
    ...(typeof startedDateTime === 'string' && { recorded: startedDateTime }),
  }));
  const answers = entries
    .filter(hasAnswer)
    .map(({ request, response }) => read(answerOf(response), `${response.status} ← ${request.url}`));
  return [...requests, ...answers];
}

function isEntry(entry) {
  const request = isObject(entry) ? entry.request : undefined;
  return (
    isObject(request) &&
    typeof request.method === 'string' &&
    typeof request.url === 'string' &&
    Array.isArray(request.headers)
  );
}

function read({ message, losses }, label) {
  return { label, message, notes: losses.map(({ kind, ...numbers }) => note(`har-${kind}`, numbers)) };
}
