// What the client proves: DPoP proofs (RFC 9449) that our own gates and others' verify, the server's nonces, and PKCE
// challenges (RFC 7636).

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as jose from 'jose';

import { createClient, createDpopKey, pkceChallenge } from '../../pkg/client/index.js';
import { compile, pkce } from '../../pkg/node.js';
import { serverOf } from './client-setup.js';
import { NOW } from './setup.js';

const URL_ = 'https://api.example.com/v2/conversations?page=2#top';
const misuse = (work, message) =>
  assert.rejects(work, (error) => error.constructor === TypeError && message.test(error.message));
const base64Url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claimsOf = (proof) => JSON.parse(Buffer.from(proof.split('.')[1], 'base64url'));

/** An access token as the guide's server gives it: bound to the key, for some minutes. */
function tokenFor({ jkt }, claims = {}) {
  const all = { cnf: { jkt }, exp: NOW + 600, scope: 'api:read', ...claims };
  return `${base64Url({ alg: 'ES256', typ: 'at+jwt' })}.${base64Url(all)}.${base64Url('signed')}`;
}

/** What our gate says of a request with these headers. */
const judged = (gate, headers, more = {}) =>
  gate.check({ method: 'GET', url: URL_, headers, body: new Uint8Array(), ...more }, { now: NOW });

test('coze-dpop accepts what the client makes, once, and nothing near it', async () => {
  const gate = await compile('coze-dpop');
  const key = await createDpopKey();
  const token = tokenFor(key);
  const proof = (more) => key.proof({ method: 'GET', url: URL_, token, now: NOW, ...more });
  const codes = async (options, more) => {
    const headers = { authorization: `DPoP ${token}`, dpop: await proof(options) };
    return judged(gate, headers, more)
      .findings.filter(({ severity }) => severity === 'error')
      .map(({ code }) => code);
  };
  const first = judged(gate, { authorization: `DPoP ${token}`, dpop: await proof() });
  const second = judged(gate, { authorization: `DPoP ${token}`, dpop: await proof() });
  assert.deepEqual([first.verdict, second.verdict], ['accept', 'accept']);
  assert.notEqual(first.replay.key, second.replay.key);
  assert.equal(first.signature.key, key.jkt);
  assert.deepEqual(await codes({ method: 'POST' }), ['dpop-htm']);
  assert.deepEqual(await codes({ url: 'https://api.example.com/v2/other' }), ['dpop-htu']);
  assert.deepEqual(await codes({ token: tokenFor(key, { exp: NOW + 1 }) }), ['dpop-ath']);
  assert.deepEqual(await codes({ now: NOW - 61 }), ['dpop-iat']);
  const other = await createDpopKey();
  const stolen = await other.proof({ method: 'GET', url: URL_, token, now: NOW });
  assert.equal(judged(gate, { authorization: `DPoP ${token}`, dpop: stolen }).findings[0].code, 'dpop-jkt');
});

test('jose verifies a proof, and its thumbprint of the key is ours', async () => {
  const key = await createDpopKey();
  const proof = await key.proof({
    method: 'POST',
    url: new URL(URL_),
    token: 'opaque',
    nonce: 'n-1',
    now: new Date(NOW * 1000),
  });
  const { payload, protectedHeader } = await jose.jwtVerify(proof, jose.EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: ['ES256'],
  });
  assert.deepEqual(protectedHeader, { typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk });
  assert.equal(await jose.calculateJwkThumbprint(key.jwk), key.jkt);
  const { jti, ...claims } = payload;
  assert.match(jti, /^[\w-]{22}$/);
  assert.deepEqual(claims, {
    htm: 'POST',
    htu: 'https://api.example.com/v2/conversations',
    iat: NOW,
    ath: Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from('opaque'))).toString('base64url'),
    nonce: 'n-1',
  });
  assert.deepEqual(Object.keys(claimsOf(await key.proof({ method: 'POST', url: URL_ }))), ['jti', 'htm', 'htu', 'iat']);
});

test('the private key stays where it is, unless asked for; a key of one’s own is taken', async () => {
  const { privateKey } = await pairOf(false);
  await assert.rejects(crypto.subtle.exportKey('jwk', privateKey));
  const key = await createDpopKey();
  assert.ok(!/"d"/.test(JSON.stringify(key)));
  const pair = await pairOf(true);
  const own = await createDpopKey({ keyPair: pair });
  const { x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  assert.deepEqual([own.jwk.x, own.jwk.y], [x, y]);
  await misuse(createDpopKey({ keyPair: {} }), /^keyPair must be a CryptoKeyPair of ECDSA over P-256/);
  const rsa = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, false, ['sign', 'verify']);
  await misuse(createDpopKey({ keyPair: rsa }), /P-256/);
  await misuse(createDpopKey({ extractable: 1 }), /^extractable must be a boolean, got number/);
  await misuse(createDpopKey({ key: pair }), /^unknown option `key`: there are keyPair, extractable/);
});

const pairOf = (extractable) =>
  crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, extractable, ['sign', 'verify']);

test('every attempt has a proof of its own and the newest token', async (t) => {
  const { url, came } = await serverOf(t, [503], [503], [200]);
  const key = await createDpopKey();
  let turn = 0;
  const client = createClient({ sleep: async () => {} });
  const token = async () => `token-${(turn += 1)}`;
  assert.equal((await client.fetch(`${url}a?b=c`, { headers: { 'x-a': '1' }, dpop: { key, token } })).status, 200);
  assert.deepEqual(
    came.map(({ headers }) => headers.authorization),
    ['DPoP token-1', 'DPoP token-2', 'DPoP token-3'],
  );
  const claims = came.map(({ headers }) => claimsOf(headers.dpop));
  assert.equal(new Set(claims.map(({ jti }) => jti)).size, 3);
  assert.ok(claims.every(({ htu, htm }) => htu === `${url}a` && htm === 'GET'));
  assert.ok(came.every(({ headers }) => headers['x-a'] === '1'));
  const failing = async () => {
    throw new Error('no token');
  };
  await assert.rejects(client.fetch(url, { dpop: { key, token: failing } }), /no token/);
  assert.equal(came.length, 3);
});

const needsNonce = [
  401,
  { 'dpop-nonce': 'n-1', 'www-authenticate': 'DPoP error="use_dpop_nonce", error_description="nonce"' },
];
const nonces = (came) => came.map(({ headers }) => claimsOf(headers.dpop).nonce);

test('a server that asks for its nonce gets it, once, and the newest from then on', async (t) => {
  const asks = [400, { 'dpop-nonce': 'n-2', 'content-type': 'application/json' }, '{"error":"use_dpop_nonce"}'];
  const { url, came } = await serverOf(t, needsNonce, [200], [200, { 'dpop-nonce': 'n-3' }], asks, [200]);
  const key = await createDpopKey();
  const client = createClient();
  const events = [];
  for (let call = 0; call < 3; call += 1)
    events.push((await client.fetch(url, { method: 'POST', body: 'grant', dpop: { key } })).status);
  assert.deepEqual(events, [200, 200, 200]);
  assert.deepEqual(nonces(came), [undefined, 'n-1', 'n-1', 'n-3', 'n-2']);
  assert.ok(came.every(({ body }) => body === 'grant'));
  const other = await serverOf(t, [200]);
  await client.fetch(other.url, { dpop: { key } });
  assert.deepEqual(nonces(other.came), [undefined], 'a nonce is its server’s');
});

test('it is not asked for ever, nor without a reason', async (t) => {
  const key = await createDpopKey();
  for (const [answers, times] of [
    [[needsNonce], 2], // the same nonce again: it is something else
    [[[401, { 'dpop-nonce': 'n-1', 'www-authenticate': 'DPoP error="invalid_token"' }]], 1],
    [[[401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"' }]], 1],
    [[[400, { 'dpop-nonce': 'n-1' }, '{"error":"invalid_request"}']], 1],
    [[[400, { 'dpop-nonce': 'n-1' }, 'not JSON']], 1],
    [[[400, { 'dpop-nonce': 'n-1' }, `{"error":"use_dpop_nonce","more":"${'x'.repeat(100_000)}"}`]], 1],
  ]) {
    const { url, came } = await serverOf(t, ...answers);
    const answer = await createClient().fetch(url, { dpop: { key, token: 'token' } });
    assert.equal(answer.status, answers[0][0]);
    assert.equal(await answer.text(), answers[0][2] ?? `answer ${times}`);
    assert.equal(came.length, times);
  }
  const { url, came } = await serverOf(t, needsNonce, [200]);
  const stream = new Request(url, { method: 'POST', body: 'gone' });
  assert.equal((await createClient().fetch(stream, { dpop: { key } })).status, 401);
  assert.equal(came.length, 1);
});

test('calls at once that are all asked for the nonce all give it', async (t) => {
  const answer = (request, response) => {
    const held = claimsOf(request.headers.dpop).nonce === 'n-1';
    response.writeHead(held ? 200 : 401, {
      'dpop-nonce': 'n-1',
      'www-authenticate': needsNonce[1]['www-authenticate'],
    });
    setTimeout(() => response.end(), 5);
  };
  const { url } = await serverOf(t, answer);
  const dpop = { key: await createDpopKey(), token: 'token' };
  const client = createClient();
  const all = await Promise.all(Array.from({ length: 8 }, () => client.fetch(url, { dpop })));
  assert.deepEqual(
    all.map(({ status }) => status),
    Array(8).fill(200),
  );
});

test('a proof does not follow a redirect', async (t) => {
  const { url, came } = await serverOf(t, [302, { location: '/elsewhere' }], [200]);
  const dpop = { key: await createDpopKey(), token: 'token' };
  assert.equal((await createClient().fetch(url, { dpop })).status, 302);
  assert.equal(came.length, 1);
});

test('misuse of a proof is named, and repeats no token', async () => {
  const key = await createDpopKey();
  const secret = 'tok en';
  await misuse(key.proof({ method: 'GET', url: '/path' }), /^url must be the whole URL/);
  await misuse(key.proof({ url: URL_ }), /^method must be a string, got undefined/);
  await misuse(key.proof({ method: 'GET', url: URL_, htu: 'x' }), /^unknown option `htu`/);
  await misuse(
    key.proof({ method: 'GET', url: URL_, token: secret }),
    /^the access token has characters that no token has/,
  );
  await assert.rejects(
    key.proof({ method: 'GET', url: URL_, token: secret }),
    (error) => !error.message.includes(secret),
  );
  const client = createClient({ fetch: () => assert.fail('sent') });
  for (const token of [secret, '', 5]) await misuse(client.fetch(URL_, { dpop: { key, token } }), /^the access token /);
  await misuse(
    client.fetch(URL_, { dpop: { key, token: () => undefined } }),
    /^the access token must be a string, got undefined/,
  );
  await misuse(client.fetch(URL_, { dpop: { key, tokens: 'a' } }), /^unknown option `tokens`: there are key, token/);
});

test('a challenge is what pkce.verify verifies, and a new one each time', async () => {
  const made = await Promise.all(Array.from({ length: 50 }, pkceChallenge));
  for (const { verifier, challenge, method } of made) {
    assert.match(verifier, /^[A-Za-z0-9\-._~]{43}$/);
    assert.equal(method, 'S256');
    assert.equal(pkce.verify(verifier, challenge), true);
    assert.equal(pkce.verify(challenge, verifier), false);
  }
  assert.equal(new Set(made.map(({ verifier }) => verifier)).size, 50);
});
