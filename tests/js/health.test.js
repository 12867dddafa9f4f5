// The function of coze-health-answer's README: it names a fallback whenever the bot is not well, whatever comes back.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { ROOT } from './setup.js';
import { home } from './shell.js';

const README = readFileSync(join(ROOT, 'policies/webhook/coze-health-answer/README.md'), 'utf8');
const [, source] = /^```js\n(.*?)^```/ms.exec(README);
mkdirSync(join(home, 'node_modules'));
symlinkSync(join(ROOT, 'pkg'), join(home, 'node_modules', 'countersign'));
const file = join(home, 'fallback.mjs');
writeFileSync(file, source);
const { fallback } = await import(pathToFileURL(file));

const BACKUP = { fallback: 'backup-bot', switchMilliseconds: 200 };
const CACHE = { fallback: 'cached-answers', switchMilliseconds: 50 };
const json = { 'content-type': 'application/json' };
/** path: [status, body, headers, what to fall back to] */
const ANSWERS = {
  '/well': [200, '{"health":true}', json, undefined],
  '/unlisted': [200, '{"health":true,"status":"starting"}', json, undefined],
  '/unhealthy': [200, '{"health":false}', json, BACKUP],
  '/degraded': [200, '{"health":false,"status":"degraded"}', json, CACHE],
  '/busy': [429, '{"code":"RATE_LIMITED"}', { ...json, 'retry-after': '1' }, BACKUP],
  '/missing': [404, '{"code":"NOT_FOUND"}', json, BACKUP],
  '/failed': [500, '{"error":"internal"}', json, BACKUP],
  '/empty': [500, '', {}, BACKUP],
  '/nothing': [204, '', {}, BACKUP],
  '/page': [502, '<html>502</html>', { 'content-type': 'text/html' }, BACKUP],
  '/text': [200, 'ok', { 'content-type': 'text/plain' }, BACKUP],
  '/cut': [200, '{"health":', json, BACKUP],
  '/list': [200, '[]', json, BACKUP],
};

test('what it falls back to', async (t) => {
  const server = createServer(({ url }, response) => {
    if (url === '/broken') return response.destroy();
    const [status, body, headers] = ANSWERS[url] ?? [];
    if (status) response.writeHead(status, headers).end(body);
    // Anything else has no answer.
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  const base = `http://127.0.0.1:${server.address().port}`;
  for (const [path, [, , , wanted]] of Object.entries(ANSWERS))
    assert.deepEqual(await fallback(`${base}${path}`), wanted, path);
  assert.deepEqual(await fallback(`${base}/broken`), BACKUP);
  assert.deepEqual(await fallback(`${base}/never`, { milliseconds: 50 }), BACKUP);
});
