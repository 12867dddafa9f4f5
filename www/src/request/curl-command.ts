// A message as a curl command for POSIX shells that sends the same bytes.

import { toBase64, utf8Text } from '../base/bytes.js';
import type { Message } from '../engine/protocol.js';
import { headBytes } from './recording.js';

const LONGEST = 100_000; // bytes of one argument; Linux takes 128 KiB
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// A terminal would act on them when the command is pasted.
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/;

/**
 * Undefined for an answer, which nobody sends by curl.
 * @param options.origin the `scheme://host` of a message whose URL is a target alone; the default is its Host header, as https
 * @param options.base64 the body is written in base64 even where it could be quoted
 */
export function curlCommand(message: Message, options: { base64?: boolean; origin?: string } = {}): string | undefined {
  if (message.status !== undefined) return undefined;
  const { method = 'POST', headers, body } = message;
  const url = urlOf(message, options.origin);
  const data = dataOf(body, options.base64);
  const parts = [
    `curl ${/[[\]{}]/.test(url) ? '--globoff ' : ''}${/\/\.{1,2}(?:[/?#]|$)/.test(url) ? '--path-as-is ' : ''}${quoted(url)}`,
  ];
  if (method === 'HEAD' && body.length === 0) parts.push('--head');
  else if (method !== (body.length > 0 ? 'POST' : 'GET'))
    parts.push(`-X ${/^[A-Z]+$/.test(method) ? method : quoted(method)}`);
  for (const [index, [name, value]] of headers.entries()) {
    if (TOKEN.test(name) && !isSentByCurl(name, value, { index, url, body })) parts.push(`-H ${header(name, value)}`);
  }
  // curl would add a type of its own.
  if (body.length > 0 && !headers.some(([name]) => name.toLowerCase() === 'content-type'))
    parts.push("-H 'Content-Type:'");
  if (data.option) parts.push(data.option);
  return data.before + parts.join(' \\\n  ');
}

function urlOf({ url = '/', headers }: Message, origin: string | undefined): string {
  if (AUTHORITY.test(url)) return url;
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
  return `${origin ?? `https://${host || 'example.com'}`}${url.startsWith('/') ? url : `/${url}`}`;
}

/** The host, and a length that is not the body's: curl would wait for the rest. */
function isSentByCurl(
  name: string,
  value: string,
  { index, url, body }: { index: number; url: string; body: Uint8Array },
): boolean {
  const own = name.toLowerCase();
  if (own === 'host') return index === 0 && AUTHORITY.exec(url)?.[1] === value;
  return own === 'content-length' && value !== String(body.length);
}

/** The characters of a head are bytes; those that are no UTF-8 are written by printf. `Name;` is curl's word for an empty value. */
function header(name: string, value: string): string {
  if (value === '') return quoted(`${name};`);
  const line = `${name}: ${value}`;
  const bytes = headBytes(line);
  const text = utf8Text(bytes);
  if (text !== undefined && !CONTROLS.test(text)) return quoted(text);
  const written = Array.from(bytes, (byte, index) => {
    if (byte === 0x25) return '%%';
    if (byte === 0x5c) return '\\\\';
    const isOption = byte === 0x2d && index === 0;
    return byte < 0x20 || byte > 0x7e || byte === 0x27 || isOption
      ? `\\${byte.toString(8).padStart(3, '0')}`
      : String.fromCharCode(byte);
  });
  return `"$(printf '${written.join('')}')"`;
}

/** What cannot stand in quotes, or is too long for an argument, comes through a pipe: `printf` is a part of the shell. */
function dataOf(body: Uint8Array, inBase64 = false): { before: string; option?: string } {
  if (body.length === 0) return { before: '' };
  const text = inBase64 ? undefined : utf8Text(body);
  if (text === undefined || CONTROLS.test(text))
    return { before: `printf %s ${quoted(toBase64(body))} | base64 -d | `, option: '--data-binary @-' };
  if (body.length > LONGEST) return { before: `printf %s ${quoted(text)} | `, option: '--data-binary @-' };
  // A text that begins with @ would name a file.
  return { before: '', option: `${text.startsWith('@') ? '--data-raw' : '--data-binary'} ${quoted(text)}` };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
