// What the readers share to make a message: where it goes, and the headers that its sender adds.

import { latin1, latin1Bytes, toBase64, utf8 } from '../../base/bytes.js';

/** @typedef {import('../../write/message.js').Message} Message */

export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';

/**
 * What arrives of an https URL is the target and the Host header; of another one the whole is kept, as https is
 * assumed.
 * @param {string} written
 * @param {string} [query] added to it
 * @param {string} [target] in place of the URL's own
 * @returns {{ url: string, host?: string, user?: string }}
 */
export function placed(written, query = '', target = undefined) {
  const [, scheme = '', authority = '', rest = ''] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)([\s\S]*)$/i.exec(written) ?? [];
  const at = authority.lastIndexOf('@');
  const user = at === -1 ? undefined : plain(authority.slice(0, at));
  const host = authority.slice(at + 1);
  const [base = ''] = rest.split('#', 1);
  const path = base.startsWith('/') ? base : `/${base}`;
  const full = target ?? (query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`);
  if (host === '') return { url: full };
  const own = user === undefined ? {} : { user };
  // Without a scheme, http is meant.
  return scheme.toLowerCase() === 'https'
    ? { url: full, host, ...own }
    : { url: `${scheme || 'http'}://${host}${full}`, ...own };
}

/** @param {string} text */
function plain(text) {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The value of `Authorization` for `name:password`, whose characters are bytes. @param {string} text */
export function credentialsOf(text) {
  return `Basic ${toBase64(latin1Bytes(text))}`;
}

/**
 * A message of texts. `implied` are headers that are added where there is no header of that name.
 * @param {{ method?: string, url: string, query?: string, headers: [string, string][], implied?: [string, string][],
 * body?: string | Uint8Array }} parts
 * @returns {Message}
 */
export function messageOf({ method, url: written, query, headers, implied = [], body = '' }) {
  const { url, host, user } = placed(written, query);
  const bytes = typeof body === 'string' ? utf8(body) : body;
  const all = headers.map(([name, value]) => /** @type {[string, string]} */ ([name, String(value)]));
  const has = (/** @type {string} */ name) => all.some(([own]) => own.toLowerCase() === name.toLowerCase());
  if (host !== undefined && !has('host')) all.unshift(['Host', host]);
  if (user !== undefined && !has('authorization')) all.push(['Authorization', credentialsOf(latin1(utf8(user)))]);
  for (const [name, value] of implied) if (!has(name)) all.push([name, value]);
  return { method: method ?? (bytes.length > 0 ? 'POST' : 'GET'), url, headers: all, body: bytes };
}

/** `METHOD URL`, or the status. @param {Message} message */
export function labelOf({ method, url, status, headers }) {
  if (status !== undefined) return `HTTP ${status}`;
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? '';
  return `${method} ${url?.startsWith('/') ? host : ''}${url}`;
}

/** As forms write text: a space is `+`. @param {string} text */
export function formEncoded(text) {
  return new URLSearchParams([['', text.toWellFormed()]]).toString().slice(1);
}

/** @param {unknown} value @returns {value is Record<string, any>} */
export function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The value of a JSON text, or undefined. @param {string} text @returns {any} */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
