// Bytes and the two ways to write them as text: a head is Latin-1, one character a byte; a body is UTF-8 or base64.

const PIECE = 0x8000; // as many arguments as every engine takes
const LINE = /.{1,76}/g;

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

export function utf8Bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of bytes that are UTF-8, byte order mark and all; undefined when they are not. */
export function utf8(bytes: Uint8Array): string | undefined {
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

export function base64(bytes: Uint8Array): string {
  return btoa(latin1(bytes));
}

/** In lines, as a person looks at it. */
export function base64Lines(bytes: Uint8Array): string {
  return (base64(bytes).match(LINE) ?? []).join('\n');
}

/** White space is skipped; undefined when it is no base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    return latin1Bytes(atob(text));
  } catch {
    return undefined;
  }
}
