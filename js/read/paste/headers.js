// Header lines alone, a line each. With HTTP/2's pseudo-headers, as browsers show them, they are a whole request.

import { labelOf, messageOf } from './message.js';

const HEADER_LINE = /^:?[!#$%&'*+.^_`|~0-9A-Za-z-]+:(?:[ \t].*|[^/\s].*|)$/;

/** @param {string} text */
export function headerLines(text) {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  if (lines.length === 0 || !lines.every((line) => HEADER_LINE.test(line))) return undefined;
  return headersAlone(
    lines.map((line) => {
      const colon = line.indexOf(':', 1);
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
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
