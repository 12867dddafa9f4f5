// From bytes or a message to the editor's text. What `parseMessage` reads there is the same message.

import type { Message } from '../engine/protocol';
import { base64Lines, latin1, utf8 } from './bytes';
import { layoutOf } from './layout';

export interface MessageText { text: string; base64?: boolean }

const LF = 0x0a;
const CR = 0x0d;
const MARK = [0xef, 0xbb, 0xbf];

/** A recorded message, as `parseRecording` reads it: what follows behind Content-Length is no part of it. */
export function recordingText(bytes: Uint8Array): MessageText {
  const own = MARK.every((byte, index) => bytes[index] === byte) ? bytes.subarray(MARK.length) : bytes;
  const bodyOffset = headLength(own);
  // Which line break ends a line of the head says nothing, and an editor would show it.
  const head = latin1(own.subarray(0, bodyOffset)).replaceAll('\r\n', '\n');
  const rest = own.subarray(bodyOffset);
  const length = layoutOf(head).headers.find(({ name }) => name.toLowerCase() === 'content-length')?.value ?? '';
  return withBodyText(head, /^\d{1,15}$/.test(length) ? rest.subarray(0, Number(length)) : rest);
}

/** The bytes up to and with the empty line; those before the first line do not count. */
function headLength(bytes: Uint8Array): number {
  let [start, lines] = [0, 0];
  for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
    const empty = end === start || (end === start + 1 && bytes[start] === CR);
    if (!empty) lines += 1;
    else if (lines > 0) return end + 1;
    start = end + 1;
  }
  return bytes.length;
}

/** A message as text; no header is added. */
export function messageText({ method, url, status, headers, body }: Message): MessageText {
  const start = status === undefined ? `${method ?? 'POST'} ${oneWord(url || '/')} HTTP/1.1` : `HTTP/1.1 ${status}`;
  const lines = [start, ...headers.map(([name, value]) => `${oneLine(name)}: ${oneLine(value)}`)];
  return withBodyText(`${lines.map((line) => `${line}\n`).join('')}\n`, body);
}

function withBodyText(head: string, body: Uint8Array): MessageText {
  const text = utf8(body);
  return text === undefined ? { text: head + base64Lines(body), base64: true } : { text: head + text };
}

function oneWord(url: string): string {
  return url.replace(/\s+/g, encodeURIComponent);
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
