// What is signed, against node:crypto: the parts of every accepted case, joined, are what its signature signs; and
// those of a proved cause are what the received signature signs.

import assert from 'node:assert/strict';
import { constants, createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';

import { compile } from '../../pkg/node.js';
import { CASES, cases, expected, prepared } from './replay.js';
import { BODY, NOW, SECRET, URL_ } from './setup.js';

const bytes = (text) => new TextEncoder().encode(text);
const joined = (parts, secret = new Uint8Array()) => Buffer.concat(parts.map((part) => part.bytes ?? secret));
const text = (parts) =>
  parts.map(({ at, bytes: own }) => `${at}=${own === undefined ? '' : Buffer.from(own).toString()}`);

/** Of a shared secret, as the contract's key format says. */
function secretOf({ format = 'utf8', prefix }, { secret }) {
  return typeof secret === 'string' ? Buffer.from(bare(secret, prefix), format) : Buffer.from(secret);
}

function bare(text, prefix) {
  return prefix?.strip && text.startsWith(prefix.strip) ? text.slice(prefix.strip.length) : text;
}

function mac(algorithm, secret, parts) {
  const [kind, hash] = algorithm.split('-');
  const input = joined(parts, secret);
  return (kind === 'hmac' ? createHmac(hash, secret) : createHash(hash)).update(input).digest();
}

function publicKey({ format, prefix }, key) {
  if (format === 'jwk') return createPublicKey({ key, format });
  if (format !== 'spki') {
    const x = Buffer.from(bare(key, prefix), format).toString('base64url');
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  }
  return key.startsWith('-----')
    ? createPublicKey(key)
    : createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
}

const VERIFIERS = {
  'ecdsa-p256-sha256': ['sha256', { dsaEncoding: 'ieee-p1363' }],
  'ecdsa-p256-sha256-der': ['sha256', { dsaEncoding: 'der' }],
  ed25519: [null, {}],
  'rsa-pkcs1-sha256': ['sha256', {}],
  'rsa-pss-sha512': [
    'sha512',
    { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO },
  ],
  ES256: ['sha256', { dsaEncoding: 'ieee-p1363' }],
  RS256: ['sha256', {}],
};

function verifies(algorithm, key, parts, signature) {
  const [hash, options] = VERIFIERS[algorithm];
  return verify(hash, joined(parts), { key, ...options }, signature);
}

/** By its name, or one of its aliases. */
const headerOf = ({ headers }, wanted) => headers.find(([name]) => [wanted].flat().includes(name.toLowerCase()))?.[1];

/** Whether one form of the parts is signed by the request's signature. */
function holds({ engine, key: rules, from, shape, encoding }, keys, request, body, forms) {
  if (engine === 'dpop') {
    const [head, , signature] = headerOf(request, 'dpop').split('.');
    const { alg, jwk } = JSON.parse(Buffer.from(head, 'base64url'));
    return verifies(
      alg === 'ES256' || alg === 'RS256' ? alg : 'ed25519',
      createPublicKey({ key: jwk, format: 'jwk' }),
      forms[0],
      Buffer.from(signature, 'base64url'),
    );
  }
  const { algorithm } = rules;
  if (/^(hmac|digest)-/.test(algorithm)) {
    const shown = Buffer.from(body).toString().replaceAll('\\/', '/');
    const said = `${decodeURIComponent(request.url)}\n${request.headers.join('\n')}\n${shown}`;
    const macs = (keys.length ? keys.map((key) => secretOf(rules, key)) : [Buffer.alloc(0)]).flatMap((key) =>
      forms.map((parts) => mac(algorithm, key, parts)),
    );
    return macs.some(
      (one) => said.toLowerCase().includes(one.toString('hex')) || said.includes(one.toString('base64')),
    );
  }
  const signatures =
    engine === 'rfc9421'
      ? [...headerOf(request, 'signature').matchAll(/:([\w+/=]+):/g)].map(([, signature]) =>
          Buffer.from(signature, 'base64'),
        )
      : headerOf(request, from.header)
          .split(' ')
          .map((one) => Buffer.from(one.slice(shape.tag?.length ?? 0), encoding));
  return keys.some((key) =>
    signatures.some((signature) =>
      forms.some((parts) => verifies(algorithm, publicKey(rules, key.publicKey), parts, signature)),
    ),
  );
}

test('the parts of every accepted case are what its signature signs', async () => {
  const counts = {};
  for (const { folder, found } of cases()) {
    const { kind, contract, compile: options, check, request: sent } = await prepared({ folder, found });
    const loads = existsSync(join(folder, 'verdict.json'));
    if (kind !== 'contract' || !check || !sent || !loads) continue;
    if (!expected(folder, 'verdict.json').includes('"verdict":"accept"')) continue;
    const keys = (options.keys ?? []).map(({ secretBytes, ...key }) =>
      secretBytes ? { ...key, secret: Uint8Array.from(secretBytes) } : key,
    );
    const gate = await compile(contract, { ...options, keys });
    const { base64, ...head } = sent;
    const body = new Uint8Array(Buffer.from(base64, 'base64'));
    const signed = gate.signedBytes({ ...head, body }, { now: check.now });
    gate.free();
    const { signature } = contract;
    const kindOf = signature?.engine === 'segments' ? signature.key.algorithm.split('-')[0] : signature?.engine;
    const name = relative(CASES, folder);
    if (!kindOf || kindOf === 'token') {
      assert.equal(signed, undefined, name);
      continue;
    }
    const request = { url: '', ...head, headers: [...head.headers] };
    assert.ok(holds(signature, keys, request, body, signed.forms), name);
    for (const part of signed.forms.flat()) {
      assert.equal(part.at === 'secret', part.bytes === undefined, name);
      if (part.bytes) assert.equal(Object.getPrototypeOf(part.bytes), Uint8Array.prototype, name);
    }
    counts[kindOf] = (counts[kindOf] ?? 0) + 1;
  }
  for (const [kind, least] of Object.entries({
    hmac: 70,
    digest: 8,
    rfc9421: 15,
    dpop: 4,
    ecdsa: 4,
    ed25519: 1,
    rsa: 3,
  })) {
    assert.ok(counts[kind] >= least, `${kind}: ${counts[kind]}`);
  }
});

const JSON_TYPE = [['content-type', 'application/json']];
const SHIPPED = {
  sub2api: ['POST', URL_, BODY, ['header:x-cs-timestamp', 'literal', 'body']],
  stripe: ['POST', '/hooks/stripe', '{}', ['field:t', 'literal', 'body']],
  github: ['POST', '/hooks/github', '{}', ['body']],
  twilio: ['POST', 'https://h.example.org/in', 'To=%2B1&From=a+b', ['url', 'body']],
  'coze-kb': ['GET', '/v1/kb/42/documents?action=list', '', ['method', 'literal', 'path', 'literal', 'query']],
  'hubspot-v2': ['POST', 'https://h.example.org/in', '{}', ['secret', 'method', 'url', 'body']],
  'hubspot-v3': [
    'POST',
    'https://h.example.org/in',
    '{}',
    ['method', 'url', 'body', 'header:x-hubspot-request-timestamp'],
  ],
};
const KEYS = { stripe: `whsec_${SECRET}`, 'hubspot-v3': SECRET };

test('what is signed, and why it does not match, is shown to the byte, and never the key', async () => {
  for (const [name, [method, url, body, places]] of Object.entries(SHIPPED)) {
    const gate = await compile(name, { keys: [{ secret: KEYS[name] ?? SECRET }] });
    const other = await compile(name, { keys: [{ secret: `${KEYS[name] ?? SECRET}-of-staging` }] });
    const headers = name === 'twilio' ? [['content-type', 'application/x-www-form-urlencoded']] : JSON_TYPE;
    const request = gate.sign({ method, url, headers, body: bytes(body) }, { now: NOW });
    const { schemaVersion, forms } = gate.signedBytes(request, { now: NOW });
    assert.deepEqual([schemaVersion, forms[0].map(({ at }) => at)], [1, places], name);
    assert.ok(!joined(forms[0]).includes(SECRET), name);

    const { causes } = other.explain(request, {
      now: NOW,
      otherKeys: [{ secret: KEYS[name] ?? SECRET }],
      signed: true,
    });
    assert.equal(causes[0].id, 'key-other', name);
    assert.deepEqual(causes[0].signed, forms[0], name);

    if (!places.includes('body')) continue;
    const late = { ...request, body: bytes(`${body}\n`) };
    const [cause] = gate.explain(late, { now: NOW, signed: true }).causes;
    assert.equal(cause.id, 'body-newline-added', name);
    assert.deepEqual(cause.signed, forms[0], name);
    assert.notDeepEqual(gate.signedBytes(late).forms[0], forms[0], name);
    const { signed: _, ...without } = cause;
    assert.deepEqual(gate.explain(late, { now: NOW }).causes[0], without, name);
    gate.free();
    other.free();
  }
});

test('the parts of a cause give the received signature', async () => {
  const gate = await compile('sub2api', { keys: [{ secret: SECRET }] });
  const { headers } = gate.sign({ method: 'POST', url: URL_, headers: JSON_TYPE, body: bytes(BODY) }, { now: NOW });
  const received = headerOf({ headers }, 'x-cs-signature');
  const millis = createHmac('sha256', SECRET).update(`${NOW}000.${BODY}`).digest('hex');
  const otherTime = headers.map(([name, value]) => [name, name === 'x-cs-signature' ? millis : value]);
  const template = headers.map(([name, value]) => [
    name,
    name === 'x-cs-signature' ? createHmac('sha256', SECRET).update(BODY).digest('hex') : value,
  ]);
  const spaced = JSON.stringify(JSON.parse(BODY), null, 2);
  for (const [id, given, body, signature, expectedParts] of [
    ['body-reserialised', headers, spaced, received, [`header:x-cs-timestamp=${NOW}`, 'literal=.', `body=${BODY}`]],
    ['time-unit', otherTime, BODY, millis, [`header:x-cs-timestamp=${NOW}000`, 'literal=.', `body=${BODY}`]],
    ['template', template, BODY, headerOf({ headers: template }, 'x-cs-signature'), [`body=${BODY}`]],
  ]) {
    const [cause] = gate.explain(
      { method: 'POST', url: URL_, headers: given, body: bytes(body) },
      { now: NOW, signed: true },
    ).causes;
    assert.equal(cause.id, id);
    assert.deepEqual(text(cause.signed), expectedParts);
    assert.equal(mac('hmac-sha256', SECRET, cause.signed).toString('hex'), signature);
  }
  gate.free();
});

test('bytes that are no text come as they are; without a signature there are none; misuse is heard', async () => {
  const gate = await compile('github', { keys: [{ secret: SECRET }] });
  const every = Uint8Array.from({ length: 256 }, (_, index) => index);
  const request = { method: 'POST', url: '/', headers: [], body: every };
  assert.deepEqual(gate.signedBytes(request), { schemaVersion: 1, forms: [[{ at: 'body', bytes: every }]] });
  assert.deepEqual(gate.signedBytes({ ...request, body: new Uint8Array() }).forms, [
    [{ at: 'body', bytes: new Uint8Array() }],
  ]);
  assert.equal(gate.signedBytes({ status: 200, headers: [], body: every }), undefined);
  assert.throws(() => gate.signedBytes(request, { signed: true }), TypeError);
  assert.throws(() => gate.signedBytes({ ...request, body: '{}' }), TypeError);
  assert.throws(() => gate.explain(request, { signed: 1 }), /signed must be a boolean/);
  gate.free();
  const unsigned = await compile({ contract: 'x', version: 1, signature: null });
  assert.equal(unsigned.signedBytes(request), undefined);
  const timed = await compile('sub2api', { keys: [{ secret: SECRET }] });
  assert.equal(timed.signedBytes(request), undefined);
});
