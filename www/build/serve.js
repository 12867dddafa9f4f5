// A small server for a folder of built files: `node www/build/serve.js FOLDER`. It sends no policy, so only the page's
// own applies.

import { once } from 'node:events';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};
const PACKERS = {
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (bytes) => promisify(gzip)(bytes),
};

/**
 * @param {string} folder
 * @param {{ host?: string, port?: number }} [options] port 0: any that is free
 * @returns {Promise<{ url: string, requests: { method: string, url: string }[], stop(): Promise<void> }>} `requests`
 * grows with each one
 */
export async function serve(folder, { host = '127.0.0.1', port = 0 } = {}) {
  const home = realpathSync(folder);
  const requests = [];
  const packed = new Map();
  const server = createServer((request, response) => {
    requests.push({ method: request.method, url: request.url });
    answer(request, response).catch((error) => {
      console.error(error);
      response.destroy();
    });
  });

  async function answer({ method, url, headers }, response) {
    if (method !== 'GET' && method !== 'HEAD') return response.writeHead(405, { allow: 'GET, HEAD' }).end();
    const path = fileOf(home, url);
    if (!path) return response.writeHead(404, { 'content-type': TYPES['.txt'] }).end('not found\n');
    const encoding = encodingFor(path, headers['accept-encoding']);
    const body = await contentOf(path, encoding);
    response.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-length': body.length,
      // Names below assets/ hold a hash of the content.
      'cache-control': path.startsWith(join(home, 'assets') + sep) ? 'public, max-age=31536000, immutable' : 'no-cache',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
      ...(encoding && { 'content-encoding': encoding }),
    });
    return response.end(method === 'HEAD' ? undefined : body);
  }

  /** Packed once, until the file changes. */
  function contentOf(path, encoding) {
    if (!encoding) return readFileSync(path);
    const key = `${encoding} ${statSync(path).mtimeMs} ${path}`;
    if (!packed.has(key)) packed.set(key, PACKERS[encoding](readFileSync(path)));
    return packed.get(key);
  }

  await once(server.listen(port, host), 'listening');
  const stop = async () => {
    server.closeAllConnections();
    await promisify(server.close.bind(server))();
  };
  return { url: `http://${host}:${server.address().port}/`, requests, stop };
}

/**
 * The file for a request, or undefined if it does not exist, is outside the folder, or is only for the host
 * (`_headers`, dot files).
 */
function fileOf(home, url) {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, ''));
    if (/[\\\0]|\/[._]/.test(path)) return undefined;
    const real = realpathSync(join(home, path.endsWith('/') ? `${path}index.html` : path));
    return real.startsWith(home + sep) && statSync(real).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

function encodingFor(path, accepted = '') {
  const offered = accepted
    .split(',')
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(';')[0].trim());
  return extname(path) === '.png' ? undefined : ['br', 'gzip'].find((name) => offered.includes(name));
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const { url } = await serve(process.argv[2] ?? 'www/dist', { port: Number(process.env.PORT ?? 8088) });
  console.log(`${url} (Ctrl+C ends it)`);
}
