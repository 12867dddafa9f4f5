// Decodes bytes that should be text.

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
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    throw new Unevaluated(`it is not UTF-8${utf16 ? ' but UTF-16' : ''}`, { file }, 'save it as UTF-8');
  }
}
