// A call of `fetch()`, as browsers copy it: the arguments are JSON.

import { labelOf, messageOf, parsed } from './message.js';

const FETCH = /^\s*(?:await\s+)?fetch\(([\s\S]*?)\)\s*;?\s*$/;

/** @param {string} text */
export function fetchCalls(text) {
  const source = FETCH.exec(text)?.[1];
  const call = source === undefined ? undefined : parsed(`[${source}]`);
  if (!Array.isArray(call) || typeof call[0] !== 'string') return undefined;
  const { method, headers, body } = Object(call[1] ?? {});
  const message = messageOf({
    method: typeof method === 'string' ? method : 'GET',
    url: call[0],
    headers: Object.entries(Object(headers ?? {})).map(([name, value]) => [name, String(value)]),
    body: typeof body === 'string' ? body : '',
  });
  return [{ label: labelOf(message), message, notes: [] }];
}
