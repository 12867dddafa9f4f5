// Calls of Python's requests.

import { latin1, utf8 } from '../../base/bytes.js';
import { bytesOfValue, followed, notesOfRead, pairsOfValue, textOfValue } from './code.js';
import { ByteText, Call, Numeral, pythonJson, Unknown } from './literal.js';
import { credentialsOf, FORM, formEncoded, JSON_TYPE, labelOf, messageOf } from './message.js';
import { note } from './notes.js';

const STEPS =
  /(?<![\w.])(?:([A-Za-z_]\w*)[ \t]*=(?![=]|[ \t]*(?:requests|session|s)\.)[ \t]*|(?:requests|session|s)\.(get|post|put|patch|delete|head|options|request)\()/g;
const CALL = /(?<![\w.])(?:requests|session|s)\.(?:get|post|put|patch|delete|head|options|request)[ \t]*\(/;

/** @param {string} text */
export function pythonRequests(text) {
  if (!CALL.test(text)) return undefined;
  const source = unprompted(text);
  const found = [];
  followed(source, {
    python: true,
    steps: STEPS,
    calls: madeBy,
    taken([, name, method], value, read) {
      if (name !== undefined) {
        read.names.set(name, value);
        return;
      }
      const one = requestOf(method, value, read);
      if (one) found.push(one);
      read.unknown.clear();
    },
  });
  return found.length > 0 ? found : undefined;
}

/** Without the marks of the interactive interpreter. */
function unprompted(text) {
  return /^\s*>>> /.test(text) ? text.replace(/^[ \t]*(?:>>>|\.\.\.) ?/gm, '') : text;
}

/** @param {Call} call */
function madeBy({ name, values: [first, second], named }) {
  if (name === 'json.dumps' && first !== undefined && !(first instanceof Unknown)) {
    if (named.has('indent') || named.has('sort_keys')) return undefined;
    const separators = named.get('separators');
    const marks =
      Array.isArray(separators) && separators.every((one) => typeof one === 'string') ? separators : undefined;
    return pythonJson(first, marks, named.get('ensure_ascii') !== false);
  }
  if (name === 'encode' && typeof first === 'string') return new ByteText(latin1(utf8(first)));
  if (name === 'strip' && typeof first === 'string') return first.trim();
  if (name === 'dict') return named;
  if (/HTTPBasicAuth$/.test(name)) return [first, second];
  return undefined;
}

function requestOf(method, { values, named }, read) {
  const all = method === 'request' ? values : [method, ...values];
  const url = named.get('url') ?? all[1];
  if (typeof url !== 'string') return undefined;
  const verb = textOfValue(named.get('method') ?? all[0]) ?? 'GET';
  const data = named.get('data') ?? (/^(?:post|put|patch)$/.test(method) ? all[2] : undefined);
  const params = named.get('params') ?? (method === 'get' ? all[2] : undefined);
  const json = named.get('json') ?? (method === 'post' ? all[3] : undefined);
  const notes = notesOfRead(read);
  if (named.has('files')) notes.push(note('form', { option: 'files=' }));
  const { body, type } = bodyOf(data, json, notes);
  const message = messageOf({
    method: verb.toUpperCase(),
    url,
    query: typeof params === 'string' ? params : encoded(pairsOfValue(params)),
    headers: [...pairsOfValue(named.get('headers')), ...cookies(named.get('cookies'))],
    implied: [...credentials(named.get('auth')), ...(type === undefined ? [] : [['Content-Type', type]])],
    body,
  });
  return { label: labelOf(message), message, notes };
}

/** A dictionary is a form; JSON counts only where there is no data. */
function bodyOf(data, json, notes) {
  if (data instanceof Map || (Array.isArray(data) && data.length > 0))
    return { body: encoded(pairsOfValue(data)), type: FORM };
  if (json !== undefined && json !== null && (data === undefined || data === null || data === '')) {
    if (json instanceof Unknown) notes.push(note('body-unknown'));
    return { body: json instanceof Unknown ? '' : pythonJson(json), type: JSON_TYPE };
  }
  const bytes = bytesOfValue(data);
  if (bytes === undefined) notes.push(note('body-unknown'));
  return { body: bytes ?? '' };
}

function encoded(pairs) {
  return pairs.map(([name, value]) => `${formEncoded(name)}=${formEncoded(pythonScalar(value))}`).join('&');
}

function pythonScalar(value) {
  return value === 'true' ? 'True' : value === 'false' ? 'False' : value;
}

function cookies(value) {
  const pairs = pairsOfValue(value);
  return pairs.length === 0 ? [] : [['Cookie', pairs.map((pair) => pair.join('=')).join('; ')]];
}

function credentials(value) {
  if (!Array.isArray(value) || value.length !== 2 || value.some((one) => one instanceof Numeral)) return [];
  const [name, password] = value.map((one) => textOfValue(one) ?? '');
  return [['Authorization', credentialsOf(latin1(utf8(`${name}:${password}`)))]];
}
