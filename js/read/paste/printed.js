// What programs print of a request: `console.log(req.headers)` of Node, a dictionary of Python; and whole requests.

import { bytesOfValue, pairsOfValue, textOfValue } from './code.js';
import { awsEvents } from './aws.js';
import { Call, Literals, plain } from './literal.js';
import { labelOf, messageOf } from './message.js';
import { note } from './notes.js';

const BEGIN =
  /(?:^|[\s:=])(?:<ref \*1> )?(?:\[Object: null prototype\] |[A-Z]\w*(?:\(\d+\))? ?(?:\[Map Entries\] )?)?(?:[[{(])(?=\s*(?:['"[(]|:?[A-Za-z_$][\w$-]*['"]?\s*(?::|=>)))/g;
/** A large body is not read for nothing. */
const LIKELY =
  /\b(?:host|user-agent|content-type|headers|httpMethod|rawPath|[\w-]+-signature[\w-]*|webhook-id)['"]?\s*(?:[:,]|=>)/i;
const TRIES = 5;
const HEADER =
  /^(?:host|user-agent|accept|authorization|connection|content-(?:type|length)|webhook-id|x-.+|.+-signature.*)$/i;
const NAME = /^:?[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** @param {string} text */
export function printedValues(text) {
  if (!LIKELY.test(text)) return undefined;
  for (const python of [false, true]) {
    let tries = 0;
    for (const match of text.matchAll(BEGIN)) {
      if ((tries += 1) > TRIES) break;
      const read = new Literals(text, { python, calls: (call) => call });
      const at = match.index + /^[\s:=]?/.exec(match[0])[0].length;
      const found = read.attempt(at);
      const requests = found && requestsOf(printedValue(found.value), read, text.slice(found.end));
      if (requests !== undefined) return requests;
    }
  }
  return undefined;
}

/** Python prints `Headers({…})`. */
function printedValue(value) {
  if (!(value instanceof Call)) return value;
  return value.named.size > 0 ? value.named : value.values[0];
}

function requestsOf(value, read, rest) {
  const notes = read.cut ? [note('printed-cut')] : [];
  const event =
    value instanceof Map && (value.has('httpMethod') || value.has('rawPath')) ? awsEvents(plain(value)) : undefined;
  if (event) return event.map((one) => ({ ...one, notes: [...one.notes, ...notes] }));
  const whole = value instanceof Map && value.get('headers') instanceof Map ? requestOf(value, notes) : undefined;
  if (whole) return [whole];
  const pairs =
    Array.isArray(value) && value.every((one) => typeof one === 'string') ? paired(value) : pairsOfValue(value);
  if (
    pairs.length === 0 ||
    !pairs.every(([name]) => NAME.test(name)) ||
    pairs.filter(isHeader).length < Math.min(2, pairs.length)
  )
    return undefined;
  if (rest.trim() !== '') notes.push(note('after'));
  return [{ label: pairs[0][0], headers: pairs, notes }];
}

/** The list of `req.rawHeaders`: names and values by turns. */
function paired(list) {
  return list.length % 2 === 0 ? list.flatMap((name, index) => (index % 2 === 0 ? [[name, list[index + 1]]] : [])) : [];
}

function isHeader([name]) {
  return HEADER.test(name);
}

/** An object with `method`, `url` and `headers`, and perhaps a body. */
function requestOf(value, notes) {
  const headers = pairsOfValue(value.get('headers'));
  const method = textOfValue(value.get('method'));
  const url = textOfValue(value.get('originalUrl') ?? value.get('url') ?? value.get('path'));
  if (headers.length === 0 || (method === undefined && url === undefined)) return undefined;
  const content = value.get('rawBody') ?? value.get('body');
  const bytes = bytesOfValue(content);
  if (bytes === undefined)
    notes.push(note(content instanceof Map || Array.isArray(content) ? 'reprinted' : 'body-unknown'));
  const body = bytes ?? (content instanceof Map || Array.isArray(content) ? JSON.stringify(plain(content)) : '');
  const message = messageOf({ method: method?.toUpperCase(), url: url ?? '/', headers, body });
  return { label: labelOf(message), message, notes };
}
