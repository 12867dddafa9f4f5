// Smaller, by what the platform has.

import { joined } from '../base/bytes.js';
import { texts } from '../base/language.js';
import { Problem } from './problem.js';

const PIECE = 0x8000;

const t = texts({
  en: {
    old:
      'This browser is too old for links and packed files: it cannot pack or unpack them. Update it, or save and ' +
      'open the state as a file.',
  },
  'zh-CN': { old: '此浏览器版本过旧，无法打包或解开链接和压缩文件。请更新浏览器，或将状态保存为文件再打开。' },
});

/** Some browsers have the streams and do not know this format. */
export function canDeflate(): boolean {
  try {
    return [new CompressionStream('deflate-raw'), new DecompressionStream('deflate-raw')].length > 0;
  } catch {
    return false;
  }
}

export function tooOld(): Problem {
  return new Problem(t('old'));
}

export async function deflated(bytes: Uint8Array): Promise<Uint8Array> {
  return read(streamOf(bytes).pipeThrough(new CompressionStream('deflate-raw')), Infinity);
}

/** Thrown where more comes out than is taken. */
export class TooLarge extends Error {}

/**
 * Reads no further than `most` bytes: a few bytes can stand for gigabytes. Throws `TooLarge`, or what the platform
 * throws at broken data.
 */
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
