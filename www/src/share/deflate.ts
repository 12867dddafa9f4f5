// Smaller, by what the platform has.

import { joined } from '../base/bytes.js';

const PIECE = 0x8000;

export async function deflated(bytes: Uint8Array): Promise<Uint8Array> {
  return read(streamOf(bytes).pipeThrough(new CompressionStream('deflate-raw')), Infinity);
}

/** Thrown where more comes out than is taken. */
export class TooLarge extends Error {}

/** Reads no further than `most` bytes: a few bytes can stand for gigabytes. Throws `TooLarge`, or what the platform throws at broken data. */
export async function inflated(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  return read(streamOf(bytes).pipeThrough(new DecompressionStream('deflate-raw')), most);
}

/** In pieces, so that no single step has much to give. */
function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(new Uint8Array(bytes.subarray(at, at + PIECE)));
      at += PIECE;
    },
  });
}

async function read(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(parts);
    total += value.length;
    if (total > most) {
      await reader.cancel().catch(() => undefined);
      throw new TooLarge();
    }
    parts.push(value);
  }
}
