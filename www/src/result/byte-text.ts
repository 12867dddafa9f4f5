// Bytes as text that hides nothing: what does not print is shown by a sign, and what is no UTF-8 by its number.

import { readable } from '../base/bytes.js';

interface Piece {
  text: string;
  /**
   * `text`: as it stands. `sign`: stands for a byte or character that does not print. `break`: as `sign`, and the line
   * ends.
   */
  kind: 'text' | 'sign' | 'break';
  /** What a sign stands for, in technical terms: `LF`, `U+FEFF`, `0xFF`. */
  name?: string;
}

const SIGNS: Record<number, [string, string]> = {
  9: ['→', 'TAB'],
  10: ['␊', 'LF'],
  13: ['␍', 'CR'],
  32: ['·', 'SPACE'],
  127: ['␡', 'DEL'],
};
// Format characters, separators and spaces that look like none or like another, and private use.
const UNSEEN = /^[\p{Cf}\p{Zl}\p{Zp}\p{Cc}\p{Co}\p{Cn}\u00a0\u2000-\u200a\u202f\u205f\u3000\u115f\u1160\u3164\uffa0]$/u;
const hexadecimal = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');

export function pieces(bytes: Uint8Array): Piece[] {
  const found: Piece[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    const piece = length === 0 ? noText(bytes[at]!) : character(bytes.subarray(at, at + length));
    const last = found.at(-1);
    if (piece.kind === 'text' && last?.kind === 'text') last.text += piece.text;
    else found.push(piece);
    at += Math.max(length, 1);
  }
  return found;
}

function noText(byte: number): Piece {
  return { text: `\\x${hexadecimal(byte, 2)}`, kind: 'sign', name: `0x${hexadecimal(byte, 2)}` };
}

function character(bytes: Uint8Array): Piece {
  const text = bytes.length === 1 ? String.fromCharCode(bytes[0]!) : readable(bytes);
  const code = text.codePointAt(0)!;
  const sign = SIGNS[code];
  if (sign) return { text: sign[0], kind: code === 0x0a ? 'break' : 'sign', name: sign[1] };
  if (code < 0x20) return { text: String.fromCharCode(0x2400 + code), kind: 'sign', name: `0x${hexadecimal(code, 2)}` };
  if (code >= 0x80 && UNSEEN.test(text))
    return { text: `U+${hexadecimal(code, 4)}`, kind: 'sign', name: `U+${hexadecimal(code, 4)}` };
  return { text, kind: 'text' };
}

/** How many bytes the character of UTF-8 has that begins here; 0 where none does. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 0;
  for (let next = 1; next < length; next += 1) if ((bytes[at + next] ?? 0) >> 6 !== 2) return 0;
  const second = bytes[at + 1] ?? 0;
  const overlong = (lead === 0xe0 && second < 0xa0) || (lead === 0xf0 && second < 0x90);
  const surrogate = lead === 0xed && second >= 0xa0;
  const beyond = lead === 0xf4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

/** One byte in words: `20 (space)`, `22 (")`, `ff`. */
export function byteWord(byte: number, named: (name: string) => string): string {
  const hex = byte.toString(16).padStart(2, '0');
  const sign = SIGNS[byte];
  if (sign) return `${hex} (${named(sign[1])})`;
  return byte > 0x20 && byte < 0x7f ? `${hex} (${String.fromCharCode(byte)})` : hex;
}

/** The nearest place at or before `at` where no character of UTF-8 is cut. */
export function betweenCharacters(bytes: Uint8Array, at: number): number {
  for (let back = 0; back < 4 && at - back > 0; back += 1) {
    const byte = bytes[at - back];
    if (byte === undefined || byte < 0x80 || byte >= 0xc0) return at - back;
  }
  return Math.max(at, 0);
}
