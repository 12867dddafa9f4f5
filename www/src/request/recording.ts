// From bytes or a message to the editor's text, and from there to bytes. What `parseMessage` reads there is the same
// message.

import {
  declaredLength,
  headersNamed,
  headLength,
  isRequestLine,
  type Layout,
  layoutOf,
} from '../../../pkg/read/layout.js';
import { headBytes, headText, isBytes } from '../../../pkg/write/message.js';
import { fromBase64, joined, latin1, toBase64, utf8, utf8Text } from '../base/bytes.js';
import type { Message } from '../engine/protocol.js';

export interface MessageText {
  text: string;
  base64?: boolean;
}

const LINE = /.{1,76}/g; // as a person looks at base64
const MARK = [0xef, 0xbb, 0xbf];

/** A recorded message, as `parseRecording` reads it: what follows behind Content-Length is no part of it. */
export function recordingText(bytes: Uint8Array): MessageText {
  const own = MARK.every((byte, index) => bytes[index] === byte) ? bytes.subarray(MARK.length) : bytes;
  const bodyOffset = headLength(own);
  // Which line break ends a line of the head says nothing, and an editor would show it.
  const head = latin1(own.subarray(0, bodyOffset)).replace(/(?<!\r)\r\n/g, '\n');
  const rest = own.subarray(bodyOffset);
  const { length = rest.length } = declaredLength(pairsOf(layoutOf(head)));
  return withBodyText(head, rest.subarray(0, length));
}

/** A message as text; no header is added. */
export function messageText({ body, ...head }: Message): MessageText {
  return withBodyText(headText(head, '\n'), body);
}

/** A native event, as the request that carries it. */
export function eventText(url: string, body: Uint8Array): MessageText {
  return messageText({ url, headers: [['Content-Type', 'application/json']], body });
}

/**
 * The recording of a text: what `parseMessage` reads in the one, `parseRecording` reads in the other. What is written
 * as a recording is written stays as it is. Undefined where the body is said to be base64, and is not.
 */
export function recordingBytes(message: MessageText): Uint8Array | undefined {
  const { text } = message;
  const layout = layoutOf(text);
  const body = bodyBytes(message, layout);
  if (!body) return undefined;
  const parts = [headBytes(startLine(text, layout, body))];
  const lengths = headersNamed(layout, 'content-length');
  const isTrue = declaredLength(pairsOf(layout)).length === body.length;
  let at = layout.start[1];
  for (const header of layout.headers) {
    const [from, to] = header.range;
    const [, colon] = header.nameRange;
    const value = isTrue || !lengths.includes(header) ? text.slice(colon, to) : `: ${body.length}`;
    parts.push(headBytes(text.slice(at, from)), headBytes(text.slice(from, colon)), headBytes(value));
    at = to;
  }
  const end = text.slice(at, layout.bodyStart);
  // Behind a CR that belongs to the last line, an LF alone would take it.
  const lineBreak = text.endsWith('\r') ? '\r\n' : layout.lineBreak;
  const missing = layout.ended ? '' : lineBreak.repeat(end.endsWith('\n') ? 1 : 2);
  return joined([...parts, headBytes(end + missing), body]);
}

function startLine(text: string, { start, target, method, status }: Layout, body: Uint8Array): string {
  const line = text.slice(...start);
  if (status || !target || (isRequestLine(line) && isBytes(line))) return line;
  return `${method ? text.slice(...method) : methodOf(body)} ${targetText(text.slice(...target))} HTTP/1.1`;
}

/** Where none is written. */
export function methodOf(body: Uint8Array): string {
  return body.length > 0 ? 'POST' : 'GET';
}

/** A target's characters are bytes; those that are none are percent-encoded, as every sender does. */
export function targetText(target: string): string {
  return isBytes(target) ? target : target.replace(/\P{ASCII}+/gu, (part) => encodeURIComponent(part.toWellFormed()));
}

/** The body alone; undefined as above. */
export function bodyBytes({ text, base64 }: MessageText, { bodyStart }: Layout): Uint8Array | undefined {
  const written = text.slice(bodyStart);
  return base64 ? fromBase64(written) : utf8(written);
}

/** The headers as they are written. */
export function pairsOf({ headers }: Layout): [string, string][] {
  return headers.map(({ name, value }) => [name, value]);
}

function withBodyText(head: string, body: Uint8Array): MessageText {
  const text = utf8Text(body);
  return text === undefined
    ? { text: head + (toBase64(body).match(LINE) ?? []).join('\n'), base64: true }
    : { text: head + text };
}
