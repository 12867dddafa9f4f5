// Commands of HTTPie: `http POST h.example/a X-Header:value name=text other:=1`.

import { latin1Bytes, readable } from '../../base/bytes.js';
import { piped } from './curl.js';
import { FORM, formEncoded, JSON_TYPE, labelOf, messageOf, parsed } from './message.js';
import { Literals, pythonJson } from './literal.js';
import { note } from './notes.js';
import { shellScript } from './shell.js';

const COMMAND = /(?:^|[\n|;&])[ \t]*(?:[$%>#❯➜][ \t]+)?https?[ \t]+(?=\S)/;
const METHOD = /^[A-Z]{3,10}$/;
/** The mark that comes first says what an item is; of marks at one place, the longest. */
const ITEM = /^((?:\\[\s\S]|[^\\:=@;])*)(:=@|=@|==|:=|:@|:|=|@|;)([\s\S]*)$/;
/** What may be a URL, and no word of a sentence. */
const PLACE = /^(?=.*[:/.]|localhost)[^\s<>"|\\^`]+$/;
const WITH_VALUE = new Set([
  ...['-A', '-a', '-o', '-p', '-s', '--auth', '--auth-type', '--boundary', '--cert', '--cert-key', '--ciphers'],
  ...['--default-scheme', '--format-options', '--history-print', '--max-headers', '--max-redirects', '--output'],
  ...['--pretty', '--print', '--proxy', '--raw', '--response-charset', '--response-mime', '--session'],
  ...['--session-read-only', '--ssl', '--style', '--timeout', '--verify'],
]);
const ACCEPT = 'application/json, */*;q=0.5';

/** @param {string} text */
export function httpieCommands(text) {
  if (!COMMAND.test(text)) return undefined;
  const { pipelines, expansions } = shellScript(text);
  const found = pipelines.flatMap((pipeline) => {
    const at = pipeline.findIndex((command) => beginning(command) !== -1);
    if (at === -1) return [];
    const command = pipeline[at];
    const words = command.words.slice(beginning(command)).map((word) => readable(latin1Bytes(word)));
    const used = expansions.filter((name) => words.some((word) => word.includes(name)));
    return requestOf(words, command.input ?? piped(pipeline.slice(0, at)), used) ?? [];
  });
  return found.length > 0 ? found : undefined;
}

function beginning({ words }) {
  const index = words.findIndex((word) => !/^(?:[$%>#]|\u00e2\u009d\u00af|\u00e2\u009e\u009c)$/.test(word));
  return /^https?$/.test(words[index] ?? '') ? index : -1;
}

/** @param {string[]} words @param {string | undefined} input its characters are bytes */
function requestOf(words, input, expansions) {
  const command = { items: [], flags: new Set(), options: new Map(), input };
  for (let at = 1; at < words.length; at += 1) {
    const [, name, , joined] = /^(--?[\w-]+)(=([\s\S]*))?$/.exec(words[at]) ?? [];
    if (name === undefined) command.items.push(words[at]);
    else if (!WITH_VALUE.has(name)) command.flags.add(name);
    else command.options.set(name, joined ?? words[(at += 1)] ?? '');
  }
  const isItem = (/** @type {string} */ item) => ITEM.test(item);
  const method = METHOD.test(command.items[0] ?? '') ? command.items.shift() : undefined;
  const url = command.items.shift();
  if (!PLACE.test(url ?? '') || !command.items.every(isItem)) return undefined;
  return messageFrom(command, method, urlOf(url, words[0], command.options.get('--default-scheme')), expansions);
}

/** `:3000/a` and `/a` are of this machine. */
function urlOf(written, program, scheme) {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(written)) return written;
  const begins = `${scheme ?? program}://`;
  if (/^:\d/.test(written) || /^:?\//.test(written) || written === ':')
    return `${begins}localhost${written.replace(/^:(?=\/|$)/, '')}`;
  return begins + written;
}

function messageFrom({ items, flags, options, input }, method, url, expansions) {
  const notes = expansions.length > 0 ? [note('shell', { names: expansions.join(', ') })] : [];
  const [headers, query, fields] = [[], [], []];
  const without = new Set();
  for (const item of items) {
    const [name, mark, value] = partsOf(item);
    if (mark === ':' && value === '') without.add(name.toLowerCase());
    else if (mark === ':') headers.push([name, value.trim()]);
    else if (mark === ';') headers.push([name, '']);
    else if (mark === '==') query.push(`${formEncoded(name)}=${formEncoded(value)}`);
    else if (mark.includes('@')) notes.push(note('file', { option: `${name}${mark}`, file: value }));
    else fields.push([name, mark, value]);
  }
  const isForm = flags.has('--form') || flags.has('-f');
  const isMultipart = flags.has('--multipart');
  const files = notes.some(({ note: code }) => code === 'file');
  const body = isMultipart || (isForm && files) ? '' : bodyOf(fields, isForm, options.get('--raw'), input, notes);
  if (isMultipart) notes.push(note('form', { option: '--multipart' }));
  if (flags.has('--chunked')) notes.push(note('chunked'));
  const length = typeof body === 'string' ? body.length : (body?.length ?? 0);
  const isJson = !isForm && (length > 0 || fields.length > 0 || flags.has('--json') || flags.has('-j'));
  const auth = options.get('--auth') ?? options.get('-a');
  const bearer = (options.get('--auth-type') ?? options.get('-A')) === 'bearer';
  const implied = [
    ...(isJson ? [['Accept', ACCEPT]] : []),
    ...(isJson
      ? [['Content-Type', JSON_TYPE]]
      : isForm && length > 0
        ? [['Content-Type', `${FORM}; charset=utf-8`]]
        : []),
    ...(auth === undefined ? [] : [['Authorization', bearer ? `Bearer ${auth}` : `Basic ${base64(auth)}`]]),
  ].filter(([name]) => !without.has(name.toLowerCase()));
  const message = messageOf({
    method: method ?? (length > 0 || files ? 'POST' : 'GET'),
    url,
    query: query.join('&'),
    headers,
    implied,
    body: body ?? '',
  });
  return { label: labelOf(message), message, notes };
}

/** Name, mark and value; a mark behind a backslash is none. @param {string} item */
function partsOf(item) {
  const [, name, mark, value] = /** @type {string[]} */ (/** @type {unknown} */ (ITEM.exec(item)));
  return [name, mark, value].map((part) => part.replace(/\\([:=@;])/g, '$1'));
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text.slice(0, 10_000))));
}

function bodyOf(fields, isForm, raw, input, notes) {
  if (raw !== undefined) return raw;
  if (fields.length === 0) return input === undefined ? '' : latin1Bytes(input);
  if (isForm) return fields.map(([name, , value]) => `${formEncoded(name)}=${formEncoded(value)}`).join('&');
  const members = new Map();
  for (const [name, mark, value] of fields) {
    if (/[[\]]/.test(name)) notes.push(note('nested', { name }));
    const literal = mark === ':=' && parsed(value) !== undefined ? new Literals(value).attempt(0) : undefined;
    members.set(name, literal === undefined ? value : literal.value);
  }
  return pythonJson(members);
}
