// What people paste when a webhook fails, read as requests: one function for the command line and the page.

import { awsEvents } from './aws.js';
import { bodyAlone, isLikeJson } from './body.js';
import { tracedRequests } from './curl-trace.js';
import { curlCommands } from './curl.js';
import { githubDeliveries, stripeDeliveries } from './delivery-pages.js';
import { devtoolsHeaders } from './devtools.js';
import { fetchCalls } from './fetch.js';
import { harRequests } from './har.js';
import { headerLines } from './headers.js';
import { fileRequests } from './http-file.js';
import { rawRequest } from './http.js';
import { httpieCommands } from './httpie.js';
import { insomniaRequests } from './insomnia.js';
import { requestBinRequests, webhookSiteRequests } from './inspectors.js';
import { labelOf, messageOf, parsed } from './message.js';
import { note } from './notes.js';
import { postmanRequests } from './postman.js';
import { powershellCommands } from './powershell.js';
import { printedValues } from './printed.js';
import { restsAfterProse } from './prose.js';
import { pythonRequests } from './python.js';
import { madeOf } from './unknown.js';
import { commandIn, fenced, views } from './views.js';

/** @typedef {import('../../write/message.js').Message} Message */
/** @typedef {import('./notes.js').Note} Note */
/**
 * A request or a response. It has one of: `text`, raw HTTP as it was written; `message`; `headers` alone; `body` alone,
 * as it was written. `recorded` is when it was received, in ISO 8601.
 * @typedef {{ label: string, notes: Note[], recorded?: string, text?: string, message?: Message, headers?: [string,
 * string][], body?: string }} Pasted
 */
/**
 * `notes` are about the paste as a whole. Where nothing was recognised, there are no requests, and a note says so.
 * @typedef {{ source: string, requests: Pasted[], notes: Note[] }} Paste
 */

/** @type {[source: string, read: (text: string) => any][]} */
const RAW = [
  ['http', rawRequest],
  ['http-file', fileRequests],
];
/** Of the value of a JSON text. @type {[source: string, read: (value: any) => any][]} */
const JSON_VALUES = [
  ['har', harRequests],
  ['postman', postmanRequests],
  ['insomnia', insomniaRequests],
  ['aws', awsEvents],
  ['webhook-site', webhookSiteRequests],
  ['requestbin', requestBinRequests],
];
/** Their headers and their payload may stand in blocks of Markdown. @type {[source: string, read: (text: string) => any][]} */
const PAGES = [
  ['github', githubDeliveries],
  ['stripe', stripeDeliveries],
];
/** The most certain first. @type {[source: string, read: (text: string) => any][]} */
const READERS = [
  ['curl-trace', tracedRequests],
  ['powershell', powershellCommands],
  ['fetch', fetchCalls],
  ['curl', curlCommands],
  ['httpie', httpieCommands],
  ['python', pythonRequests],
  ['devtools', devtoolsHeaders],
  ['headers', headerLines],
  ['printed', printedValues],
  ['body', bodyAlone],
];

/** Never throws. @param {string} text @returns {Paste} */
export function read(text) {
  return (
    readBy(RAW, text) ??
    jsonRequests(text) ??
    readBy(PAGES, text) ??
    fencedRequests(text) ??
    command(text) ??
    readBy(READERS, text) ??
    viewed(text) ??
    afterProse(text) ?? { source: 'unknown', requests: [], notes: [note('unknown', { made: madeOf(text) })] }
  );
}

/** @returns {Paste | undefined} */
function readBy(readers, text) {
  for (const [source, reader] of readers) {
    const requests = reader(text);
    if (requests !== undefined && requests.length > 0) return { source, requests, notes: [] };
  }
  return undefined;
}

function jsonRequests(text) {
  if (!isLikeJson(text)) return undefined;
  const value = parsed(text);
  if (value === null || typeof value !== 'object') return undefined;
  return (
    readBy(JSON_VALUES, value) ?? readBy([['printed', printedValues]], text) ?? readBy([['body', bodyAlone]], text)
  );
}

function readWhole(text) {
  return readBy(RAW, text) ?? jsonRequests(text) ?? readBy(PAGES, text) ?? command(text) ?? readBy(READERS, text);
}

function withNotes(found, notes) {
  return found && { ...found, notes: [...notes, ...found.notes] };
}

/** The first block that is a message; else headers in one block and the body in another. */
function fencedRequests(text) {
  const blocks = fenced(text).flatMap(({ text: own, notes }) => withNotes(readWhole(own) ?? viewed(own), notes) ?? []);
  const whole = blocks.find(({ requests: [first] }) => first.headers === undefined && first.body === undefined);
  if (whole !== undefined) return whole;
  const head = blocks.find(({ requests: [first] }) => first.headers !== undefined);
  const body = blocks.find(({ requests: [first] }) => first.body !== undefined);
  return head && body ? joined(head, body) : blocks[0];
}

function joined(head, body) {
  const [{ headers = [], notes }] = head.requests;
  const message = messageOf({ method: 'POST', url: '/', headers, body: body.requests[0].body });
  const all = [...notes, note('no-start'), note('shown-body')];
  return { source: head.source, requests: [{ label: labelOf(message), message, notes: all }], notes: head.notes };
}

function command(text) {
  const view = commandIn(text);
  return view && withNotes(readBy(READERS, view.text), view.notes);
}

function viewed(text) {
  for (const view of views(text)) {
    const found = readWhole(view.text);
    if (found !== undefined) return withNotes(found, view.notes);
  }
  return undefined;
}

function afterProse(text) {
  for (const { text: rest, line } of restsAfterProse(text)) {
    const found = readBy(RAW, rest) ?? jsonRequests(rest);
    if (found !== undefined && found.source !== 'body') return withNotes(found, [note('before', { line })]);
  }
  return undefined;
}
