// What people paste when a webhook fails, read as requests: one function for the command line and the page.

import { curlCommands } from './curl.js';
import { fetchCalls } from './fetch.js';
import { harRequests } from './har.js';
import { headerLines } from './headers.js';
import { fileRequests } from './http-file.js';
import { rawRequest } from './http.js';
import { parsed } from './message.js';
import { note } from './notes.js';
import { restsAfterProse } from './prose.js';

/** @typedef {import('../../write/message.js').Message} Message */
/** @typedef {import('./notes.js').Note} Note */
/**
 * A request or a response. It has one of: `text`, raw HTTP as it was written; `message`; `headers` alone; `body` alone,
 * as it was written. `recorded` is when it was received, in ISO 8601.
 * @typedef {{ label: string, notes: Note[], recorded?: string, text?: string, message?: Message, headers?: [string,
 * string][], body?: string }} Pasted
 */
/** @typedef {{ source: string, requests: Pasted[], notes: Note[] }} Paste `notes` are about the paste as a whole. */

const JSON_BODY = /^\s*[{[]\s*(?:["'{[\]}\-\d]|true|false|null|$)/;

/** How a text is read, the most certain first. @type {[source: string, read: (text: string) => Pasted[] | undefined][]} */
const READERS = [
  ['http', rawRequest],
  ['http-file', fileRequests],
  ['har', (text) => (JSON_BODY.test(text) ? harRequests(parsed(text)) : undefined)],
  ['body', (text) => (JSON_BODY.test(text) ? [{ label: 'JSON', body: text, notes: [] }] : undefined)],
  ['fetch', fetchCalls],
  ['curl', curlCommands],
  ['headers', headerLines],
];

/** Never throws; undefined where nothing is recognised. @param {string} text @returns {Paste | undefined} */
export function read(text) {
  return readWhole(text) ?? afterProse(text);
}

function readWhole(text) {
  for (const [source, reader] of READERS) {
    const requests = reader(text);
    if (requests !== undefined && requests.length > 0) return { source, requests, notes: [] };
  }
  return undefined;
}

function afterProse(text) {
  for (const { text: rest, line } of restsAfterProse(text)) {
    const found = readWhole(rest);
    if (found?.source === 'http' || found?.source === 'har') return { ...found, notes: [note('before', { line })] };
  }
  return undefined;
}
