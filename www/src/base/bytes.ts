// Bytes and the ways to write them as text.

const PIECE = 0x8000; // a call with more arguments than this may end the stack

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** One character for each byte. `TextDecoder('latin1')` is no help: it reads windows-1252. */
export function latin1(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) parts.push(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
  return parts.join('');
}

/** The bytes of a text whose characters are bytes. */
export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of UTF-8, a byte order mark with it; undefined where it is no UTF-8. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** For people to read. */
export function readable(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(latin1(bytes));
}

export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The bytes of base64 or base64url, with or without padding, white space skipped; undefined where it is neither. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    return latin1Bytes(
      atob(
        text
          .replace(/\s+/g, '')
          .replace(/={1,2}$/, '')
          .replaceAll('-', '+')
          .replaceAll('_', '/'),
      ),
    );
  } catch {
    return undefined;
  }
}

/** Two digits a byte. */
export function toHex(bytes: Uint8Array, between = ''): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(between);
}

export function joined(parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
