// The same traffic to every server, over a socket: Node, Express, Fastify, Hono, Deno, Bun and a Worker in workerd.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { start } from './servers/start.js';
import { SECRETS, send, stripe, table } from './traffic-table.js';

const SERVERS = [
  ['node', 'node'],
  ['express', 'node'],
  ['fastify', 'node'],
  ['hono-node', 'node'],
  ['deno', 'deno'],
  ['hono-deno', 'deno'],
  ['bun', 'bun'],
  ['hono-bun', 'bun'],
  ['worker', 'workerd'],
  ['hono-worker', 'workerd'],
];

test('the servers of docs/adapters.md are these', () => {
  const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const shown = [...read('../../docs/adapters.md').matchAll(/^```js\n\/\/ ([\w-]+\.js)\n(.*?)^```/gms)];
  assert.ok(shown.length >= SERVERS.length - 2); // Hono's own on three runtimes are the same again
  for (const [, name, source] of shown) assert.equal(source, read(`servers/${name}`), name);
});

for (const [name, runtime] of SERVERS) {
  test(`${name}, on ${runtime}`, async (t) => {
    const server = await start(name, runtime, SECRETS);
    t.after(server.stop);
    let calls = 0;
    for (const { name: what, send: sent, expect } of table) {
      await t.test(what, async () => {
        const answer = await sent(server.port);
        if (expect === undefined) return;
        if (expect.handled) calls += 1;
        holds(answer, expect, calls);
      });
    }
    await t.test('of twenty copies at once, one is handled', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => send(server.port, stripe('evt_at_once'))));
      const of = (status, text) =>
        answers.filter((answer) => answer.status === status && answer.text.includes(text)).length;
      assert.equal(of(200, '"calls":'), 1);
      assert.equal(of(200, '"duplicate":true') + of(409, ':busy'), 19);
    });
  });
}

/** `calls` in an answer of the handler counts all of its calls: none was made for what was refused before. */
function holds(answer, { status, type, headers = {}, body = {}, errors, handled }, calls) {
  assert.equal(answer.status, status, answer.text);
  if (type) assert.equal(answer.headers['content-type'], type);
  for (const [name, value] of Object.entries(headers)) assert.equal(answer.headers[name], value);
  const document = type || Object.keys(body).length > 0 ? JSON.parse(answer.text) : {};
  for (const [name, value] of Object.entries(body)) assert.deepEqual(document[name], value);
  if (type === 'application/problem+json') assert.match(document.instance, /^urn:uuid:/);
  if (errors) assert.ok(document.errors.length > 0);
  if (handled && status !== 500) assert.equal(document.calls ?? JSON.parse(answer.text).calls, calls);
}
