// What somebody pastes: raw HTTP, an editor's file of requests, a curl command, a HAR, a fetch() of a browser, a body
// alone, headers alone; raw HTTP and a HAR also with text before them.

import { declaredLength, layoutOf } from '../../../pkg/read/layout.js';
import { latin1, utf8 } from '../base/bytes.js';
import { parsed } from '../base/json.js';
import { texts } from '../base/language.js';
import type { Message } from '../engine/protocol.js';
import { curlMessages } from './curl.js';
import { withBody, withHeaders } from './edit.js';
import { type HarMessage, harMessages } from './har.js';
import { fileRequests } from './http-file.js';
import { restsAfterProse } from './prose.js';
import { type MessageText, messageText, pairsOf } from './recording.js';

/**
 * `json` is a body alone and `headers` are header lines alone: the rest of the message stays. The others are whole
 * messages.
 */
type PasteKind = 'http' | 'curl' | 'har' | 'fetch' | 'json' | 'headers';
interface Pasted extends MessageText {
  label: string;
  notices: string[];
}
interface Found {
  kind: PasteKind;
  entries: Pasted[];
}
export interface Recognised extends Found {
  /** How many of the entries are requests; they come first. Answers are none, nor is a body or headers alone. */
  requests: number;
}

const START_LINE =
  /^(?:[A-Z][A-Z-]*[ \t]+(?:\/|https?:\/\/)\S*|[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]+\S+[ \t]+HTTP\/\d(?:\.\d)?|HTTP\/\d(?:\.\d)? [1-5]\d\d.*)[ \t]*$/;
const ANSWER = /^\s*HTTP\/\d/;
const LONE_TARGET = /^\s*(?:https?:\/\/|\/)\S*\s*$/i;
const CURL =
  /(?:^|[\n|;&])[ \t]*(?:(?:[$%>]|sudo|[A-Za-z_]\w*=[^\s|;&]*)[ \t]+)*(?:[^\s'"`|;&]*[/\\])?curl(?:\.exe)?[ \t\\^]/;
const FETCH = /^\s*(?:await\s+)?fetch\(([\s\S]*?)\)\s*;?\s*$/;
const JSON_BODY = /^\s*[{[]\s*(?:["'{[\]}\-\d]|true|false|null|$)/;
const HEADER_LINE = /^:?[!#$%&'*+.^_`|~0-9A-Za-z-]+:(?:[ \t].*|[^/\s].*|)$/;

const t = texts({
  en: {
    before: 'The message begins on line {line}: the text before it was left out',
    earlier: 'The heads of earlier responses were left out',
    cut: 'After the {bytes} bytes of Content-Length there were only line breaks: they were left out.',
  },
  'zh-CN': {
    before: '消息从第 {line} 行开始：之前的文字已略去',
    earlier: '更早响应的标头已略去',
    cut: 'Content-Length 所说的 {bytes} 字节之后只有换行：已略去。',
  },
});

export function recognise(text: string): Recognised | undefined {
  const found =
    rawHttp(text) ??
    httpFile(text) ??
    har(text) ??
    json(text) ??
    fetchCall(text) ??
    curl(text) ??
    headerLines(text) ??
    afterProse(text);
  return found && { ...found, requests: requestsOf(found) };
}

function requestsOf({ kind, entries }: Found): number {
  return kind === 'json' || kind === 'headers' ? 0 : entries.filter((entry) => !ANSWER.test(entry.text)).length;
}

/** The message after the paste: a body or headers alone replace those of the current message. */
export function applied(current: MessageText, { kind, entries }: Recognised, index = 0): MessageText {
  const entry = entries[index];
  if (!entry) return current;
  if (kind === 'json') return { text: withBody(current.text, entry.text) };
  if (kind === 'headers') return { ...current, text: withHeaders(current.text, entry.text) };
  return entry.base64 ? { text: entry.text, base64: true } : { text: entry.text };
}

function rawHttp(text: string): Found | undefined {
  const { start } = layoutOf(text.slice(0, 0x10000));
  const line = text.slice(...start);
  if (!START_LINE.test(line) && !LONE_TARGET.test(text.slice(0, 0x10000))) return undefined;
  const earlier = text.slice(0, start[0]).trim() !== '';
  const { text: own, notices } = withoutEnd(earlier ? text.slice(start[0]) : text);
  return {
    kind: 'http',
    entries: [{ label: line, text: own, notices: earlier ? [t('earlier'), ...notices] : notices }],
  };
}

/** Whoever copies a request takes a line break behind its body along, which would be a part of what is signed. */
function withoutEnd(text: string): Pick<Pasted, 'text' | 'notices'> {
  const layout = layoutOf(text);
  const { length } = declaredLength(pairsOf(layout));
  if (length === undefined) return { text, notices: [] };
  const rest = latin1(utf8(text.slice(layout.bodyStart)).subarray(length));
  if (!/^[\r\n]+$/.test(rest)) return { text, notices: [] };
  return { text: text.slice(0, -rest.length), notices: [t('cut', { bytes: length })] };
}

function httpFile(text: string): Found | undefined {
  const entries = fileRequests(text);
  return entries && { kind: 'http', entries };
}

function har(text: string): Found | undefined {
  const messages = JSON_BODY.test(text) ? harMessages(parsed(text)) : undefined;
  const label = ({ message, url, answer }: HarMessage): string =>
    answer ? `${message.status} ← ${url}` : `${message.method} ${url}`;
  return messages && { kind: 'har', entries: messages.map((one) => entryOf(one.message, one.notices, label(one))) };
}

function json(text: string): Found | undefined {
  return JSON_BODY.test(text) ? { kind: 'json', entries: [{ label: 'JSON', text, notices: [] }] } : undefined;
}

function afterProse(text: string): Found | undefined {
  for (const { text: rest, line } of restsAfterProse(text)) {
    const found = rawHttp(rest) ?? har(rest);
    if (found)
      return {
        ...found,
        entries: found.entries.map((entry) => ({ ...entry, notices: [t('before', { line }), ...entry.notices] })),
      };
  }
  return undefined;
}

function entryOf(message: Message, notices: string[], label: string): Pasted {
  return { label, ...messageText(message), notices };
}

/** As browsers copy it: the arguments are JSON. */
function fetchCall(text: string): Found | undefined {
  const source = FETCH.exec(text)?.[1];
  const call = source === undefined ? undefined : parsed(`[${source}]`);
  if (!Array.isArray(call) || typeof call[0] !== 'string') return undefined;
  const { method, headers, body } = Object(call[1] ?? {}) as Record<string, unknown>;
  const pairs = Object.entries(Object(headers ?? {}) as object).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  const message = {
    method: typeof method === 'string' ? method : 'GET',
    url: call[0],
    headers: pairs,
    body: utf8(typeof body === 'string' ? body : ''),
  };
  return { kind: 'fetch', entries: [entryOf(message, [], `${message.method} ${message.url}`)] };
}

function curl(text: string): Found | undefined {
  if (!CURL.test(text)) return undefined;
  const messages = curlMessages(text);
  if (messages.length === 0) return undefined;
  return {
    kind: 'curl',
    entries: messages.map(({ message, notices }) => entryOf(message, notices, `${message.method} ${message.url}`)),
  };
}

/** With HTTP/2's pseudo-headers, as browsers show them, they are a whole request. */
function headerLines(text: string): Found | undefined {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  if (lines.length === 0 || !lines.every((line) => HEADER_LINE.test(line))) return undefined;
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':', 1);
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const own = pairs.filter(([name]) => !name.startsWith(':'));
  const pseudo = new Map(pairs.filter(([name]) => name.startsWith(':')));
  if (pseudo.size === 0)
    return { kind: 'headers', entries: [{ label: own[0]![0], text: lines.join('\n'), notices: [] }] };
  const body = new Uint8Array();
  const status = pseudo.get(':status');
  if (status !== undefined)
    return { kind: 'http', entries: [entryOf({ status: Number(status) || 200, headers: own, body }, [], status)] };
  const host = pseudo.get(':authority');
  const method = pseudo.get(':method') ?? 'POST';
  const url = pseudo.get(':path') ?? '/';
  const headers: [string, string][] = host === undefined ? own : [['Host', host], ...own];
  return { kind: 'http', entries: [entryOf({ method, url, headers, body }, [], `${method} ${url}`)] };
}
