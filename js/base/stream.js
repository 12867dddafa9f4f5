// Reads streams.

import { joined } from './bytes.js';

/** All of a stream, or enough to exceed `maxBytes`. @param {ReadableStream<Uint8Array>} stream */
export async function collected(stream, maxBytes) {
  const reader = stream.getReader();
  const chunks = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    length += part.value.byteLength;
    if (length > maxBytes) {
      reader.cancel().catch(() => {}); // it is refused, even if cancelling fails
      break;
    }
  }
  return joined(chunks);
}
