// Whether a key stands in a text, however it is written there.

import { fromBase64, toBase64, toBase64Url, toHex, utf8, utf8Text } from '../base/bytes.js';

const SHORTEST = 4; // a shorter key stands everywhere
const SHORTEST_ENCODED = 6;

/**
 * A function that says whether a text holds one of the keys: verbatim, in base64, base64url or hex, percent-encoded or
 * escaped.
 */
export function keySearch(keys: (string | Uint8Array)[]): (text: string) => boolean {
  const needles = [...new Set(keys.flatMap(needlesOf))];
  if (needles.length === 0) return () => false;
  return (text) =>
    readings(text).some((reading) => {
      // Base64 is broken into lines by some, and a PEM always.
      const plain = [reading, reading.replace(/\s+/g, '')];
      const [lower, hexKeys] = [plain.map((one) => one.toLowerCase()), needles.filter(isHex)];
      return (
        needles.some((needle) => plain.some((one) => one.includes(needle))) ||
        hexKeys.some((needle) => lower.some((one) => one.includes(needle.toLowerCase())))
      );
    });
}

function isHex(text: string): boolean {
  return text.length >= 16 && /^[0-9a-fA-F]+$/.test(text);
}

function needlesOf(key: string | Uint8Array): string[] {
  const texts = typeof key === 'string' ? [key, key.trim(), key.trim().replace(/^[a-z]{2,10}_(?=.{8})/, '')] : [];
  const decoded = texts.flatMap((text) => [
    /^[\w+/-]{12,}={0,2}$/.test(text) ? fromBase64(text) : undefined,
    hexBytes(text),
  ]);
  const bytes = [
    ...(typeof key === 'string' ? [] : [key]),
    ...texts.map(utf8),
    ...decoded.filter((one) => one !== undefined),
  ];
  const written = [...texts, ...bytes.map((one) => utf8Text(one) ?? '')];
  const verbatim = written
    .flatMap((text) => [text, text.replace(/\s+/g, '')])
    .filter(({ length }) => length >= SHORTEST);
  const encoded = bytes.filter(({ length }) => length >= SHORTEST).flatMap((one) => [...base64Cores(one), toHex(one)]);
  return [...verbatim, ...encoded.filter(({ length }) => length >= SHORTEST_ENCODED)];
}

/**
 * What base64 makes of the bytes wherever they stand in others: the first and last characters depend on the neighbours.
 */
function base64Cores(bytes: Uint8Array): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const padded = new Uint8Array(shift + bytes.length);
    padded.set(bytes, shift);
    const from = Math.ceil((shift * 8) / 6);
    const to = Math.floor(((shift + bytes.length) * 8) / 6);
    return [toBase64(padded), toBase64Url(padded)].map((text) => text.slice(from, to));
  });
}

function hexBytes(text: string): Uint8Array | undefined {
  if (!/^(?:[0-9a-fA-F]{2}){6,}$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** The text, and what it says where escapes and percent-encoding are read, one in the other too. */
function readings(text: string): string[] {
  const found = new Set([text]);
  for (let depth = 0; depth < 2; depth += 1)
    for (const one of [...found]) [unescaped(one), percentDecoded(one)].forEach((reading) => found.add(reading));
  return [...found];
}

const ESCAPED: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs,
    (_, four?: string, two?: string, letter = '') => {
      const code = four ?? two;
      return code === undefined ? (ESCAPED[letter] ?? letter) : String.fromCharCode(parseInt(code, 16));
    },
  );
}

/** Run by run, so that one that is no UTF-8 leaves the others. */
function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run.replace(/%([0-7][0-9a-fA-F])/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
    }
  });
}
