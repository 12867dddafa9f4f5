/** What Content-Length says, of header pairs; nothing where it is not there or cannot be read. */
export function declaredBytes(headers) {
  for (const [name, value] of headers) {
    if (name.toLowerCase() === 'content-length' && /^\d+$/.test(value)) return Math.min(Number(value), Number.MAX_SAFE_INTEGER);
  }
  return undefined;
}
