// The message's text as a recording: where its head and body stand, and its bytes.

import { texts } from '../base/language.js';
import type { State } from '../state.js';
import { fromBase64, joined, toBase64, utf8, utf8Text } from './bytes.js';
import { Problem } from './problem.js';

type Message = State['message'];
type Range = [from: number, to: number];

const t = texts({
  en: {
    base64: 'The body is marked as base64, and it is not. Mend it, or write the body as text.',
    head: 'The head of the message is not UTF-8, and the page shows text. Verify it on the command line: countersign verify.',
  },
  'zh-CN': {
    base64: '正文标记为 base64，但内容不是。请修正，或将正文写成文本。',
    head: '消息头部不是 UTF-8，而本页只显示文本。请在命令行验证：countersign verify。',
  },
});

/** `body` is where the body starts: behind the empty line, or at the end where there is none. */
export function layoutOf(text: string): { startLine: Range; headers: { name: string; value: Range }[]; body: number } {
  const lines: Range[] = [];
  let [at, body] = [0, text.length];
  while (at < text.length) {
    const end = text.indexOf('\n', at);
    const stop = end === -1 ? text.length : end;
    const trimmed = text[stop - 1] === '\r' && stop > at ? stop - 1 : stop;
    if (trimmed === at) {
      body = end === -1 ? text.length : end + 1;
      break;
    }
    lines.push([at, trimmed]);
    at = end === -1 ? text.length : end + 1;
  }
  const [startLine = [0, 0] as Range, ...rest] = lines;
  return { startLine, headers: rest.map(([from, to]) => headerOf(text, from, to)), body };
}

function headerOf(text: string, from: number, to: number): { name: string; value: Range } {
  const colon = text.slice(from, to).indexOf(':');
  if (colon === -1) return { name: '', value: [from, to] };
  const value = text.slice(from + colon + 1, to);
  const start = from + colon + 1 + (value.length - value.trimStart().length);
  return { name: text.slice(from, from + colon).trim().toLowerCase(), value: [start, Math.max(start, from + colon + 1 + value.trimEnd().length)] };
}

export function messageBytes({ text, base64 }: Message): Uint8Array {
  if (base64 !== true) return utf8(text);
  const { body } = layoutOf(text);
  const bytes = fromBase64(text.slice(body).replace(/\s+/g, ''));
  if (bytes === undefined) throw new Problem(t('base64'));
  return joined([utf8(text.slice(0, body)), bytes]);
}

/** The body alone, as far as it can be read. */
export function bodyOf({ text, base64 }: Message): Uint8Array {
  const body = text.slice(layoutOf(text).body);
  return base64 === true ? (fromBase64(body.replace(/\s+/g, '')) ?? utf8(body)) : utf8(body);
}

/** The message of a recording's bytes. A body that is no UTF-8 is written in base64. */
export function messageOf(bytes: Uint8Array): Message {
  const whole = utf8Text(bytes);
  if (whole !== undefined) return { text: whole };
  const start = bodyStart(bytes);
  const head = utf8Text(bytes.subarray(0, start));
  if (head === undefined) throw new Problem(t('head'));
  return { text: head + toBase64(bytes.subarray(start)), base64: true };
}

function bodyStart(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) {
    const next = bytes[at + 1] === 0x0d ? at + 2 : at + 1;
    if (bytes[next] === 0x0a) return next + 1;
  }
  return bytes.length;
}
