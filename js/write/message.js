// Writes a message as raw HTTP/1.1.

import { joined, latin1, latin1Bytes, utf8 } from '../base/bytes.js';

/**
 * @typedef {object} Message a request, or a response if it has a `status` @property {string} [method] @property
 * {string} [url] @property {number} [status] @property {string} [reason] of a response @property {[string, string][]}
 * headers @property {Uint8Array} body
 */

/**
 * Start line, headers and the empty line; nothing is added. Line breaks in values are removed: one would start a new
 * header. @param {Omit<Message, 'body'>} message @param {'\n' | '\r\n'} lineBreak
 */
export function headText({ method = 'POST', url, status, reason, headers }, lineBreak) {
  const start = status === undefined ? `${method} ${oneWord(url || '/')} HTTP/1.1` : statusLine(status, reason);
  const lines = [start, ...headers.map(([name, value]) => `${name}: ${value}`)].map(oneLine);
  return lines.map((line) => line + lineBreak).join('') + lineBreak;
}

/** The bytes as they are sent. @param {Message} message */
export function messageBytes(message) {
  return joined([headBytes(headText(message, '\r\n')), message.body]);
}

/** @param {number} status @param {string} [reason] */
function statusLine(status, reason) {
  return reason === undefined ? `HTTP/1.1 ${status}` : `HTTP/1.1 ${status} ${reason}`;
}

/** @param {string} url */
function oneWord(url) {
  return url.replace(/\s+/g, encodeURIComponent);
}

/** @param {string} text */
function oneLine(text) {
  return text.replace(/[\r\n]+/g, ' ');
}

/** Each character of a head is a byte; if one is not, the head is written as UTF-8. @param {string} text */
export function headBytes(text) {
  return isBytes(text) ? latin1Bytes(text) : utf8(text);
}

/**
 * The name or value of a header with one character for each byte.
 * @param {string} text
 */
export function byteText(text) {
  return isBytes(text) ? text : latin1(utf8(text));
}

/** @param {string} text */
export function isBytes(text) {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0xff) return false;
  return true;
}
