// The client where it runs: Node, Deno, Bun, workerd and Chromium, each against a real server.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { compile, loadRegistry } from '../../pkg/node.js';
import { bundledPage, bundledWorker } from './bundled.js';
import { executablePath, NO_CHROMIUM, opened } from './chromium.js';
import { hooksAt } from './client/hooks.js';
import { installed, PACKAGE, ROOT } from './installed.js';
import { COMMANDS } from './servers/start.js';
import { start } from './workerd.js';

const EXPECTED = {
  busy: [200, 'hello', [1000, 1000, 1000, 1000, 1000]],
  down: [200, 'hello'],
  cut: [200, 'hello'],
  late: ['TimeoutError', 'no answer came within 50 ms'],
  left: ['Error', 'left'],
  stream: [429, 'Server limit reached'],
  open: [429, 'CircuitOpenError'],
  delivery: ['done', 'received', 200],
  dpop: [200, 'accept', 302],
  pkce: [true, 43],
};

/** What lets a page of another origin call and read the headers. */
const CROSS_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'authorization, content-type, dpop, x-webhook-sign',
  'access-control-expose-headers': '*',
};

/** A server for the calls of one runtime; `came` counts the requests by path. */
async function server(t) {
  const came = {};
  const gate = await compile('coze-dpop');
  const refuse = (response, headers) => response.writeHead(429, headers).end('Server limit reached');
  const answers = {
    busy: (_, response, count) => (count <= 5 ? refuse(response, { 'retry-after': '1' }) : response.end('hello')),
    down: (_, response, count) => (count <= 2 ? response.writeHead(503).end() : response.end('hello')),
    cut: (request, response, count) => (count <= 1 ? request.socket.destroy() : response.end('hello')),
    never: () => {},
    later: (_, response) => refuse(response, { 'retry-after': '100' }),
    silent: (_, response) => refuse(response, {}),
    moved: (_, response) => response.writeHead(302, { location: '/pkce' }).end(),
    async hook(request, response, _, body) {
      const registry = await loadRegistry(...hooksAt(`${base}hook`));
      const { method, url, headersDistinct: headers } = request;
      response.writeHead(registry.check({ method, url: base + url.slice(1), headers, body }).answer.status).end();
    },
    dpop(request, response) {
      const { nonce } = JSON.parse(Buffer.from(request.headers.dpop.split('.')[1], 'base64url'));
      if (nonce !== 'n-1')
        return response
          .writeHead(401, { 'dpop-nonce': 'n-1', 'www-authenticate': 'DPoP error="use_dpop_nonce"' })
          .end();
      const { method, url, headersDistinct: headers } = request;
      const verdict = gate.check({ method, url: base + url.slice(1), headers, body: new Uint8Array() });
      response.writeHead(verdict.status).end(verdict.verdict);
    },
  };
  const listening = createServer(async (request, response) => {
    for (const [name, value] of Object.entries(CROSS_ORIGIN)) response.setHeader(name, value);
    if (request.method === 'OPTIONS') return response.writeHead(204).end();
    const body = Buffer.concat(await request.toArray());
    const name = /^\/(\w+)/.exec(request.url)[1];
    answers[name](request, response, (came[name] = (came[name] ?? 0) + 1), body);
  });
  await new Promise((resolve) => listening.listen(0, '127.0.0.1', resolve));
  t.after(() => listening.close().closeAllConnections());
  const base = `http://127.0.0.1:${listening.address().port}/`;
  return { base, came };
}

function project(t) {
  const home = installed(t, []);
  cpSync(join(ROOT, 'tests/edge/client'), home, { recursive: true });
  return home;
}

function holds(told, came, expected = EXPECTED, later = 2) {
  assert.deepEqual(told, expected);
  assert.deepEqual(came, {
    ...{ busy: 6, down: 3, cut: 2, never: 1, later, silent: 1 },
    ...{ hook: 1, dpop: 2, moved: 1 },
  });
}

for (const runtime of ['node', 'deno', 'bun']) {
  test(`the client on ${runtime}`, async (t) => {
    const { base, came } = await server(t);
    const home = project(t);
    const [command, args] = COMMANDS[runtime](join(home, 'program.js'));
    const { stdout } = await promisify(execFile)(command, [...args, base], { cwd: home });
    holds(JSON.parse(stdout), came);
  });
}

test('the client on workerd', async (t) => {
  const { base, came } = await server(t);
  const modules = await bundledWorker(join(project(t), 'worker.js'));
  const { url, stop } = await start({ modules, outbound: true });
  t.after(stop);
  holds(await (await fetch(`${url}?base=${encodeURIComponent(base)}`)).json(), came);
});

test('the client in Chromium', { skip: executablePath === undefined && NO_CHROMIUM }, async (t) => {
  const { base, came } = await server(t);
  const { page, stop } = await opened({
    '/': ['text/html', '<!doctype html><title>client</title>'],
    '/calls.js': ['text/javascript', await bundledPage(join(project(t), 'calls.js'))],
    '/core_bg.wasm': ['application/wasm', readFileSync(join(PACKAGE, 'core_bg.wasm'))],
  });
  t.after(stop);
  // Chromium streams bodies over HTTP/2 alone.
  const { stream, ...told } = await page.evaluate(async (address) => (await import('/calls.js')).told(address), base);
  assert.match(stream, /Failed to fetch/);
  const { stream: _, ...expected } = EXPECTED;
  // A page does not see the status of a redirect.
  holds(told, came, { ...expected, dpop: [200, 'accept', 0] }, 1);
});
