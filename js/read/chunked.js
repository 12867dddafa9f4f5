// The body of a message with `Transfer-Encoding: chunked` (RFC 9112, 7.1), as it goes over the wire: each chunk behind
// a line with its length.

const LINE = /^([\da-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?$/i;
const LONGEST = 1000; // a length with its extensions
const LF = 0x0a;
const CR = 0x0d;

/**
 * The bytes of the chunks, and where the body ends. Undefined if it is not in chunks, and `cut` if they are not whole.
 * @param {Uint8Array} bytes
 * @returns {{ body: Uint8Array, end: number, trailers: boolean } | 'cut' | undefined}
 */
export function dechunked(bytes) {
  const chunks = [];
  let at = 0;
  for (;;) {
    const line = lineAt(bytes, at);
    const [, hex] = LINE.exec(line?.text ?? '') ?? [];
    if (line === undefined || hex === undefined) return at === 0 ? undefined : 'cut';
    const length = Number.parseInt(hex, 16);
    if (length === 0) return ended(bytes, line.next, chunks);
    const end = line.next + length;
    if (end >= bytes.length) return 'cut';
    chunks.push(bytes.subarray(line.next, end));
    at = bytes[end] === CR ? end + 1 : end;
    if (bytes[at] !== LF) return 'cut';
    at += 1;
  }
}

/** After the last chunk: an empty line, which an editor may have dropped at the end of the file; or trailers before it. */
function ended(bytes, start, chunks) {
  let at = start;
  let line = lineAt(bytes, at);
  while (line !== undefined && line.text.trim() !== '') {
    at = line.next;
    line = lineAt(bytes, at);
  }
  return { body: joined(chunks), end: line?.next ?? bytes.length, trailers: at > start };
}

/** A line that a line feed ends, or the rest. */
function lineAt(bytes, start) {
  if (start >= bytes.length) return undefined;
  const end = bytes.indexOf(LF, start);
  const to = end === -1 ? bytes.length : end;
  const text = String.fromCharCode(...bytes.subarray(start, Math.min(to, start + LONGEST)));
  return { text, next: end === -1 ? to : end + 1 };
}

function joined(chunks) {
  const body = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
