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
    assert.deepEqual(Object.keys(causes[0].mends).sort(), [
      'express',
      'fastify',
      'flask',
      'go',
      'hono',
      'next',
      'rails',
    ]);
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

test('another key is found where it is named, lets nothing pass, and is not shown', async () => {
  const { gate, request } = await signed();
  const other = await compile('sub2api', { keys: [{ id: 'staging', secret: `another-${SECRET}` }] });
  const otherKeys = [
    { id: 'old', secret: `old-${SECRET}` },
    { id: 'live', secret: SECRET },
  ];
  assert.deepEqual(other.explain(request, { now: NOW }).causes, []);
  const { causes, holds } = other.explain(request, { now: NOW, otherKeys });
  assert.equal(holds, false);
  assert.deepEqual(
    causes.map(({ id, at }) => [id, at]),
    [['key-other', 'otherKeys/1']],
  );
  assert.match(causes[0].message, /`live`/);
  assert.equal(other.check(request, { now: NOW }).verdict, 'reject');
  assert.ok(!JSON.stringify(causes).includes(SECRET));
  assert.throws(
    () => other.explain(request, { otherKeys: [{ secret: 'short' }] }),
    ({ code, at }) => code === 'key-short' && at === 'otherKeys/0',
  );
  assert.throws(() => other.explain(request, { otherKeys: SECRET }), TypeError);
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

/** A recording of a request, as it stands. */
function record(path, { url, headers, body }) {
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  writeFileSync(
    path,
    Buffer.concat([Buffer.from(`POST ${url} HTTP/1.1\r\n${head}Content-Length: ${body.length}\r\n\r\n`), body]),
  );
}

test('verify --explain tells a known key, a signature that holds, and a scheme it does not know apart', async (t) => {
  const cwd = folder(t);
  const { gate, request } = await signed();
  gate.free();
  record(join(cwd, 'a.http'), request);
  const ask = async (contract, key, ...more) => {
    const args = [
      'verify',
      '--contract',
      contract,
      '--key-env',
      'KEY',
      '--now',
      String(NOW),
      '--explain',
      ...more,
      'a.http',
    ];
    const { stdout, stderr } = await run(args, { cwd, env: { KEY: key, LIVE: SECRET } });
    assert.ok(!stdout.includes(SECRET) && !stderr.includes(SECRET));
    return stdout;
  };
  const wrong = 'another-key-of-staging';
  assert.match(await ask('sub2api', wrong), /no cause found: .*\n {2}help: .*--other-key-env/);
  assert.match(await ask('sub2api', wrong, '--other-key-env', 'LIVE'), /proved\[key-other\]: .*`LIVE`/);
  const signature = [
    ['x-signature-ed25519', '00'.repeat(64)],
    ['x-signature-timestamp', String(NOW)],
  ];
  record(join(cwd, 'a.http'), { ...request, headers: [['content-type', 'application/json'], ...signature] });
  assert.match(
    await ask('discord', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'),
    /not examined: /,
  );
});

test("of an answer the mends are the client's", async () => {
  const signature = {
    engine: 'segments',
    key: { algorithm: 'hmac-sha256' },
    from: { header: 'x-signature' },
    shape: { kind: 'plain' },
    encoding: 'hex',
    signed: [{ body: 'raw' }],
  };
  const gate = await compile(
    { contract: 'answers', version: 1, response: { statuses: [200] }, signature },
    { keys: [{ secret: 'a-secret-of-some-length' }] },
  );
  const signed = gate.sign({ status: 200, headers: [], body: new TextEncoder().encode('{}') });
  const {
    causes: [cause],
  } = gate.explain({ ...signed, body: new TextEncoder().encode('{}\n') });
  assert.equal(cause.id, 'body-newline-added');
  assert.match(cause.mends.express, /response\.arrayBuffer\(\)/);
  gate.free();
});
