// What proofs are written in.

import { toBase64, utf8 } from '../base/bytes.js';

/** Base64url without padding (RFC 7515, section 2). @param {Uint8Array} bytes */
export function base64Url(bytes) {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @param {string} text */
export async function sha256(text) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text)));
}
