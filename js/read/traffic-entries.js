// An entry of a HAR as packs see it: with its query and form as pairs, and with the parsed body as `_json`. Needs no
// file system.

import { readable } from '../base/bytes.js';
import { bytesOf } from './har.js';

/** @param readJson returns the value of a body's bytes if they are JSON with only one meaning */
export function trafficValue(recorded, readJson) {
  const entry = withPairs(recorded);
  const { request, response } = entry;
  return {
    ...entry,
    ...(request ? { request: withJson(request, 'postData', readJson) } : {}),
    ...(response ? { response: withJson(response, 'content', readJson) } : {}),
  };
}

function withJson(message, member, readJson) {
  if (!message[member]) return message;
  const { _json: claimed, ...body } = message[member];
  const value = parsedJson(body, readJson);
  return { ...message, [member]: value === undefined ? body : { ...body, _json: value } };
}

/** Rules do not see any other body. */
function parsedJson(body, readJson) {
  const bytes = bytesOf(body);
  return /^\s*[[{]/.test(readable(bytes)) ? readJson(bytes) : undefined;
}

function named(pairs) {
  return pairs.map(([name, value]) => ({ name, value }));
}

function pairsOf(query) {
  return named([...new URLSearchParams(query)]);
}

/** An entry with its query and form as pairs, even if only the URL and the body's text contain them. */
function withPairs(entry) {
  const { request } = entry;
  if (!request) return entry;
  const { postData } = request;
  return {
    ...entry,
    request: {
      ...request,
      ...(isFilled(request.queryString)
        ? {}
        : { queryString: pairsOf(/^[^?#]*\?([^#]*)/.exec(request.url)?.[1] ?? '') }),
      ...(isForm(postData) && !isFilled(postData.params)
        ? { postData: { ...postData, params: pairsOf(readable(bytesOf(postData))) } }
        : {}),
    },
  };
}

/** The pointer of a member that the entry has itself. */
export function standing({ request }, pointer) {
  if (pointer.startsWith('/request/queryString') && !isFilled(request.queryString)) return '/request/url';
  if (pointer.startsWith('/request/postData/params') && !isFilled(request.postData?.params))
    return '/request/postData/text';
  return pointer.replace(/\/_json(\/.*)?$/s, '/text');
}

function isFilled(list) {
  return Array.isArray(list) && list.length > 0;
}

function isForm(postData) {
  return /^\s*application\/x-www-form-urlencoded\b/i.test(postData?.mimeType);
}
