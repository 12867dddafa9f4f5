// Exports of Insomnia, version 4 (JSON).

import { latin1, utf8 } from '../../base/bytes.js';
import { credentialsOf, FORM, isObject, labelOf, messageOf } from './message.js';
import { note } from './notes.js';

const MOST = 1000; // requests
const PLACEHOLDER = /\{\{\s*(?:_\.)?([^{}\s]{1,100})\s*\}\}/g;
const TAG = /\{%[^%]{1,200}%\}/g;

/** @param {any} value of a JSON text */
export function insomniaRequests(value) {
  if (!isObject(value) || value._type !== 'export' || !Array.isArray(value.resources)) return undefined;
  const resources = value.resources.filter(isObject);
  const variables = new Map(
    resources.filter(({ _type }) => _type === 'environment').flatMap(({ data }) => Object.entries(Object(data ?? {}))),
  );
  const found = resources
    .filter(({ _type, url }) => _type === 'request' && typeof url === 'string')
    .slice(0, MOST)
    .map((one) => requestOf(one, variables));
  return found.length > 0 ? found : undefined;
}

function requestOf({ name, method = 'GET', url, headers, body, parameters, authentication }, variables) {
  const notes = [];
  const unknown = new Set();
  const filled = (text) => {
    const written = String(text ?? '').replace(PLACEHOLDER, (whole, own) => {
      const value = variables.get(own);
      if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
      unknown.add(whole);
      return whole;
    });
    for (const [tag] of written.matchAll(TAG)) unknown.add(tag);
    return written;
  };
  const { text, type } = bodyOf(isObject(body) ? body : {}, filled, notes);
  const message = messageOf({
    method: String(method),
    url: filled(url),
    query: encoded(pairs(parameters), filled),
    headers: pairs(headers).map(([own, one]) => [filled(own), filled(one)]),
    implied: [...authorised(authentication, filled, notes), ...(type === undefined ? [] : [['Content-Type', type]])],
    body: text,
  });
  if (unknown.size > 0) notes.push(note('variables', { names: [...unknown].slice(0, 5).join(', ') }));
  return { label: typeof name === 'string' && name !== '' ? name : labelOf(message), message, notes };
}

function pairs(list) {
  const all = Array.isArray(list)
    ? list.filter((one) => isObject(one) && !one.disabled && typeof one.name === 'string' && one.name !== '')
    : [];
  return all.map(({ name, value }) => [name, String(value ?? '')]);
}

function encoded(list, filled) {
  return list.map((pair) => pair.map((part) => encodeURIComponent(filled(part).toWellFormed())).join('=')).join('&');
}

function bodyOf({ mimeType, text, params, fileName }, filled, notes) {
  const type = typeof mimeType === 'string' && mimeType !== '' ? mimeType : undefined;
  if (type === FORM && Array.isArray(params)) return { text: encoded(pairs(params), filled), type };
  if (type?.startsWith('multipart/')) notes.push(note('form', { option: type }));
  if (typeof fileName === 'string') notes.push(note('file', { option: 'body', file: fileName }));
  return typeof text === 'string' ? { text: filled(text), type } : { text: '' };
}

function authorised(auth, filled, notes) {
  const type = isObject(auth) && !auth.disabled ? auth.type : undefined;
  if (typeof type !== 'string' || type === 'none') return [];
  if (type === 'bearer') return [['Authorization', `${filled(auth.prefix) || 'Bearer'} ${filled(auth.token)}`]];
  if (type === 'basic')
    return [['Authorization', credentialsOf(latin1(utf8(`${filled(auth.username)}:${filled(auth.password)}`)))]];
  if (type === 'apikey' && auth.addTo !== 'queryParams') return [[filled(auth.key), filled(auth.value)]];
  notes.push(note('auth', { type }));
  return [];
}
