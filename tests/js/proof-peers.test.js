// Live peers of the two engines with rules of their own: http-message-signatures (RFC 9421) verifies what we sign and
// we accept what it signs; oauth4webapi and jose make DPoP proofs (RFC 9449) that we accept, and refuse when a claim is
// changed.

import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';

import { createSigner, createVerifier, httpbis } from 'http-message-signatures';
import * as jose from 'jose';
import * as oauth from 'oauth4webapi';

import { compile } from '../../pkg/node.js';
import * as bodies from './peers/bodies.js';

const ROUNDS = 200;
const SECRET = 'whole-secret-of-some-length';
const COMPONENTS = [
  '@method',
  '@authority',
  '@path',
  '@query',
  'content-type',
  'content-digest',
  'content-digest;key="sha-256"',
  'priority;sf',
  'x-list;bs',
];
const URLS = [
  'https://hooks.example.org/in?x=1&y=%20',
  'http://127.0.0.1:8080/',
  'https://HOOKS.example.org:443/a%2Fb',
  'http://[::1]:80/?',
];
const HEADERS = { 'content-type': 'application/json', priority: 'u=1,   i=?1', 'x-list': 'a, b' };

const KEYS = {
  'hmac-sha256': { mine: SECRET, theirs: SECRET, given: { secret: SECRET }, format: 'utf8' },
  ed25519: asymmetric(generateKeyPairSync('ed25519')),
  'ecdsa-p256-sha256': asymmetric(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
};

function asymmetric({ publicKey, privateKey }) {
  return {
    mine: privateKey,
    theirs: publicKey,
    given: { publicKey: publicKey.export({ format: 'jwk' }) },
    format: 'jwk',
  };
}

const gateOf = (algorithm, more = {}) =>
  compile(
    {
      contract: 'messages',
      version: 1,
      signature: {
        engine: 'rfc9421',
        key: { algorithm, format: KEYS[algorithm].format },
        components: COMPONENTS,
        parameters: ['created', 'keyid', 'nonce', 'alg', 'expires'],
        tag: 'peer',
        ...more,
      },
      freshness: { field: 'created', pastSeconds: 300, futureSeconds: 5 },
    },
    { keys: [{ id: 'k1', ...KEYS[algorithm].given }] },
  );

/** The codes of the stages that speak of who signed and when; `authentic` for none. */
function judged(gate, request, options) {
  const { stages, findings } = gate.check(request, options);
  const codes = findings
    .filter(({ stage }) => ['signature', 'freshness'].includes(stage))
    .map(({ code }) => code)
    .join(' ');
  const held = stages.find(({ stage }) => stage === 'signature').result === 'pass';
  return held && codes === '' ? 'authentic' : codes || 'not judged';
}

const verifies = (algorithm, { method, url, headers }) =>
  httpbis.verifyMessage(
    {
      keyLookup: async ({ keyid }) =>
        keyid === 'k1'
          ? { id: 'k1', algs: [algorithm], verify: createVerifier(KEYS[algorithm].theirs, algorithm) }
          : null,
      requiredFields: ['content-digest'],
    },
    { method, url, headers: Object.fromEntries(headers) },
  );

test('http-message-signatures verifies what we sign, and refuses it changed', async () => {
  const gate = await gateOf('hmac-sha256');
  const random = bodies.randomFrom(401);
  for (let round = 0; round < ROUNDS; round += 1) {
    const body = bodies.bytes(random);
    const signed = gate.sign({ method: 'POST', url: URLS[round % URLS.length], headers: HEADERS, body });
    const at = `round ${round}: ${JSON.stringify(signed.headers)}`;
    assert.equal(await verifies('hmac-sha256', signed), true, at);
    assert.equal(judged(gate, signed), 'authentic', at);
    const changed = { ...signed, method: 'PUT' };
    assert.equal(await verifies('hmac-sha256', changed), false, at);
    assert.match(judged(gate, changed), /^signature-mismatch/, at);
    assert.equal(judged(gate, { ...signed, body: Buffer.concat([body, Buffer.from('\n')]) }), 'digest-mismatch', at);
  }
  gate.free();
});

for (const [index, algorithm] of Object.keys(KEYS).entries()) {
  test(`we accept what http-message-signatures signs with ${algorithm}, and refuse it changed`, async () => {
    const gate = await gateOf(algorithm);
    const random = bodies.randomFrom(411 + index);
    for (let round = 0; round < ROUNDS; round += 1) {
      const body = bodies.bytes(random);
      const url = URLS[round % URLS.length];
      const digest =
        `sha-512=:${createHash('sha512').update(body).digest('base64')}:,  ` +
        `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
      const { headers } = await httpbis.signMessage(
        {
          key: createSigner(KEYS[algorithm].mine, algorithm, 'k1'),
          fields: COMPONENTS,
          params: ['created', 'expires', 'keyid', 'alg', 'nonce', 'tag'],
          paramValues: { nonce: String(round), tag: 'peer' },
        },
        { method: 'POST', url, headers: { ...HEADERS, 'Content-Digest': digest } },
      );
      const request = { method: 'POST', url, headers, body };
      const at = `round ${round}: ${JSON.stringify(headers)}`;
      assert.equal(judged(gate, request), 'authentic', at);
      assert.match(judged(gate, { ...request, method: 'PUT' }), /^signature-mismatch/, at);
      assert.match(
        judged(gate, { ...request, headers: { ...headers, priority: 'u=1, i=?0' } }),
        /^signature-mismatch/,
        at,
      );
      assert.equal(judged(gate, { ...request, body: Buffer.concat([body, Buffer.from('\n')]) }), 'digest-mismatch', at);
    }
    if (algorithm !== 'hmac-sha256') {
      assert.throws(
        () => gate.sign({ method: 'POST', url: '/', headers: HEADERS, body: Buffer.alloc(0) }),
        /public key alone/,
      );
    }
    gate.free();
  });
}

test('a nonce is drawn where the contract asks for one, and only there', async () => {
  const request = { method: 'POST', url: 'https://h.example.org/', headers: HEADERS, body: Buffer.from('{}') };
  const input = ({ headers }) => headers.find(([name]) => name === 'signature-input')[1];
  const gate = await gateOf('hmac-sha256');
  assert.match(input(gate.sign(request)), /;nonce="[0-9a-f]{16}";tag="peer"$/);
  assert.match(input(gate.sign(request, { nonce: '0123456789abcdef' })), /;nonce="0123456789abcdef"/);
  const without = await gateOf('hmac-sha256', { parameters: ['created'] });
  assert.match(input(without.sign(request, { now: 7 })), /;created=7;keyid="k1";tag="peer"$/);
  assert.throws(() => without.sign(request, { nonce: '0123456789abcdef' }), /the contract has no nonce/);
  gate.free();
  without.free();
});

const VALUES = [
  '1',
  '-42',
  '007',
  '1.5',
  '00.250',
  '-3.125',
  '"x\\"y\\\\"',
  '"a, b=1"',
  ':AAEC:',
  '?0',
  '?1',
  'tok/en:*',
  '*a',
  '(1   2;x  "s")',
  '( )',
  '(a b);w',
];
const PARAMETERS = ['', '', ';p', ';  p=1;q="s"', ';r=?0;s=?1', ';t=(', ';u=1.50'];

test('http-message-signatures writes every dictionary as we do', async () => {
  const random = bodies.randomFrom(431);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const whole = await gateOf('hmac-sha256', { components: ['priority;sf'], parameters: ['created'] });
  const member = await gateOf('hmac-sha256', { components: ['priority;key="b"'], parameters: ['created'] });
  const read = { keyLookup: async () => ({ verify: createVerifier(SECRET, 'hmac-sha256') }) };
  const rejected = [];
  for (let round = 0; round < 10 * ROUNDS; round += 1) {
    const names = ['a', 'b', '*c', 'd-e.f_9'].slice(0, 1 + Math.floor(random() * 4));
    // The first has a value: without one the peer takes the field for a list.
    const members = names.map(
      (name, index) => `${name}${index > 0 && random() < 0.2 ? '' : `=${pick(VALUES)}`}${pick(PARAMETERS)}`,
    );
    const priority = ` ${members.join(pick([',', ', ', ' ,\t', '  ,   ']))} `;
    for (const gate of [whole, ...(names.includes('b') ? [member] : [])]) {
      try {
        const signed = gate.sign({
          method: 'POST',
          url: 'https://h.example.org/',
          headers: { priority },
          body: Buffer.alloc(0),
        });
        assert.equal(
          await httpbis.verifyMessage(read, { ...signed, headers: Object.fromEntries(signed.headers) }),
          true,
          priority,
        );
      } catch (error) {
        if (error.code !== 'contract-signature') throw error;
        rejected.push(priority);
      }
    }
  }
  assert.ok(
    rejected.length > ROUNDS && rejected.every((text) => text.includes(';t=(')),
    'what we refuse is what is malformed, and that alone',
  );
  whole.free();
  member.free();
});

// Where the peer differs. When this fails, the peer was mended: say so, and drop the exception.
test('http-message-signatures signs the last of two members of one name; we refuse both', async () => {
  const gate = await gateOf('hmac-sha256', { components: ['priority;sf'], parameters: ['created'] });
  const request = gate.sign({ method: 'POST', url: '/', headers: { priority: 'u=1' }, body: Buffer.alloc(0) });
  const forged = {
    ...request,
    url: 'https://h.example.org/',
    headers: request.headers.map(([name, value]) => (name === 'priority' ? [name, 'u=7, u=1'] : [name, value])),
  };
  const read = { keyLookup: async () => ({ verify: createVerifier(SECRET, 'hmac-sha256') }) };
  assert.equal(await httpbis.verifyMessage(read, { ...forged, headers: Object.fromEntries(forged.headers) }), true);
  assert.equal(judged(gate, forged), 'httpsig-component');
  gate.free();
});

const API = 'https://api.example.org/v1/users?page=1';
const DPOP = {
  contract: 'proofs',
  version: 1,
  request: { methods: ['GET', 'POST'] },
  signature: {
    engine: 'dpop',
    algorithms: ['ES256', 'EdDSA', 'Ed25519', 'RS256'],
    accessToken: 'jwt',
    maxTokenSeconds: 900,
    scopes: ['api:read'],
  },
  freshness: { field: 'iat', pastSeconds: 60, futureSeconds: 5 },
  replay: { key: ['field:jkt', 'field:jti'], onDuplicate: 'reject' },
  payload: { format: 'none' },
};
const issuer = await jose.generateKeyPair('ES256');
const seconds = () => Math.floor(Date.now() / 1000);

async function tokenFor(publicKey, life = 900) {
  const jkt = await jose.calculateJwkThumbprint(await jose.exportJWK(publicKey));
  const token = new jose.SignJWT({ cnf: { jkt }, scope: 'api:read' })
    .setProtectedHeader({ alg: 'ES256' })
    .setExpirationTime(seconds() + life);
  return token.sign(issuer.privateKey);
}

/**
 * What oauth4webapi would have sent: one proof for each request. `change` sees header and claims before they are
 * signed.
 */
async function sent(keys, token, change = () => {}, { method = 'GET', url = API, body } = {}) {
  const handle = oauth.DPoP({ client_id: 'c' }, keys, { [oauth.modifyAssertion]: change });
  let request;
  const capture = async (href, { headers }) => {
    request = { method, url: href, headers: Object.entries(headers), body: new Uint8Array(body ?? 0) };
    return new Response();
  };
  await oauth.protectedResourceRequest(token, method, new URL(url), new Headers(), body, {
    DPoP: handle,
    [oauth.customFetch]: capture,
    [oauth.allowInsecureRequests]: true,
  });
  return request;
}

test('we accept what oauth4webapi sends', async () => {
  const gate = await compile(DPOP);
  const seen = [];
  const random = bodies.randomFrom(421);
  const rsa = await oauth.generateKeyPair('RS256', { extractable: true }); // slow to make, so one for all
  for (let round = 0; round < ROUNDS; round += 1) {
    const keys =
      round % 4 === 3 ? rsa : await oauth.generateKeyPair(round % 4 === 1 ? 'Ed25519' : 'ES256', { extractable: true });
    const method = round % 2 ? 'POST' : 'GET';
    const url = URLS[round % URLS.length];
    const request = await sent(keys, await tokenFor(keys.publicKey), undefined, {
      method,
      url,
      body: round % 2 ? bodies.bytes(random) : undefined,
    });
    assert.equal(judged(gate, request), 'authentic', JSON.stringify(request));
    const again = gate.check(request, { seen });
    assert.equal(
      again.findings.some(({ code }) => code === 'replayed'),
      false,
    );
    if (again.replay) seen.push(again.replay.key);
  }
  assert.equal(new Set(seen).size, ROUNDS / 2, 'every proof that came without a body has a key of its own');
  gate.free();
});

test('what is changed in a proof of oauth4webapi is refused by its own code', async () => {
  const gate = await compile(DPOP);
  const withNonce = await compile({ ...DPOP, signature: { ...DPOP.signature, nonce: true } });
  const keys = await oauth.generateKeyPair('ES256', { extractable: true });
  const other = await jose.exportJWK((await jose.generateKeyPair('ES256')).publicKey);
  const own = await jose.exportJWK(keys.privateKey);
  const token = await tokenFor(keys.publicKey);
  const changes = [
    [
      'dpop-typ',
      (header) => {
        header.typ = 'JWT';
      },
    ],
    [
      'dpop-typ',
      (header) => {
        delete header.typ;
        header.cty = 'application/dpop+jwt';
      },
    ],
    [
      'dpop-alg',
      (header) => {
        header.alg = 'ES384';
      },
    ],
    [
      'dpop-alg',
      (header) => {
        header.alg = 'none';
      },
    ],
    [
      'dpop-jwk',
      (header) => {
        header.jwk = { ...header.jwk, d: own.d };
      },
    ],
    [
      'dpop-jwk',
      (header) => {
        delete header.jwk;
      },
    ],
    [
      'dpop-signature dpop-jkt',
      (header) => {
        header.jwk = other;
      },
    ],
    [
      'dpop-htm',
      (_, claims) => {
        claims.htm = 'POST';
      },
    ],
    [
      'dpop-htu',
      (_, claims) => {
        claims.htu = 'https://api.example.org/v1/admins';
      },
    ],
    [
      'dpop-htu',
      (_, claims) => {
        claims.htu = API;
      },
    ],
    [
      'dpop-ath',
      (_, claims) => {
        claims.ath = claims.ath.replace(/^./, (char) => (char === 'A' ? 'B' : 'A'));
      },
    ],
    [
      'dpop-ath',
      (_, claims) => {
        delete claims.ath;
      },
    ],
    [
      'dpop-iat',
      (_, claims) => {
        claims.iat -= 3600;
      },
    ],
    [
      'dpop-iat',
      (_, claims) => {
        claims.iat += 3600;
      },
    ],
    [
      'dpop-iat',
      (_, claims) => {
        claims.iat = String(claims.iat);
      },
    ],
    [
      'dpop-jti',
      (_, claims) => {
        delete claims.jti;
      },
    ],
    [
      'authentic',
      (_, claims) => {
        claims.exp = 1;
      },
    ], // an `exp` in a proof means nothing
  ];
  for (const [code, change] of changes) {
    const request = await sent(keys, token, change);
    assert.equal(judged(gate, request, { now: seconds() }), code, String(change));
  }
  for (const [nonce, code] of [
    ['n2', 'authentic'],
    ['n3', 'dpop-nonce'],
    [undefined, 'dpop-nonce'],
  ]) {
    const request = await sent(keys, token, (_, claims) => {
      claims.nonce = nonce;
    });
    assert.equal(judged(withNonce, request, { nonces: ['n1', 'n2'] }), code);
  }
  const request = await sent(keys, token);
  assert.equal(judged(gate, request, { jkt: 'another' }), 'dpop-jkt');
  assert.equal(judged(gate, { ...request, method: 'DELETE' }), 'dpop-htm');
  assert.equal(judged(gate, { ...request, url: 'https://api.example.org/v1/user' }), 'dpop-htu');
  assert.equal(judged(gate, await sent(keys, await tokenFor(keys.publicKey, 1000))), 'dpop-exp');
  assert.equal(judged(gate, await sent(keys, await tokenFor(issuer.publicKey))), 'dpop-jkt');
  gate.free();
  withNonce.free();
});

test('we accept the EdDSA proofs of jose', async () => {
  const gate = await compile(DPOP);
  const keys = await jose.generateKeyPair('EdDSA', { extractable: true });
  const token = await tokenFor(keys.publicKey);
  const jwk = await jose.exportJWK(keys.publicKey);
  const ath = createHash('sha256').update(token).digest('base64url');
  for (let round = 0; round < ROUNDS; round += 1) {
    const claims = new jose.SignJWT({
      htm: 'GET',
      htu: 'https://api.example.org/v1/users',
      ath,
      jti: `${round}`,
    }).setIssuedAt();
    const proof = await claims.setProtectedHeader({ typ: 'dpop+jwt', alg: 'EdDSA', jwk }).sign(keys.privateKey);
    const request = {
      method: 'GET',
      url: API,
      headers: { authorization: `DPoP ${token}`, dpop: proof },
      body: new Uint8Array(),
    };
    assert.equal(judged(gate, request), 'authentic');
    assert.equal(
      judged(gate, { ...request, headers: { ...request.headers, dpop: `${proof.slice(0, -4)}AAAA` } }),
      'dpop-signature',
    );
  }
  gate.free();
});
