// Header lines alone, a line each; with HTTP/2's pseudo-headers, as browsers show them, or a body below, they are a
// whole request.

import { latin1, utf8 } from '../../base/bytes.js';
import { labelOf, messageOf } from './message.js';
import { note } from './notes.js';

const HEADER_LINE = /^:?[!#$%&'*+.^_`|~0-9A-Za-z-]+:(?:[ \t].*|[^/\s].*|)$/;

/** A line of a log that holds an object. */
const PRINTED = /[{[(]\s*['"]/;

/** @param {string} text */
export function headerLines(text) {
  const own = text.replace(/^(?:[ \t]*\r?\n)+/, '');
  const end = /\r?\n[ \t]*\r?\n/.exec(own);
  const head = end === null ? own : own.slice(0, end.index);
  const pairs = pairsOf(head) ?? [];
  if (pairs.length === 0 || (pairs.length === 1 && PRINTED.test(pairs[0][1]))) return undefined;
  const rest = end === null ? '' : own.slice(end.index + end[0].length);
  if (rest.trim() === '') return headersAlone(pairs);
  // Blank lines between headers are somebody's spacing.
  const more = pairsOf(rest);
  if (more !== undefined) return headersAlone([...pairs, ...more]);
  return isBody(rest, pairs) ? withBody(pairs, rest) : undefined;
}

/** Undefined where a line is no header. */
function pairsOf(text) {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  const own = lines.filter((line) => line !== '');
  if (!own.every((line) => HEADER_LINE.test(line))) return undefined;
  return own.map((line) => {
    const colon = line.indexOf(':', 1);
    return /** @type {[string, string]} */ ([line.slice(0, colon), line.slice(colon + 1).trim()]);
  });
}

/** What is below headers is a body if it looks like one, or the headers say that there is one. */
function isBody(rest, pairs) {
  return /^\s*[{[<]/.test(rest) || pairs.some(([name]) => /^content-(?:type|length)$/i.test(name));
}

function withBody(pairs, rest) {
  const said = Number(pairs.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? Number.NaN);
  const bytes = utf8(rest);
  const isCut = said < bytes.length && /^[\r\n]+$/.test(latin1(bytes.subarray(said)));
  const [made] = headersAlone(pairs) ?? [];
  const head = made?.message ?? { ...messageOf({ method: 'POST', url: '/', headers: pairs }) };
  const message = { ...head, body: isCut ? bytes.slice(0, said) : bytes };
  const notes = made?.message ? [] : [note('no-start')];
  return [{ label: labelOf(message), message, notes: isCut ? [...notes, note('cut', { bytes: said })] : notes }];
}

/** Pairs of a name and a value, which are a whole message if pseudo-headers are among them. */
export function headersAlone(pairs, notes = []) {
  const own = pairs.filter(([name]) => !name.startsWith(':'));
  const pseudo = new Map(pairs.filter(([name]) => name.startsWith(':')));
  if (pseudo.size === 0) return own.length === 0 ? undefined : [{ label: own[0][0], headers: own, notes }];
  const status = pseudo.get(':status');
  const made =
    status === undefined
      ? messageOf({
          method: pseudo.get(':method') ?? 'POST',
          url: pseudo.get(':path') ?? '/',
          headers: pseudo.has(':authority') ? [['Host', pseudo.get(':authority')], ...own] : own,
        })
      : { status: Number.parseInt(status, 10) || 200, headers: own, body: new Uint8Array() };
  return [{ label: labelOf(made), message: made, notes }];
}
