// RFC 7636 from JavaScript: the vector of its Appendix B, the rules of a verifier, and misuse.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { pkce } from '../../pkg/node.js';

const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const s256 = (verifier) => createHash('sha256').update(verifier).digest('base64url');

test('Appendix B holds, and nothing near it', () => {
  assert.equal(pkce.verify(VERIFIER, CHALLENGE), true);
  assert.equal(pkce.verify(VERIFIER, CHALLENGE, { method: 'S256' }), true);
  for (const challenge of [`${CHALLENGE}=`, CHALLENGE.slice(0, -1), CHALLENGE.toLowerCase(), '', VERIFIER]) {
    assert.equal(pkce.verify(VERIFIER, challenge), false, challenge);
  }
  assert.equal(pkce.verify(CHALLENGE, VERIFIER), false);
  assert.equal(pkce.verify(VERIFIER, createHash('sha256').update(VERIFIER).digest('base64')), false);
});

test('a verifier is 43 to 128 unreserved characters', () => {
  for (const length of [43, 44, 127, 128])
    assert.equal(pkce.verify('a'.repeat(length), s256('a'.repeat(length))), true, length);
  for (const length of [0, 1, 42, 129, 100_000])
    assert.equal(pkce.verify('a'.repeat(length), s256('a'.repeat(length))), false, length);
  const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~';
  assert.equal(pkce.verify(unreserved, s256(unreserved)), true);
  for (const odd of ['+', '/', '=', ' ', '\n', '\0', '%', 'é', '\ud800']) {
    const verifier = 'a'.repeat(50) + odd;
    assert.equal(pkce.verify(verifier, s256(verifier)), false, JSON.stringify(odd));
  }
});

test('misuse is thrown, and repeats no value', () => {
  const misuse = (work, message) =>
    assert.throws(
      work,
      (error) => error instanceof TypeError && message.test(error.message) && !error.message.includes(VERIFIER),
    );
  for (const wrong of [undefined, null, 5, Buffer.from(VERIFIER), [VERIFIER]]) {
    misuse(() => pkce.verify(wrong, CHALLENGE), /^verifier must be a string, got /);
    misuse(() => pkce.verify(VERIFIER, wrong), /^challenge must be a string, got /);
  }
  for (const method of ['plain', 's256', null, ''])
    misuse(() => pkce.verify(VERIFIER, VERIFIER, { method }), /method must be 'S256'.*section 7\.2/);
  misuse(() => pkce.verify(VERIFIER, CHALLENGE, { methods: 'S256' }), /unknown option `methods`/);
  misuse(() => pkce.verify(VERIFIER, CHALLENGE, 'S256'), /options must be an object/);
});
