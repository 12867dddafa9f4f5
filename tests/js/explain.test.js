// The doctor through the module and on the command line: what is claimed is proved, and nothing secret is said.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { compile } from '../../pkg/node.js';
import { folder, run } from './setup.js';

const SECRET = 'replace-with-real-secret';
const NOW = 1717030000;
const URL_ = '/api/v1/customer-service/webhook';
const BODY = '{"message_id":"m-1","channel":"web","open_id":"u-1","content":"我要退款"}';
const bytes = (text) => new TextEncoder().encode(text);

async function signed(body = BODY) {
  const gate = await compile('sub2api', { keys: [{ secret: SECRET }] });
  const headers = { 'content-type': 'application/json' };
  return { gate, request: gate.sign({ method: 'POST', url: URL_, headers, body: bytes(body) }, { now: NOW }) };
}

test('a fault is named, proved and mended in every framework', async () => {
  const { gate, request } = await signed();
  const faults = {
    'body-newline-added': bytes(`${BODY}\n`),
    'body-reserialised': bytes(JSON.stringify(JSON.parse(BODY), null, 2)),
    'body-bom': bytes(`\ufeff${BODY}`),
  };
  for (const [id, body] of Object.entries(faults)) {
    const { causes, schemaVersion } = gate.explain({ ...request, body }, { now: NOW });
    assert.equal(schemaVersion, 1);
    assert.equal(causes[0]?.id, id);
    assert.ok(causes.every(({ proved }) => proved));
    assert.deepEqual(Object.keys(causes[0].mends).sort(), ['express', 'fastify', 'flask', 'go', 'hono', 'next', 'rails']);
  }
  gate.free();
});

test('a good request has nothing to explain, and tampering is never explained away', async () => {
  const { gate, request } = await signed();
  assert.deepEqual(gate.explain(request, { now: NOW }).causes, []);
  const tampered = gate.explain({ ...request, body: bytes(BODY.replace('退款', '退货')) }, { now: NOW });
  assert.deepEqual(tampered.causes, []);
  const said = JSON.stringify(tampered);
  assert.ok(!said.includes(SECRET) && !said.includes(request.headers.find(([name]) => name === 'x-cs-signature')[1]));
  gate.free();
});

test('a key in quotes is found, and not shown', async () => {
  const { gate, request } = await signed();
  const other = await compile('sub2api', { keys: [{ id: 'staging', secret: `${SECRET}x` }, { id: 'live', secret: `another-${SECRET}` }] });
  const { causes } = other.explain(request, { now: NOW });
  assert.ok(!JSON.stringify(causes).includes(SECRET));
  gate.free();
  other.free();
});

test('verify --explain says why', async (t) => {
  const cwd = folder(t);
  const { gate, request } = await signed();
  gate.free();
  const head = request.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  writeFileSync(join(cwd, 'a.http'), `POST ${URL_} HTTP/1.1\r\n${head}\r\n${BODY}\n`);
  const args = ['verify', '--contract', 'sub2api', '--key-env', 'KEY', '--now', String(NOW), '--explain', 'a.http'];
  const { code, stdout } = await run(args, { cwd, env: { KEY: SECRET } });
  assert.equal(code, 1);
  assert.match(stdout, /proved\[body-newline-added\]/);
  assert.match(stdout, /express/);
  assert.ok(!stdout.includes(SECRET));
});
