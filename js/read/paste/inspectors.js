// What services that catch requests export: webhook.site, RequestBin and Pipedream.

import { utf8 } from '../../base/bytes.js';
import { FORM, formEncoded, isObject, labelOf, messageOf } from './message.js';
import { note } from './notes.js';

const MOST = 1000;

/** One request of webhook.site, or a list of them. @param {any} value of a JSON text */
export function webhookSiteRequests(value) {
  const found = listOf(value, 'data').filter(
    (one) => typeof one.uuid === 'string' && typeof one.token_id === 'string' && typeof one.method === 'string',
  );
  return some(
    found.map((one) => {
      const notes = [];
      const headers = pairsOf(one.headers);
      if (Array.isArray(one.files) && one.files.length > 0) notes.push(note('form', { option: 'multipart/form-data' }));
      const body = typeof one.content === 'string' ? utf8(one.content) : '';
      noteReplaced(one.content, notes);
      return made(one, { url: String(one.url ?? '/'), headers, body }, notes, one.created_at);
    }),
  );
}

/** A request of RequestBin, or the event of Pipedream that it became. @param {any} value of a JSON text */
export function requestBinRequests(value) {
  const own = isObject(value?.event) ? value.event : isObject(value?.trigger?.event) ? value.trigger.event : value;
  const found = listOf(own, 'requests').filter(isCaught);
  return some(
    found.map((one) => {
      const notes = [];
      const url = typeof one.url === 'string' ? one.url : String(one.path ?? '/');
      const query = url.includes('?') ? '' : queryOf(one.query ?? one.query_string, notes);
      return made(
        one,
        { url, query, headers: pairsOf(one.headers), body: bodyOf(one, notes) },
        notes,
        one.time ?? one.timestamp,
      );
    }),
  );
}

function isCaught(one) {
  if (typeof one.method !== 'string' || !isObject(one.headers)) return false;
  const isPipedream = 'client_ip' in one || 'bodyRaw' in one || 'inferred_body_type' in one;
  const isBin = 'remote_addr' in one || ('raw' in one && 'content_length' in one);
  return isPipedream || isBin;
}

function bodyOf(one, notes) {
  const exact = one.bodyRaw ?? one.raw ?? one.raw_body;
  if (typeof exact === 'string') {
    noteReplaced(exact, notes);
    return utf8(exact);
  }
  const { body } = one;
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return utf8(body);
  notes.push(note('reprinted'));
  const type = pairsOf(one.headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  if (type.startsWith(FORM) && isObject(body))
    return Object.entries(body)
      .map(([name, value]) => `${formEncoded(name)}=${formEncoded(String(value))}`)
      .join('&');
  return JSON.stringify(body);
}

function queryOf(query, notes) {
  if (typeof query === 'string') return query.replace(/^\?/, '');
  if (!isObject(query)) return '';
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((value) => `${formEncoded(name)}=${formEncoded(String(value))}`),
  );
  if (pairs.length > 0) notes.push(note('query'));
  return pairs.join('&');
}

function pairsOf(headers) {
  if (!isObject(headers)) return [];
  return Object.entries(headers).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((value) => [name, String(value ?? '')]),
  );
}

function listOf(value, member) {
  const list = Array.isArray(value) ? value : Array.isArray(value?.[member]) ? value[member] : [value];
  return list.filter(isObject).slice(0, MOST);
}

function some(list) {
  return list.length > 0 ? list : undefined;
}

function made({ method }, parts, notes, time) {
  const message = messageOf({ method: method.toUpperCase(), ...parts });
  const when = typeof time === 'string' ? time.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)$/, '$1T$2Z') : '';
  return { label: labelOf(message), message, notes, ...(when === '' ? {} : { recorded: when }) };
}

/** Bytes that are no UTF-8 became this character. */
function noteReplaced(text, notes) {
  if (typeof text === 'string' && text.includes('\ufffd')) notes.push(note('replaced'));
}
