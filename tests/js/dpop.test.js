// DPoP on the command line: what a caller knows beside the proof comes in flags, and a flag that nothing reads is
// refused.

import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { folder, ROOT, run } from './setup.js';

const BOUND_TO = 'gWjt7nmB1udyFpLYVp0SxJnI8lJEvl7q8AFYZRqnGV8';
const OTHER = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
const NONCE = 'n-1';

async function verify(t, name, ...flags) {
  const cwd = folder(t);
  const found = join(ROOT, 'tests/cases/dpop', name);
  const { contract } = JSON.parse(readFileSync(join(found, 'case.json'), 'utf8'));
  cpSync(join(found, contract), join(cwd, 'contract.json'));
  cpSync(join(found, 'request.http'), join(cwd, 'request.http'));
  const { code, stdout, stderr } = await run(
    ['verify', '-f', 'json', '--contract', './contract.json', '--now', '1717030000', ...flags, 'request.http'],
    { cwd },
  );
  return { code, stderr, codes: stdout === '' ? [] : JSON.parse(stdout).findings.map((finding) => finding.code) };
}

test('--jkt is the key that the token is bound to', async (t) => {
  const unknown = await verify(t, 'accept-token'); // an opaque token says nothing of its key
  assert.deepEqual([unknown.code, unknown.codes], [1, ['dpop-jkt']]);
  assert.equal((await verify(t, 'accept-token', '--jkt', BOUND_TO)).code, 0);
  const { code, codes } = await verify(t, 'accept-token', '--jkt', OTHER);
  assert.deepEqual([code, codes], [1, ['dpop-jkt']]);
});

test('--nonces are those that the server gave out', async (t) => {
  const without = await verify(t, 'accept-jwt');
  assert.deepEqual([without.code, without.codes], [1, ['dpop-nonce']]);
  assert.equal((await verify(t, 'accept-jwt', '--nonces', 'other', '--nonces', NONCE)).code, 0);
  assert.deepEqual((await verify(t, 'accept-jwt', '--nonces', 'other')).codes, ['dpop-nonce']);
});

test('a flag comes before the case', async () => {
  const found = join(ROOT, 'tests/cases/dpop/jkt');
  assert.equal((await run(['verify', found])).code, 1);
  assert.equal((await run(['verify', '--jkt', BOUND_TO, found])).code, 0);
});

test('a flag that nothing reads, or that is no thumbprint, is refused', async (t) => {
  const refused = async (message, ...args) => {
    const { code, stderr } = await verify(t, ...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  };
  await refused(/--jkt is not a thumbprint/, 'accept-token', '--jkt', '');
  await refused(/--jkt is not a thumbprint/, 'accept-token', '--jkt', `${BOUND_TO}=`);
  await refused(/requires no nonce/, 'accept-token', '--nonces', 'n');
  const { code, stderr } = await run(
    [
      'verify',
      '--contract',
      'sub2api',
      '--key-env',
      'S',
      '--jkt',
      BOUND_TO,
      join(ROOT, 'tests/cases/sub2api/accept-minimal'),
    ],
    { env: { S: 'replace-with-real-secret' } },
  );
  assert.equal(code, 2);
  assert.match(stderr, /checks no DPoP proof/);
});
