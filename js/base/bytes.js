// Conversions between bytes and text, for every runtime.

const PIECE = 0x8000; // a call with more arguments may overflow the stack

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * One character for each byte. `TextDecoder('latin1')` does not work: it decodes windows-1252. @param {Uint8Array}
 * bytes
 */
export function latin1(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += PIECE) parts.push(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
  return parts.join('');
}

/**
 * The bytes of a text whose characters are bytes.
 * @param {string} text
 */
export function latin1Bytes(text) {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** @param {string} text */
export function utf8(text) {
  return encoder.encode(text);
}

/**
 * Decodes UTF-8 and keeps a byte order mark. Returns undefined if the bytes are not UTF-8. @param {Uint8Array} bytes
 */
export function utf8Text(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * For people to read.
 * @param {Uint8Array} bytes
 */
export function readable(bytes) {
  return lenient.decode(bytes);
}

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
  return btoa(latin1(bytes));
}

/**
 * The bytes of base64 or base64url, with or without padding, white space skipped; undefined if it is neither.
 * @param {string} text
 */
export function fromBase64(text) {
  try {
    return latin1Bytes(atob(plain(text).replace(/={1,2}$/, '')));
  } catch {
    return undefined;
  }
}

/** @param {string} text */
function plain(text) {
  return text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
}

/** @param {Uint8Array[]} parts */
export function joined(parts) {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
