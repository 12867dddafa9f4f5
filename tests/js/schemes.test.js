// Schemes other than one header with one HMAC, through the API and the command line: nonces, changed URLs, a proxy in
// front, public keys, answers, and what of a recording is not shown.

import assert from 'node:assert/strict';
import { generateKeyPairSync, sign as signWith } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { compile } from '../../pkg/node.js';
import { standIn } from '../../pkg/cli/stand-in.js';
import { folder, NOW, run, SECRET } from './setup.js';

const NONCE = 'a1b2c3d4e5f67890';
const keys = [{ secret: SECRET }];
const env = { S: SECRET };
const empty = new Uint8Array();

const contract = (signature, rest = {}) => ({
  contract: 'scheme',
  version: 1,
  signature: {
    engine: 'segments',
    key: { algorithm: 'hmac-sha256' },
    from: { header: 'x-signature' },
    shape: { kind: 'plain' },
    encoding: 'hex',
    ...signature,
  },
  ...rest,
});

const QUERY = contract(
  {
    from: { query: 'signature' },
    fields: {
      ts: { from: { query: 'timestamp' }, format: 'rfc3339-z' },
      nonce: { from: { query: 'nonce' }, format: 'hex16' },
    },
    signed: [
      { method: 'raw' },
      { literal: '|' },
      { path: 'raw' },
      { literal: '|' },
      { query: { values: 'raw', sort: 'name', exclude: ['signature'], pair: '=', join: '&', repeats: 'refuse' } },
    ],
  },
  {
    request: { methods: ['GET'], path: '/v1/kb/{id}/documents' },
    freshness: { field: 'ts', pastSeconds: 300, futureSeconds: 300 },
    replay: { key: ['field:nonce'], onDuplicate: 'reject' },
    payload: { format: 'query' },
  },
);
const URL_SIGNED = contract({ signed: [{ url: ['received'] }, { literal: '|' }, { body: 'raw' }] });

const ED25519 = generateKeyPairSync('ed25519');
const PUBLIC = contract({
  key: { algorithm: 'ed25519', format: 'spki' },
  encoding: 'base64',
  signed: [{ body: 'raw' }],
});
const signature = (body) => signWith(null, Buffer.from(body), ED25519.privateKey).toString('base64');

function files(t, content) {
  const cwd = folder(t);
  for (const [name, text] of Object.entries(content))
    writeFileSync(
      join(cwd, name),
      typeof text === 'string' || text instanceof Uint8Array ? text : JSON.stringify(text),
    );
  return cwd;
}

async function ends(code, args, options = {}) {
  const result = await run(args, { env, ...options });
  assert.equal(result.code, code, `${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result;
}

test('sign writes time, nonce and signature into the query, and gives the URL it signed', async () => {
  const gate = await compile(QUERY, { keys });
  const request = { method: 'GET', url: '/v1/kb/1/documents?action=list', headers: {}, body: empty };
  const signed = gate.sign(request, { now: NOW, nonce: NONCE });
  assert.match(
    signed.url,
    /^\/v1\/kb\/1\/documents\?action=list&nonce=a1b2c3d4e5f67890&timestamp=2024-05-30T00:39:48Z&signature=[0-9a-f]{64}$/,
  );
  assert.deepEqual(signed.headers, []);
  const verdict = gate.check(signed, { now: NOW });
  assert.equal(verdict.verdict, 'accept');
  assert.equal(gate.check(signed, { now: NOW, seen: [verdict.replay.key] }).findings[0].code, 'replayed');
  assert.equal(
    gate.check({ ...signed, url: `${signed.url}&action=delete` }, { now: NOW }).findings[0].code,
    'query-duplicate',
  );
  assert.equal(gate.check({ ...signed, body: Buffer.from('{}') }, { now: NOW }).findings[0].code, 'body-unexpected');
  const resigned = gate.sign(signed, { now: NOW, nonce: NONCE });
  assert.equal(resigned.url, signed.url);
});

test('a nonce is drawn where the contract has one and none is given', async () => {
  const gate = await compile(QUERY, { keys });
  const request = { method: 'GET', url: '/v1/kb/1/documents', headers: {}, body: empty };
  const nonce = () => /[?&]nonce=([0-9a-f]{16})(&|$)/.exec(gate.sign(request).url)[1];
  assert.notEqual(nonce(), nonce());
  for (const wrong of ['x', NONCE.toUpperCase(), `${NONCE}0`, 5, null]) {
    assert.throws(
      () => gate.sign(request, { nonce: wrong }),
      (error) => error instanceof TypeError && /16 lower-case hex digits/.test(error.message),
    );
  }
  const none = await compile(URL_SIGNED, { keys });
  assert.throws(() => none.sign({ ...request, method: 'POST' }, { nonce: NONCE }), /the contract has no nonce/);
});

test('origin is what the sender called, where a proxy stands before the receiver', async () => {
  const outside = await compile(URL_SIGNED, { keys });
  const behind = await compile(URL_SIGNED, { keys, origin: 'https://hooks.example.org' });
  const signed = outside.sign({
    method: 'POST',
    url: 'https://hooks.example.org/in?a=1',
    headers: {},
    body: Buffer.from('{}'),
  });
  const arrived = { ...signed, url: '/in?a=1' };
  assert.equal(behind.check(arrived).verdict, 'accept');
  assert.equal(outside.check(arrived).findings[0].code, 'signature-mismatch');
  assert.equal(
    outside.check({ ...arrived, headers: [...signed.headers, ['host', 'hooks.example.org']] }).verdict,
    'accept',
  );
  await assert.rejects(
    compile(URL_SIGNED, { keys, origin: 'https://h/path' }),
    (error) => error.code === 'contract-request' && error.at === 'origin',
  );
  await assert.rejects(compile(URL_SIGNED, { keys, origin: new URL('https://h') }), /origin must be a string such as/);
});

test("an answer is the handshake's reply, on accept alone", async () => {
  const gate = await compile(
    contract(
      { signed: [{ body: 'raw' }] },
      {
        route: {
          type: '/type',
          versions: [
            { version: '1', events: { ping: { answer: { challenge: { from: ['/challenge'], required: true } } } } },
          ],
        },
      },
    ),
    { keys },
  );
  const signed = gate.sign({
    method: 'POST',
    url: '/',
    headers: {},
    body: Buffer.from('{"type":"ping","challenge":"c"}'),
  });
  assert.deepEqual(gate.check(signed).answer, { challenge: 'c' });
  assert.equal(gate.check({ ...signed, body: Buffer.from('{"type":"ping","challenge":"d"}') }).answer, undefined);
});

test('a form body is the document', async () => {
  const gate = await compile(
    contract({ signed: [{ body: 'raw' }] }, { payload: { format: 'form', json: 'payload' }, route: { type: '/type' } }),
    { keys },
  );
  const body = Buffer.from(new URLSearchParams({ payload: '{"type":"a&b"}' }).toString());
  assert.equal(gate.check(gate.sign({ method: 'POST', url: '/', headers: {}, body })).event.type, 'a&b');
});

test('a stand-in key is one that the contract takes', async () => {
  const formats = {
    'hmac-sha1': ['utf8', 'hex', 'base64'],
    'hmac-sha512': ['utf8'],
    'digest-sha1': ['utf8'],
    ed25519: ['hex', 'base64', 'spki', 'jwk'],
    'ecdsa-p256-sha256': ['spki', 'jwk'],
    'ecdsa-p256-sha256-der': ['spki', 'jwk'],
  };
  for (const [algorithm, names] of Object.entries(formats)) {
    for (const format of names) {
      const least = /^(hmac|digest)-/.test(algorithm) ? { minBytes: 20 } : {};
      const made = contract({ key: { algorithm, format, ...least }, signed: [{ body: 'raw' }] });
      (await compile(made, { keys: standIn(made) })).free();
    }
  }
  assert.equal(
    standIn(contract({ key: { algorithm: 'digest-sha256' }, signed: [{ optional: [{ secret: 'raw' }] }] })).length,
    1,
  );
  for (const odd of [{}, { signature: null }, { signature: { key: {} } }]) standIn(odd);
});

test('the command line signs a query, with a nonce that is given', async (t) => {
  const cwd = files(t, { 'c.json': QUERY });
  const base = ['sign', '--contract', './c.json', '--key-env', 'S', '--now', String(NOW)];
  const url = 'https://kb.example.org/v1/kb/1/documents?action=list';
  const { stdout } = await ends(0, [...base, '--nonce', NONCE, '--url', url], { cwd });
  assert.match(
    stdout,
    /^GET \/v1\/kb\/1\/documents\?action=list&nonce=a1b2c3d4e5f67890&timestamp=[^&]+&signature=[0-9a-f]{64} HTTP\/1\.1\r\nhost: kb\.example\.org\r\ncontent-length: 0\r\n\r\n$/,
  );
  writeFileSync(join(cwd, 'a.http'), stdout);
  await ends(0, ['verify', '--contract', './c.json', '--key-env', 'S', '--now', String(NOW), 'a.http'], { cwd });
  const curl = await ends(0, [...base, '--curl', '--url', `${url}#fragment`], { cwd });
  assert.match(
    curl.stdout,
    /^curl 'https:\/\/kb\.example\.org\/v1\/kb\/1\/documents\?action=list&nonce=[0-9a-f]{16}&timestamp=[^&']+&signature=[0-9a-f]{64}'\n$/,
  );
  assert.match((await ends(2, [...base, '--nonce', 'x', '--url', url], { cwd })).stderr, /16 lower-case hex digits/);
  assert.match((await ends(2, base, { cwd })).stderr, /--url URL/);
  const stale = await ends(1, ['verify', '--contract', './c.json', '--key-env', 'S', '--now', '1', 'a.http'], { cwd });
  assert.ok(
    !stale.stdout.includes(/signature=([0-9a-f]{64})/.exec(curl.stdout)[1]) && !/[0-9a-f]{64}/.test(stale.stdout),
    'a MAC in the URL is not shown',
  );
});

test('the command line signs and verifies what a proxy stands before', async (t) => {
  const cwd = files(t, { 'c.json': URL_SIGNED, 'body.json': '{}' });
  const sign = (...more) =>
    ends(0, ['sign', '--contract', './c.json', '--key-env', 'S', ...more, 'body.json'], { cwd });
  const verify = (code, ...more) =>
    ends(code, ['verify', '--contract', './c.json', '--key-env', 'S', ...more, 'a.http'], { cwd });
  const write = ({ stdout }) => writeFileSync(join(cwd, 'a.http'), stdout);
  write(await sign('--origin', 'https://hooks.example.org', '--url', 'http://127.0.0.1:8080/in'));
  await verify(0, '--origin', 'https://hooks.example.org');
  await verify(1);
  for (const more of [
    [],
    ['--origin', 'https://hooks.example.org'],
    ['--url', 'https://h.example.org/in'],
    ['--url', 'http://h.example.org/in'],
  ]) {
    write(await sign(...more)); // what sign writes, verify takes
    await verify(0);
  }
  const { stdout } = await sign('--curl', '--origin', 'https://hooks.example.org', '--url', 'http://127.0.0.1:8080/in');
  assert.match(stdout, /^curl 'http:\/\/127\.0\.0\.1:8080\/in'/);
  assert.match(
    (
      await ends(2, ['verify', '--contract', './c.json', '--key-env', 'S', '--origin', 'hooks.example.org', 'a.http'], {
        cwd,
      })
    ).stderr,
    /contract-request/,
  );
  assert.match(
    (await ends(2, ['sign', '--contract', './c.json', '--key-env', 'S', '--nonce', NONCE, 'body.json'], { cwd }))
      .stderr,
    /neither a field with the format hex16/,
  );
});

test('the command line signs an HTTP message, and verifies it', async (t) => {
  const message = contract(
    {},
    {
      freshness: { field: 'created', pastSeconds: 300, futureSeconds: 5 },
      replay: { key: ['field:nonce'], onDuplicate: 'reject' },
    },
  );
  message.signature = {
    engine: 'rfc9421',
    key: { algorithm: 'hmac-sha256' },
    components: ['@method', '@target-uri', '@authority', 'x-id', 'content-digest'],
    parameters: ['created', 'keyid', 'nonce'],
  };
  const cwd = files(t, { 'c.json': message, 'body.json': '{}' });
  const keyed = ['--contract', './c.json', '--key-env', 'k1=S'];
  const sign = (...more) => ends(0, ['sign', ...keyed, '--header', 'X-Id: 7', ...more, 'body.json'], { cwd });
  const verify = (code, ...more) => ends(code, ['verify', '-f', 'json', ...keyed, ...more, 'a.http'], { cwd });
  for (const more of [
    [],
    ['--url', 'https://h.example.org:8443/in?a=1'],
    ['--url', 'http://h.example.org/in'],
    ['--url', 'http://127.0.0.1:443/'],
  ]) {
    writeFileSync(join(cwd, 'a.http'), (await sign(...more)).stdout);
    assert.equal(JSON.parse((await verify(0)).stdout).signature.key, 'k1');
  }
  writeFileSync(
    join(cwd, 'a.http'),
    (await sign('--origin', 'https://hooks.example.org', '--url', 'http://127.0.0.1:8080/in')).stdout,
  );
  await verify(0, '--origin', 'https://hooks.example.org');
  assert.match((await verify(1)).stdout, /signature-mismatch/);
  const curl = await sign('--curl', '--nonce', NONCE, '--now', String(NOW), '--url', 'http://127.0.0.1:8080/in');
  assert.match(curl.stdout, /^curl 'http:\/\/127\.0\.0\.1:8080\/in' \\\n/);
  assert.ok(
    curl.stdout.includes(
      `-H 'signature-input: sig1=("@method" "@target-uri" "@authority" "x-id" ` +
        `"content-digest");created=${NOW};keyid="k1";nonce="${NONCE}"'`,
    ),
    curl.stdout,
  );
  assert.match(
    curl.stdout,
    /-H 'content-digest: sha-256=:[^:]+:' [\s\S]*-H 'signature: sig1=:[^:]+:' \\\n {2}--data-binary '@body\.json'\n$/,
  );
  assert.match(
    (await ends(2, ['sign', ...keyed, 'body.json'], { cwd })).stderr,
    /"x-id" is covered, and the request has no such header/,
  );
  assert.match(
    (await ends(2, ['sign', '--contract', './c.json', '--key-env', 'S', '--header', 'X-Id: 7', 'body.json'], { cwd }))
      .stderr,
    /the key has no id/,
  );
});

test('a header that the contract signs is given by --header', async (t) => {
  const cwd = files(t, {
    'c.json': contract({
      fields: { id: { from: { header: 'webhook-id' } } },
      signed: [{ field: 'id' }, { literal: '.' }, { body: 'raw' }],
    }),
    'body.json': '{}',
  });
  const sign = ['sign', '--contract', './c.json', '--key-env', 'S', 'body.json'];
  assert.match((await ends(2, sign, { cwd })).stderr, /`webhook-id` is missing/);
  const { stdout } = await ends(0, [...sign, '--header', 'webhook-id: msg_1', '--header', 'Content-Type: text/plain'], {
    cwd,
  });
  assert.match(stdout, /\r\nContent-Type: text\/plain\r\nwebhook-id: msg_1\r\n/);
  assert.match((await ends(2, [...sign, '--header', 'nonsense'], { cwd })).stderr, /a name, a colon and a value/);
});

test('public keys come from files and the environment; PEM keeps its lines', async (t) => {
  const pem = ED25519.publicKey.export({ type: 'spki', format: 'pem' });
  const body = '{"id":1}';
  const http = `POST / HTTP/1.1\nx-signature: ${signature(body)}\n\n${body}`;
  const jwk = contract({ ...PUBLIC.signature, key: { algorithm: 'ed25519', format: 'jwk' } });
  const cwd = files(t, {
    'c.json': PUBLIC,
    'jwk.json': jwk,
    'key.pem': pem,
    'windows.pem': pem.replaceAll('\n', '\r\n'),
    'key.jwk': ED25519.publicKey.export({ format: 'jwk' }),
    'key.der': ED25519.publicKey.export({ type: 'spki', format: 'der' }),
    'private.pem': ED25519.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'private.jwk': ED25519.privateKey.export({ format: 'jwk' }),
    'a.http': http,
    'b.http': http.replace('1}', '2}'),
  });
  const verify = (code, name, key, file = 'a.http', more = {}) =>
    ends(code, ['verify', '--contract', name, ...key, file], { cwd, ...more });
  for (const file of ['key.pem', 'windows.pem']) await verify(0, './c.json', ['--key-file', `discord=${file}`]);
  await verify(0, './c.json', ['--key-env', 'P'], 'a.http', { env: { P: pem } });
  await verify(0, './jwk.json', ['--key-file', 'key.jwk']);
  assert.match((await verify(1, './c.json', ['--key-file', 'key.pem'], 'b.http')).stdout, /signature-mismatch/);
  assert.match((await verify(2, './c.json', ['--key-file', 'key.der'])).stderr, /openssl pkey -pubin -inform DER/);
  assert.match((await verify(2, './jwk.json', ['--key-file', 'key.pem'])).stderr, /not JSON/);
  for (const [name, file] of [
    ['./c.json', 'private.pem'],
    ['./jwk.json', 'private.jwk'],
  ]) {
    const { stdout, stderr } = await verify(2, name, ['--key-file', file]);
    assert.match(stderr, /key-malformed/);
    assert.ok(!(stdout + stderr).includes(ED25519.privateKey.export({ format: 'jwk' }).d));
  }
  assert.match(
    (await ends(2, ['sign', '--contract', './c.json', '--key-file', 'key.pem', 'a.http'], { cwd })).stderr,
    /public key alone/,
  );
  await ends(0, ['lint', '--fail-on', 'error', './c.json', './jwk.json'], { cwd });
});

test('a case folder may hold a public key and an origin', async (t) => {
  const body = '{}';
  const cwd = files(t, {
    'request.http': `POST / HTTP/1.1\nx-signature: ${signature(body)}\n\n${body}`,
    'contract.json': PUBLIC,
    'case.json': {
      why: 'a case',
      contract: './contract.json',
      origin: 'https://h',
      keys: [{ id: 'theirs', publicKey: ED25519.publicKey.export({ type: 'spki', format: 'pem' }) }],
    },
  });
  const { stdout } = await ends(0, ['verify', '-f', 'json', cwd]);
  assert.equal(JSON.parse(stdout).signature.key, 'theirs');
});

test("a signature in the body, and a form's secrets, are not shown", async (t) => {
  const inBody = contract(
    { from: { body: '/proof' }, encoding: 'hex', fields: { id: { from: { body: '/id' } } }, signed: [{ field: 'id' }] },
    { schema: { required: ['id'] } },
  );
  const form = contract({ signed: [{ body: 'raw' }] }, { payload: { format: 'form' }, schema: { required: ['id'] } });
  const mac = 'ab'.repeat(32);
  const cwd = files(t, {
    'body.json': inBody,
    'form.json': form,
    'a.http': `POST / HTTP/1.1\n\n{"proof":"${mac}"}`,
    'b.http': `POST / HTTP/1.1\nx-signature: ${mac}\n\ntoken=hunter2&a=b`,
  });
  for (const [name, file] of [
    ['./body.json', 'a.http'],
    ['./form.json', 'b.http'],
  ]) {
    const { stdout } = await ends(1, ['verify', '--contract', name, '--key-env', 'S', file], { cwd });
    assert.ok(!stdout.includes(mac) && !stdout.includes('hunter2'), stdout);
  }
});

test('a pair is shown in its header', async (t) => {
  const pairs = contract(
    {
      shape: { kind: 'pairs', separator: ',', take: ['v1'] },
      fields: { ts: { from: { pair: 't' }, format: 'unix-seconds' } },
      signed: [{ field: 'ts' }, { body: 'raw' }],
    },
    {
      freshness: { field: 'ts', pastSeconds: 300, futureSeconds: 300 },
    },
  );
  const cwd = files(t, {
    'c.json': pairs,
    'a.http': `POST / HTTP/1.1\nx-signature: t=soon,v1=${'ab'.repeat(32)}\n\n{}`,
  });
  const { stdout } = await ends(1, ['verify', '--contract', './c.json', '--key-env', 'S', 'a.http'], { cwd });
  assert.match(stdout, /timestamp-malformed[\s\S]*a\.http:2:14/);
  assert.ok(!stdout.includes('abab'));
});
