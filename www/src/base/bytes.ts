// Conversions of bytes to text that only the page needs; the others are in the package.

import { toBase64 } from '../../../pkg/base/bytes.js';

export {
  fromBase64,
  joined,
  latin1,
  latin1Bytes,
  readable,
  toBase64,
  utf8,
  utf8Text,
} from '../../../pkg/base/bytes.js';

export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Two digits a byte. */
export function toHex(bytes: Uint8Array, between = ''): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(between);
}
