// Calls of `fetch()`, as browsers and Node have them.

import { bytesOfValue, followed, notesOfRead, pairsOfValue, textOfValue } from './code.js';
import { ByteText, Call, plain, Unknown } from './literal.js';
import { FORM, formEncoded, labelOf, messageOf } from './message.js';
import { note } from './notes.js';

const STEPS =
  /(?<![\w$.])(?:(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*=(?!\s*(?:await\s+)?(?:window\.)?fetch\()\s*|([A-Za-z_$][\w$]*)\.(append|set)\(|(fetch|window\.fetch)\()/g;
const NORMALISED = /^(?:delete|get|head|options|post|put)$/i;
const TEXT = 'text/plain;charset=UTF-8';

/** @param {string} text */
export function fetchCalls(text) {
  if (!/\bfetch\s*\(/.test(text)) return undefined;
  const found = [];
  followed(text, {
    steps: STEPS,
    calls: madeBy,
    taken([, name, object, how], value, read) {
      if (name !== undefined) read.names.set(name, value);
      else if (object !== undefined) put(read.names.get(object), how, value.values);
      else {
        const one = requestOf(value, read);
        if (one) found.push(one);
        read.unknown.clear();
      }
    },
  });
  return found.length > 0 ? found : undefined;
}

/** `headers.append(name, value)`. */
function put(object, how, [name, value]) {
  if (!(object instanceof Form)) return;
  if (how === 'set') object.pairs = object.pairs.filter(([own]) => own !== name);
  object.pairs.push([textOfValue(name) ?? '', textOfValue(value) ?? '']);
}

/** `Headers` or `URLSearchParams`: pairs that grow. */
class Form {
  constructor(name, pairs) {
    Object.assign(this, { name, pairs });
  }
}

/** What the calls give that such programs make. @param {Call} call */
function madeBy({ name, values }) {
  const [first, , space] = values;
  if (name === 'JSON.stringify')
    return first instanceof Unknown ? undefined : JSON.stringify(plain(first), undefined, plain(space));
  if (name === 'Headers') return new Form(name, first instanceof Form ? first.pairs : pairsOfValue(first));
  if (name === 'URLSearchParams' && typeof first === 'string') return new Form(name, [...new URLSearchParams(first)]);
  if (name === 'URLSearchParams') return new Form(name, pairsOfValue(first));
  if (name === 'FormData') return new Form(name, []);
  if (name === 'toString' && first instanceof Form) return written(first);
  if (name === 'Request') return new Call(name, values, new Map());
  if (name === 'Buffer.from' && typeof first === 'string') return bufferOf(first, values[1]);
  return undefined;
}

function bufferOf(text, encoding) {
  if (encoding === undefined || /^utf-?8$/i.test(encoding)) return text;
  if (/^(?:latin1|binary)$/.test(encoding)) return new ByteText(text);
  try {
    return encoding === 'base64' ? new ByteText(atob(text)) : undefined;
  } catch {
    return undefined;
  }
}

function written({ pairs }) {
  return pairs.map(([name, value]) => `${formEncoded(name)}=${formEncoded(value)}`).join('&');
}

function requestOf({ values: [first, second] }, read) {
  const [url, given] = first instanceof Call ? [first.values[0], second ?? first.values[1]] : [first, second];
  if (typeof url !== 'string') return undefined;
  const options = given instanceof Map ? given : new Map();
  const headers = options.get('headers');
  const pairs = headers instanceof Form ? headers.pairs : pairsOfValue(headers);
  const method = textOfValue(options.get('method')) ?? 'GET';
  const content = options.get('body');
  const body = content instanceof Form ? written(content) : content;
  const bytes = content instanceof Form && content.name === 'FormData' ? undefined : bytesOfValue(body);
  const notes = notesOfRead(read);
  if (bytes === undefined)
    notes.push(content instanceof Form ? note('form', { option: 'FormData' }) : note('body-unknown'));
  const type = content instanceof Form ? `${FORM};charset=UTF-8` : typeof content === 'string' ? TEXT : undefined;
  const message = messageOf({
    method: NORMALISED.test(method) ? method.toUpperCase() : method,
    url,
    headers: pairs,
    implied: type === undefined || bytes === undefined ? [] : [['Content-Type', type]],
    body: bytes ?? '',
  });
  return { label: labelOf(message), message, notes };
}
