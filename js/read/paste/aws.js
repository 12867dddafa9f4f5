// Events of AWS Lambda: of API Gateway (payload format 1.0 and 2.0, function URLs too) and of load balancers.

import { fromBase64, utf8 } from '../../base/bytes.js';
import { isObject, labelOf, messageOf } from './message.js';
import { note } from './notes.js';

/** @param {any} value of a JSON text */
export function awsEvents(value) {
  const list = Array.isArray(value) ? value : [value];
  const found = list.filter(isObject).flatMap((one) => (isEvent(one) ? [requestOf(one)] : []));
  return found.length > 0 ? found : undefined;
}

function isEvent({ requestContext, httpMethod, rawPath, path, headers, multiValueHeaders }) {
  if (typeof rawPath === 'string') return isObject(headers) && typeof requestContext?.http?.method === 'string';
  return (
    typeof httpMethod === 'string' && typeof path === 'string' && (isObject(headers) || isObject(multiValueHeaders))
  );
}

function requestOf(event) {
  const notes = [];
  const { requestContext: context = {} } = event;
  const isSecond = typeof event.rawPath === 'string';
  const headers = headersOf(event);
  // The cookies of version 2.0 stand apart.
  if (
    Array.isArray(event.cookies) &&
    event.cookies.length > 0 &&
    !headers.some(([name]) => name.toLowerCase() === 'cookie')
  )
    headers.push(['cookie', event.cookies.join('; ')]);
  const query = isSecond ? String(event.rawQueryString ?? '') : queryOf(event, notes);
  // What the sender called has the stage in it.
  const path = isSecond ? event.rawPath : typeof context.path === 'string' ? context.path : event.path;
  const message = messageOf({
    method: isSecond ? context.http.method : event.httpMethod,
    url: path,
    query,
    headers,
    body: bodyOf(event, notes),
  });
  const epoch = context.timeEpoch ?? context.requestTimeEpoch;
  const recorded = Number.isFinite(epoch) && Math.abs(epoch) < 8e15 ? { recorded: new Date(epoch).toISOString() } : {};
  return { label: labelOf(message), message, notes, ...recorded };
}

function headersOf({ headers, multiValueHeaders }) {
  if (isObject(multiValueHeaders))
    return Object.entries(multiValueHeaders).flatMap(([name, values]) =>
      (Array.isArray(values) ? values : [values]).map((value) => [name, String(value ?? '')]),
    );
  return Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]);
}

/** A load balancer leaves the parameters as they were written; API Gateway decodes them. */
function queryOf({ queryStringParameters, multiValueQueryStringParameters, requestContext }, notes) {
  const given = isObject(multiValueQueryStringParameters) ? multiValueQueryStringParameters : queryStringParameters;
  if (!isObject(given)) return '';
  const isRaw = isObject(requestContext?.elb);
  const encoded = isRaw ? String : (part) => encodeURIComponent(String(part ?? '').toWellFormed());
  const pairs = Object.entries(given).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((value) => `${encoded(name)}=${encoded(value ?? '')}`),
  );
  if (pairs.length > (isRaw ? 1 : 0)) notes.push(note('query'));
  return pairs.join('&');
}

function bodyOf({ body, isBase64Encoded }, notes) {
  if (body === undefined || body === null) return '';
  if (typeof body !== 'string') {
    notes.push(note('reprinted'));
    return JSON.stringify(body);
  }
  if (!isBase64Encoded) return utf8(body);
  const bytes = fromBase64(body);
  if (bytes === undefined) notes.push(note('base64'));
  return bytes ?? body;
}
