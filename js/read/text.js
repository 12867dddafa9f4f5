// Decodes bytes that should be text.

import { utf8 } from '../base/bytes.js';
import { Unevaluated } from './unevaluated.js';

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Removes a byte order mark. Text that is not UTF-8 is refused: otherwise replacement characters would be checked
 * instead of the real ones. @param {Uint8Array} bytes @param {string} file its name, for the message
 */
export function decode(bytes, file) {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new Unevaluated(`it is not UTF-8${utf16Of(bytes) ? ' but UTF-16' : ''}`, { file }, 'save it as UTF-8');
  }
}

/**
 * Text of JSON, which PowerShell's `>` writes as UTF-16 with a byte order mark; and its bytes in UTF-8, without a mark.
 * @param {Uint8Array} bytes @param {string} file
 */
export function decodeJson(bytes, file) {
  const encoding = utf16Of(bytes);
  const text = encoding ? decodeAs(encoding, bytes, file) : decode(bytes, file);
  return { text, bytes: encoding || hasMark(bytes) ? utf8(text) : bytes };
}

function decodeAs(encoding, bytes, file) {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Unevaluated('it begins as UTF-16 and is none', { file }, 'save it as UTF-8');
  }
}

function utf16Of([first, second]) {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

function hasMark(bytes) {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
