// Headers as the network panels of browsers show them: names and values on a line each, or in two lines.

import { labelOf, messageOf } from './message.js';
import { headersAlone } from './headers.js';
import { note } from './notes.js';

const GENERAL = /^(?:request url|request method|status code|remote address|referrer policy)$/i;
const SECTION =
  /^(general|request headers|response headers|query string parameters|request payload|form data|provisional headers.*)(?:\s*\(.*\))?(?:\s*(?:view (?:source|parsed|decoded)|raw))*$/i;
const NAME =
  /^(:?[!#$%&'*+.^_`|~0-9A-Za-z-]+|Request URL|Request Method|Status Code|Remote Address|Referrer Policy):?$/i;
const ONE_LINE =
  /^(:?[!#$%&'*+.^_`|~0-9A-Za-z-]+|Request URL|Request Method|Status Code|Remote Address|Referrer Policy):(?:[ \t]+(.*)|)$/i;
const MARK =
  /^(?::(?:authority|method|path|scheme|status)|request url|request method|remote address|referrer policy):?/im;

/** @param {string} text */
export function devtoolsHeaders(text) {
  if (!MARK.test(text) && !/^(?:request|response) headers\b/im.test(text)) return undefined;
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const pairs = { general: [], request: [], response: [] };
  let section = 'general';
  for (let at = 0; at < lines.length; at += 1) {
    const [, title] = SECTION.exec(lines[at]) ?? [];
    if (title !== undefined) {
      section = sectionOf(title, section);
      continue;
    }
    if (section === 'body') continue;
    const [, name, value] = ONE_LINE.exec(lines[at]) ?? [];
    if (name !== undefined && (value !== undefined || isNext(lines[at + 1]))) pairs[section].push([name, value ?? '']);
    else {
      const [, own] = NAME.exec(lines[at]) ?? [];
      if (own === undefined || lines[at + 1] === undefined) return undefined;
      at += 1;
      pairs[section].push([own, lines[at]]);
    }
  }
  return requestOf(pairs);
}

function sectionOf(title, current) {
  if (/^request headers/i.test(title)) return 'request';
  if (/^response headers/i.test(title)) return 'response';
  if (/^(?:query|request payload|form data)/i.test(title)) return 'body';
  return /^general/i.test(title) ? 'general' : current;
}

/** A name without a value is followed by its value, unless another header follows. */
function isNext(line) {
  return line === undefined || ONE_LINE.exec(line)?.[2] !== undefined;
}

/** Without titles between them, the headers of the response come first, and pseudo-headers begin the request's. */
function ofRequest(general) {
  const first = general.findIndex(([name]) => /^:(?:authority|method|path|scheme)$/.test(name));
  return general.filter(([name], index) => !GENERAL.test(name) && index >= first);
}

function requestOf({ general, request, response }) {
  const known = new Map(general.map(([name, value]) => [name.toLowerCase(), value]));
  const own = [...ofRequest(general), ...request];
  const notes = response.length > 0 ? [note('response-headers')] : [];
  const url = known.get('request url');
  if (url === undefined)
    return headersAlone(own, own.some(([name]) => name.startsWith(':')) ? [...notes, note('no-body')] : notes);
  const message = messageOf({
    method: known.get('request method') ?? own.find(([name]) => name === ':method')?.[1] ?? 'GET',
    url,
    headers: own.filter(([name]) => !name.startsWith(':')),
  });
  return [
    { label: labelOf(message), message, notes: [...notes, ...(message.method === 'GET' ? [] : [note('no-body')])] },
  ];
}
