// The cases of tests/js/paste: what was pasted, and what is read.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { utf8Text } from '../../pkg/base/bytes.js';
import { ROOT } from './setup.js';

export const CASES = join(ROOT, 'tests/js/paste');

/** `SOURCE/NAME` of each case. */
export function casesOfPaste() {
  return readdirSync(CASES)
    .sort()
    .flatMap((source) =>
      readdirSync(join(CASES, source))
        .sort()
        .map((name) => `${source}/${name}`),
    );
}

/** The text of a case, as it is pasted. */
export function inputOf(path) {
  return readFileSync(join(CASES, path, 'input.txt'), 'utf8');
}

/** What was read, as JSON that a person reads: a body is a text, or base64 if it is none. */
export function shownPaste({ source, requests, notes }) {
  return JSON.parse(JSON.stringify({ source, requests: requests.map(shownRequest), ...some('notes', notes) }));
}

function shownRequest({ message, notes, ...rest }) {
  return { ...rest, ...(message && shownMessage(message)), ...some('notes', notes) };
}

function shownMessage({ body, ...head }) {
  const text = utf8Text(body);
  if (body.length === 0) return head;
  return { ...head, ...(text === undefined ? { base64: Buffer.from(body).toString('base64') } : { body: text }) };
}

function some(name, list) {
  return list.length > 0 ? { [name]: list } : {};
}
