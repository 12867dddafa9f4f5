// From bytes or a message to the editor's text, and from there to bytes. What `parseMessage` reads there is the same message.

import { fromBase64, joined, latin1, latin1Bytes, toBase64, utf8, utf8Text } from '../base/bytes.js';
import type { Message } from '../engine/protocol.js';
import { headersNamed, type Layout, layoutOf } from './layout.js';

export interface MessageText { text: string; base64?: boolean }

const LINE = /.{1,76}/g; // as a person looks at base64
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
  const length = headersNamed(layoutOf(head), 'content-length')[0]?.value ?? '';
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

/** A native event, as the request that carries it. */
export function eventText(url: string, body: Uint8Array): MessageText {
  return messageText({ url, headers: [['Content-Type', 'application/json']], body });
}

/** The recording of a text; undefined where its body is said to be base64, and is not. */
export function recordingBytes(message: MessageText): Uint8Array | undefined {
  const layout = layoutOf(message.text);
  const body = bodyBytes(message, layout);
  return body && joined([headBytes(message.text.slice(layout.start[0], layout.bodyStart)), body]);
}

/** The body alone; undefined as above. */
export function bodyBytes({ text, base64 }: MessageText, { bodyStart }: Layout): Uint8Array | undefined {
  const written = text.slice(bodyStart);
  return base64 ? fromBase64(written) : utf8(written);
}

/** Characters of a head are bytes; where some are none, it is UTF-8. */
export function headBytes(text: string): Uint8Array {
  return /^[\x00-\xff]*$/.test(text) ? latin1Bytes(text) : utf8(text);
}

function withBodyText(head: string, body: Uint8Array): MessageText {
  const text = utf8Text(body);
  return text === undefined ? { text: head + (toBase64(body).match(LINE) ?? []).join('\n'), base64: true } : { text: head + text };
}

function oneWord(url: string): string {
  return url.replace(/\s+/g, encodeURIComponent);
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
