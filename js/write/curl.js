// A message as a curl command for POSIX shells that sends the same bytes.

import { toBase64, utf8Text } from '../base/bytes.js';
import { headBytes } from './message.js';

/** @typedef {import('./message.js').Message} Message */

const LONGEST = 100_000; // bytes of one argument; Linux allows 128 KiB
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i;
/** Targets that curl sends unchanged. */
const PLAIN_TARGET = /^\/[!-~]*$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Segments that curl would remove from a path. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i;
const GLOB = /[[\]{}]/;

/**
 * Undefined for a response, which curl does not send. @param {Message} message @param {object} [options] @param
 * {string} [options.origin] the `scheme://host` of a message whose URL is only a target; the default is its Host header
 * with https @param {boolean} [options.base64] write the body in base64 even if it could be quoted @param {string}
 * [options.file] the file from which curl reads the body
 */
export function curlCommand(message, options = {}) {
  if (message.status !== undefined) return undefined;
  const { method = 'POST', headers, body } = message;
  const { url, target } = placeOf(message, options.origin);
  const data = dataOf(body, options);
  const parts = [
    `curl ${GLOB.test(url) ? '--globoff ' : ''}${DOT_SEGMENT.test(url) ? '--path-as-is ' : ''}${argument(url)}`,
  ];
  if (target !== undefined) parts.push(`--request-target ${argument(target)}`);
  if (method === 'HEAD' && body.length === 0) parts.push('--head');
  else if (method !== (body.length > 0 ? 'POST' : 'GET'))
    parts.push(`-X ${/^[A-Z]+$/.test(method) ? method : quoted(method)}`);
  for (const [index, [name, value]] of headers.entries()) {
    if (TOKEN.test(name) && !isSentByCurl(name, value, { index, url, body })) parts.push(`-H ${header(name, value)}`);
  }
  // Otherwise curl adds a content type.
  if (body.length > 0 && !headers.some(([name]) => name.toLowerCase() === 'content-type'))
    parts.push("-H 'Content-Type:'");
  if (data.option) parts.push(data.option);
  return data.before + parts.join(' \\\n  ');
}

/**
 * The URL, and the target if curl would change it: `*` and bytes beyond ASCII. @param {Message} message @param {string}
 * [origin] @returns {{ url: string, target?: string }}
 */
function placeOf({ url = '/', headers }, origin) {
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
  const base = AUTHORITY.exec(url)?.[0] ?? origin ?? `https://${host || 'example.com'}`;
  const [target] = url.replace(AUTHORITY, '').split('#', 1); // a fragment is never sent
  if (target === '*' || (target.startsWith('/') && !PLAIN_TARGET.test(target))) return { url: `${base}/`, target };
  // curl adds a missing path itself.
  return { url: base + (target.startsWith('/') || AUTHORITY.test(url) ? '' : '/') + target };
}

/** Headers that curl sends itself, and a length that is not the body's: curl would wait for the rest. */
function isSentByCurl(name, value, { index, url, body }) {
  const own = name.toLowerCase();
  if (own === 'host') return index === 0 && AUTHORITY.exec(url)?.[1] === value;
  return own === 'content-length' && value !== String(body.length);
}

/** `Name;` makes curl send an empty value; `Name:` removes the header. */
function header(name, value) {
  return /^[ \t]*$/.test(value) ? quoted(`${name};`) : argument(`${name}: ${value}`);
}

/**
 * An argument with text from the head, whose characters are bytes. Bytes that are not UTF-8, and characters that a
 * terminal would act on, are written by printf.
 */
function argument(text) {
  const bytes = headBytes(text);
  const shown = utf8Text(bytes);
  if (shown !== undefined && !hasControls(shown)) return quoted(shown);
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

/**
 * A body that cannot be quoted or is too long for an argument comes through a pipe: `printf` is part of the shell.
 * @param {Uint8Array} body @param {{ base64?: boolean, file?: string }} options @returns {{ before: string, option?:
 * string }}
 */
function dataOf(body, { base64 = false, file }) {
  if (body.length === 0) return { before: '' };
  // --data drops line breaks, which would break the signature.
  if (file !== undefined) return { before: '', option: `--data-binary ${quoted(`@${file}`)}` };
  const text = base64 ? undefined : utf8Text(body);
  if (text === undefined || hasControls(text))
    return { before: `printf %s ${quoted(toBase64(body))} | base64 -d | `, option: '--data-binary @-' };
  if (body.length > LONGEST) return { before: `printf %s ${quoted(text)} | `, option: '--data-binary @-' };
  // A text that begins with @ would name a file.
  return { before: '', option: `${text.startsWith('@') ? '--data-raw' : '--data-binary'} ${quoted(text)}` };
}

/** A terminal would act on them when the command is pasted. A tab and a line feed are text. */
function hasControls(text) {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x7f || (code < 0x20 && code !== 0x09 && code !== 0x0a)) return true;
  }
  return false;
}

/** @param {string} text */
function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
