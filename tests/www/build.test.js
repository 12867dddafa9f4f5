// The build: what it writes around a page, and the server that shows it.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { build } from 'vite';

import { POLICY } from '../../www/build/policy.js';
import { serve } from '../../www/build/serve.js';
import { serviceWorker } from '../../www/build/service-worker.js';

const WWW = fileURLToPath(new URL('../../www/', import.meta.url));
const SOURCE = join(WWW, 'src/offline/sw.ts');
const home = mkdtempSync(join(tmpdir(), 'countersign-www-'));
const dist = join(home, 'dist');
const INDEX = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>t</title><script type="module" src="./main.js"></script></head>
<body></body>
</html>`;

// A page as small as can be, by the configuration of the real one.
writeFileSync(join(home, 'index.html'), INDEX);
writeFileSync(join(home, 'main.js'), "import url from 'virtual:data'; import './main.css'; globalThis.found = url;");
writeFileSync(join(home, 'main.css'), 'body { margin: 0 }');
mkdirSync(join(home, 'public'));
writeFileSync(join(home, 'public/icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
await build({ root: home, configFile: join(WWW, 'vite.config.ts'), logLevel: 'error', build: { outDir: dist } });
const written = readdirSync(dist, { recursive: true })
  .filter((name) => statSync(join(dist, name)).isFile())
  .sort();
const read = (name) => readFileSync(join(dist, name), 'utf8');
const server = await serve(dist, { port: 0 });

after(async () => {
  await server.stop();
  rmSync(home, { recursive: true });
});

test('every asset has a hash in its name, and data.json is one', () => {
  const assets = written.filter((name) => name.startsWith('assets/'));
  const hashless = assets.map((name) => name.replace(/-[\w-]{8}\./, '-HASH.')).sort();
  assert.deepEqual(hashless, ['assets/data-HASH.json', 'assets/index-HASH.css', 'assets/index-HASH.js']);
  assert.deepEqual(
    written.filter((name) => !assets.includes(name)),
    ['_headers', 'icon.svg', 'index.html', 'sw.js'],
  );
  const [data, script] = ['.json', '.js'].map((ending) => assets.find((name) => name.endsWith(ending)));
  assert.equal(typeof JSON.parse(read(data)).version, 'string');
  assert.ok(read(script).includes(data.slice('assets/'.length)));
});

test('the policy stands before everything else, and nothing inline needs more', () => {
  const html = read('index.html');
  const [, found] = /<head>\s*<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html) ?? [];
  assert.equal(found?.replaceAll('&#39;', "'"), POLICY);
  assert.doesNotMatch(html, /<script(?![^>]* src=)/);
  assert.doesNotMatch(html, /(src|href)="\//, 'below a path, no address begins at the host');
});

test('the headers for hosts say the same policy', () => {
  assert.match(read('_headers'), /^\/\*\n {2}Content-Security-Policy: .*; frame-ancestors 'none'\n/);
  assert.ok(read('_headers').includes(POLICY));
  assert.doesNotMatch(POLICY, /https?:|\*|'unsafe-eval'/);
});

test('the service worker names every file that is served, with its hash', () => {
  const kept = written.filter((name) => !['_headers', 'sw.js'].includes(name));
  for (const name of kept) {
    const integrity = `sha256-${createHash('sha256')
      .update(readFileSync(join(dist, name)))
      .digest('base64')}`;
    assert.ok(read('sw.js').includes(JSON.stringify([name === 'index.html' ? '' : name, integrity])), name);
  }
  assert.equal(read('sw.js').match(/sha256-/g).length, kept.length);
});

test('the version changes with each file and with nothing else', async () => {
  const version = async (files) => /[0-9a-f]{16}(?=["'`])/.exec(await serviceWorker(SOURCE, files))[0];
  const files = { 'index.html': Buffer.from('a'), 'b.js': Buffer.from('b') };
  const first = await version(files);
  assert.equal(await version({ ...files }), first);
  assert.notEqual(await version({ ...files, 'b.js': Buffer.from('c') }), first);
  assert.notEqual(await version({ ...files, 'c.js': Buffer.from('b') }), first);
});

test('the worker keeps all files or none, answers from them alone, and removes only its own older ones', async () => {
  const files = { 'index.html': Buffer.from('page'), 'assets/a.js': Buffer.from('a') };
  const worker = await running(await serviceWorker(SOURCE, files));
  worker.store.set('countersign:https://h.example/play/:old', new Map()).set('of somebody else', new Map());
  worker.offer('https://h.example/play/assets/a.js', 'a');
  await assert.rejects(worker.send('install'), /cannot load https:\/\/h\.example\/play\/$/);
  assert.equal(worker.store.size, 2, 'a failed installation leaves nothing');
  worker.offer('https://h.example/play/', 'page');
  await worker.send('install');
  await worker.send('activate');
  const names = [...worker.store.keys()].map((name) => name.replace(/[0-9a-f]{16}$/, 'VERSION'));
  assert.deepEqual(names, ['of somebody else', 'countersign:https://h.example/play/:VERSION']);
  const answers = [
    [{ url: 'https://h.example/play/', mode: 'navigate' }, 'page'],
    [{ url: 'https://h.example/play/?from=mail', mode: 'navigate' }, 'page'],
    [{ url: 'https://h.example/play/assets/a.js', mode: 'cors' }, 'a'],
    [{ url: 'https://h.example/play/deep/down', mode: 'navigate' }, 'to https://h.example/play/'],
    [{ url: 'https://h.example/play/assets/b.js', mode: 'cors' }, 'error'],
    [{ url: 'https://elsewhere.example/', mode: 'no-cors' }, 'error'],
    [{ url: 'https://h.example/play/assets/a.js', mode: 'cors', method: 'POST' }, 'error'],
  ];
  for (const [request, wanted] of answers) assert.equal(await worker.ask(request), wanted, request.url);
});

const SERVED = [
  ['/', 200, 'text/html; charset=utf-8', 'no-cache'],
  ['/index.html?x=1', 200, 'text/html; charset=utf-8', 'no-cache'],
  ['/sw.js', 200, 'text/javascript; charset=utf-8', 'no-cache'],
  ['/icon.svg', 200, 'image/svg+xml', 'no-cache'],
  [
    `/${written.find((name) => name.endsWith('.json'))}`,
    200,
    'application/json',
    'public, max-age=31536000, immutable',
  ],
  ['/engine.wasm', 200, 'application/wasm', 'no-cache'],
  ['/assets', 404],
  ['/assets/', 404],
  ['/_headers', 404],
  ['/.secret', 404],
  ['/missing.js', 404],
  ['/outside.txt', 404],
  ['/%', 404],
  ['/%2e%2e/main.js', 404],
  ['/..%2fmain.js', 404],
  ['/../main.js', 404],
  ['/..\\main.js', 404],
  ['//main.js', 404],
];

writeFileSync(join(dist, 'engine.wasm'), 'w');
writeFileSync(join(dist, '.secret'), 's');
symlinkSync(join(home, 'main.js'), join(dist, 'outside.txt'));

for (const [path, status, type, cached] of SERVED) {
  test(`the server answers ${path} with ${status}`, async () => {
    const answer = await raw(`GET ${path} HTTP/1.1`);
    assert.equal(Number(answer.slice(9, 12)), status);
    assert.deepEqual(server.requests.at(-1), { method: 'GET', url: path });
    if (status !== 200) return;
    assert.equal(/^content-type: (.*?)\r$/m.exec(answer)[1], type);
    assert.equal(/^cache-control: (.*?)\r$/m.exec(answer)[1], cached);
  });
}

test('the server packs what it may, and takes GET and HEAD alone', async () => {
  const plain = readFileSync(join(dist, 'index.html'));
  const accepts = [
    ['gzip, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ['identity', undefined, (bytes) => bytes],
  ];
  for (const [accepted, encoding, unpacked] of accepts) {
    const answer = await raw('GET / HTTP/1.1', [`accept-encoding: ${accepted}`], 'latin1');
    assert.equal(/^content-encoding: (.*?)\r$/m.exec(answer)?.[1], encoding);
    assert.deepEqual(unpacked(Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1')), plain);
  }
  assert.match(await raw('HEAD / HTTP/1.1'), /\r\n\r\n$/);
  assert.match(await raw('POST / HTTP/1.1', ['content-length: 0']), /^HTTP\/1\.1 405 /);
});

/** As it stands: `fetch` would tidy the path. */
function raw(line, headers = [], encoding = 'utf8') {
  return new Promise((resolve, reject) => {
    const chunks = [];
    const text = [line, 'host: h', 'connection: close', ...headers, '', ''].join('\r\n');
    const socket = connect(new URL(server.url).port, '127.0.0.1', () => socket.write(text));
    socket
      .on('data', (chunk) => chunks.push(chunk))
      .on('end', () => resolve(Buffer.concat(chunks).toString(encoding)))
      .on('error', reject);
  });
}

/** The worker's script with caches of its own, and a network that has what is offered. */
async function running(code) {
  const scope = 'https://h.example/play/';
  const listeners = {};
  const store = new Map();
  const network = new Map();
  const cacheOf = (kept) => ({
    async addAll(requests) {
      for (const { url } of requests) if (!network.has(url)) throw new TypeError(`cannot load ${url}`);
      for (const { url } of requests) kept.set(url, network.get(url));
    },
    match: async ({ url, method = 'GET' }) => (method === 'GET' ? kept.get(url.replace(/\?.*/, '')) : undefined),
  });
  const caches = {
    open: async (name) => cacheOf(store.get(name) ?? store.set(name, new Map()).get(name)),
    keys: async () => [...store.keys()],
    delete: async (name) => store.delete(name),
  };
  const self = {
    registration: { scope },
    addEventListener: (type, listener) => {
      listeners[type] = listener;
    },
  };
  class Request {
    constructor(url) {
      this.url = String(url);
    }
  }
  const Response = { redirect: (url) => `to ${url}`, error: () => 'error' };
  vm.runInNewContext(code, { self, caches, URL, Request, Response });
  const event = (type, more) =>
    new Promise((resolve, reject) => {
      const settle = (work) => Promise.resolve(work).then(resolve, reject);
      listeners[type]({ waitUntil: settle, respondWith: settle, ...more });
    });
  const ask = (request) => event('fetch', { request: { method: 'GET', ...request } });
  return { store, offer: (url, content) => network.set(url, content), send: (type) => event(type), ask };
}
