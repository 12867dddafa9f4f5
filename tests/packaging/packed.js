// How many bytes a file is, as it is and compressed.

import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** As small as each can be, which is what is sent. */
export async function packed(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
  };
  const [zipped, brotli] = await Promise.all([
    promisify(gzip)(bytes, { level: 9 }),
    promisify(brotliCompress)(bytes, { params }),
  ]);
  return { raw: bytes.byteLength, gzip: zipped.byteLength, brotli: brotli.byteLength };
}
