// Collections of Postman, version 2.0 and 2.1, and one request of them.

import { latin1, utf8 } from '../../base/bytes.js';
import { credentialsOf, FORM, isObject, labelOf, messageOf } from './message.js';
import { note } from './notes.js';

const MOST = 1000; // requests
const DEEPEST = 50; // folders
const TYPES = {
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  javascript: 'application/javascript',
  text: 'text/plain',
};
const PLACEHOLDER = /\{\{\s*([^{}\s]{1,100})\s*\}\}/g;

/** @param {any} value of a JSON text */
export function postmanRequests(value) {
  const isCollection = isObject(value?.info) && Array.isArray(value.item);
  if (!isCollection && !isItem(value)) return undefined;
  const variables = new Map(pairs(value.variable).map(([name, one]) => [name, one]));
  const found = [];
  const visit = (items, auth, depth) => {
    for (const item of items) {
      if (found.length >= MOST || !isObject(item)) continue;
      if (Array.isArray(item.item) && depth < DEEPEST) visit(item.item, item.auth ?? auth, depth + 1);
      else if (item.request !== undefined) found.push(requestOf(item, auth, variables));
    }
  };
  visit(isCollection ? value.item : [value], value.auth, 0);
  return found.length > 0 ? found : undefined;
}

function isItem(value) {
  const request = isObject(value) ? value.request : undefined;
  return (
    isObject(request) && Array.isArray(request.header) && isObject(request.url) && typeof request.url.raw === 'string'
  );
}

function requestOf({ name, request }, outer, variables) {
  const notes = [];
  const unknown = new Set();
  const filled = (text) =>
    String(text ?? '').replace(PLACEHOLDER, (whole, own) => {
      if (variables.has(own)) return variables.get(own);
      unknown.add(whole);
      return whole;
    });
  const { method = 'GET', url, header, body, auth = outer } = isObject(request) ? request : { url: request };
  const { text, type } = bodyOf(isObject(body) && !body.disabled ? body : {}, filled, notes);
  const raw = typeof url === 'string' ? url : String(url?.raw ?? '');
  const message = messageOf({
    method: String(method),
    url: filled(raw),
    headers: headerPairs(header).map(([own, one]) => [filled(own), filled(one)]),
    implied: [...authorised(auth, filled, notes), ...(type === undefined ? [] : [['Content-Type', type]])],
    body: text,
  });
  if (unknown.size > 0) notes.push(note('variables', { names: [...unknown].slice(0, 5).join(', ') }));
  return { label: typeof name === 'string' && name !== '' ? name : labelOf(message), message, notes };
}

/** A list, or one text with a line each. */
function headerPairs(header) {
  if (typeof header !== 'string') return pairs(header);
  return header.split('\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
}

function pairs(list) {
  const all = Array.isArray(list)
    ? list.filter((one) => isObject(one) && !one.disabled && typeof one.key === 'string')
    : [];
  return all.map(({ key, value }) => [key, String(value ?? '')]);
}

function bodyOf({ mode, raw, urlencoded, graphql, options, file }, filled, notes) {
  if (mode === 'raw') return { text: filled(raw), type: TYPES[options?.raw?.language ?? 'text'] ?? TYPES.text };
  if (mode === 'urlencoded')
    return {
      text: pairs(urlencoded)
        .map((pair) => pair.map((part) => encodeURIComponent(filled(part).toWellFormed())).join('='))
        .join('&'),
      type: FORM,
    };
  if (mode === 'graphql') {
    const { query = '', variables } = isObject(graphql) ? graphql : {};
    notes.push(note('made', { what: 'GraphQL' }));
    return {
      text: JSON.stringify({ query: filled(query), variables: parsedOr(filled(variables || '{}')) }),
      type: TYPES.json,
    };
  }
  if (mode === 'formdata') notes.push(note('form', { option: 'form-data' }));
  if (mode === 'file') notes.push(note('file', { option: 'file', file: String(file?.src ?? '') }));
  return { text: '' };
}

function parsedOr(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function authorised(auth, filled, notes) {
  const type = isObject(auth) ? auth.type : undefined;
  if (typeof type !== 'string' || type === 'noauth') return [];
  const given = Array.isArray(auth[type])
    ? new Map(pairs(auth[type]))
    : new Map(Object.entries(Object(auth[type] ?? {})));
  const value = (name) => filled(given.get(name));
  if (type === 'bearer') return [['Authorization', `Bearer ${value('token')}`]];
  if (type === 'basic')
    return [['Authorization', credentialsOf(latin1(utf8(`${value('username')}:${value('password')}`)))]];
  if (type === 'apikey' && value('in') !== 'query') return [[value('key'), value('value')]];
  notes.push(note('auth', { type }));
  return [];
}
