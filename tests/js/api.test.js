import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compile, ContractError, Gate, loadPack, Pack } from '../../pkg/node.js';
import { BODY, NOW, SECRET, URL_ } from './setup.js';

const keys = [{ id: '2024-05', secret: SECRET }];
const gate = await compile('sub2api', { keys });
const bytes = new TextEncoder().encode(BODY);
const request = gate.sign(
  { method: 'POST', url: URL_, headers: { 'content-type': 'application/json' }, body: bytes },
  { now: NOW },
);

const misuse = (change, message) => {
  assert.throws(
    () => gate.check({ ...request, ...change }, { now: NOW }),
    (error) => {
      assert.equal(error.constructor, TypeError);
      assert.match(error.message, message);
      return true;
    },
  );
};

test('a signed request is accepted, and the text is the verdict', () => {
  const verdict = gate.check(request, { now: NOW });
  assert.equal(verdict.verdict, 'accept');
  assert.equal(verdict.signature.key, '2024-05');
  assert.equal(gate.checkText(request, { now: NOW }), JSON.stringify(verdict));
});

test('the same secret as bytes gives the same verdict', async () => {
  const other = await compile('sub2api', { keys: [{ id: '2024-05', secret: new TextEncoder().encode(SECRET) }] });
  assert.equal(other.checkText(request, { now: NOW }), gate.checkText(request, { now: NOW }));
});

test('now is seconds or a Date, and nothing else', () => {
  const at = (now) => gate.check(request, { now }).verdict;
  assert.equal(at(new Date(NOW * 1000 + 999)), 'accept');
  assert.equal(at(NOW + 0.5), 'accept');
  assert.throws(() => at(NOW * 1000), /seconds, not milliseconds/);
  for (const wrong of [NaN, Infinity, '1717029588', null, new Date(NaN), 5n]) assert.throws(() => at(wrong), TypeError);
  assert.equal(gate.check(request).findings[0].code, 'timestamp-too-old');
});

test('a body that is not raw bytes is misuse, with the mend', () => {
  misuse({ body: BODY }, /string.*express\.raw/);
  misuse({ body: JSON.parse(BODY) }, /already parsed.*arrayBuffer/);
  misuse({ body: undefined }, /has no body, pass new Uint8Array\(\)/);
  misuse({ body: null }, /has no body/);
  misuse({ body: new Response(BODY).body }, /a stream/);
  misuse({ body: new Uint16Array(4) }, /Uint16Array: give its bytes/);
  misuse({ body: new SharedArrayBuffer(4) }, /shared memory/);
  misuse({ body: new Uint8Array(new SharedArrayBuffer(4)) }, /shared memory/);
  misuse({ body: 7 }, /number/);
});

test('a consumed stream says that it was read', async () => {
  const response = new Response(BODY);
  await response.text();
  misuse({ body: response.body }, /stream.*raw bytes/);
});

test('a detached buffer is not an empty body', () => {
  const buffer = new ArrayBuffer(8);
  const view = new Uint8Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  misuse({ body: buffer }, /detached/);
  misuse({ body: view }, /detached/);
});

test('every honest container of bytes gives the same verdict', () => {
  const expected = gate.checkText(request, { now: NOW });
  const padded = new Uint8Array(bytes.length + 10);
  padded.set(bytes, 7);
  const bodies = [
    bytes.buffer,
    Buffer.from(bytes),
    padded.subarray(7, 7 + bytes.length),
    new DataView(padded.buffer, 7, bytes.length),
  ];
  for (const body of bodies) assert.equal(gate.checkText({ ...request, body }, { now: NOW }), expected);
});

test('method and url must be strings, and a request an object', () => {
  misuse({ method: undefined }, /method must be a string/);
  misuse({ url: new URL('http://localhost/') }, /url must be the string that the sender called/);
  for (const wrong of [undefined, null, 'POST']) assert.throws(() => gate.check(wrong), TypeError);
});

test('a misspelt option is refused', async () => {
  assert.throws(() => gate.check(request, { Now: NOW }), /unknown option `Now`/);
  assert.throws(() => gate.sign(request, { nonse: 'x' }), /unknown option `nonse`/);
  await assert.rejects(compile('sub2api', { key: keys }), /unknown option `key`/);
  assert.throws(() => gate.check(request, { seen: 'a' }), /seen must be an iterable/);
  assert.throws(() => gate.check(request, { stopAtFirst: 1 }), /stopAtFirst must be a boolean/);
});

test('keys are checked before they cross, and never named by value', async () => {
  await assert.rejects(compile('sub2api', { keys: [SECRET] }), (error) => {
    assert.match(error.message, /keys\[0\] must be an object/);
    assert.ok(!error.message.includes(SECRET));
    return true;
  });
  await assert.rejects(compile('sub2api', { keys: SECRET }), (error) => !error.message.includes(SECRET));
  await assert.rejects(compile('sub2api', { keys: [{ secret: 5 }] }), /secret must be a string or a Uint8Array/);
  await assert.rejects(compile('sub2api', { keys: [{ secret: '\ud800'.repeat(16) }] }), /surrogate/);
  await assert.rejects(compile('sub2api', { keys: [{ sceret: SECRET }] }), /unknown member `sceret`/);
});

test('contract errors have a code, a place and a message', async () => {
  const code = (wanted) => (error) => error instanceof ContractError && error.code === wanted;
  await assert.rejects(compile('sub2api'), code('key-missing'));
  await assert.rejects(compile('sub2api', { keys: [{ secret: '' }] }), code('key-empty'));
  await assert.rejects(compile('sub2api', { keys: [{ secret: undefined }] }), code('key-empty'));
  await assert.rejects(
    compile('sub2ap', { keys }),
    (error) => code('contract-unknown')(error) && error.help === 'did you mean `sub2api`?',
  );
  await assert.rejects(compile('../webhook/sub2api', { keys }), code('contract-unknown'));
  await assert.rejects(compile({ contract: 'x', version: 1, signature: null, oops: 1 }), code('contract-grammar'));
  const cyclic = {};
  cyclic.self = cyclic;
  await assert.rejects(compile(cyclic), TypeError);
  for (const wrong of [undefined, null, 3, []]) await assert.rejects(compile(wrong), TypeError);
});

test('a freed gate says so, and freeing twice is no mistake', async () => {
  const freed = await compile('sub2api', { keys });
  freed.free();
  freed.free();
  assert.throws(() => freed.check(request, { now: NOW }), /freed/);
  if (Symbol.dispose) {
    const disposed = await compile('sub2api', { keys });
    disposed[Symbol.dispose]();
    assert.throws(() => disposed.check(request), TypeError);
  }
});

test('gates and packs are not made by new', () => {
  assert.throws(() => new Gate(), /compile\(\)/);
  assert.throws(() => new Pack(), /loadPack\(\)/);
});

test('an unknown pack names what is shipped', async () => {
  await assert.rejects(loadPack('nothing-of-that-name'), ContractError);
  await assert.rejects(loadPack({ 'a.rego': 1 }), /must be a string/);
});

test('an answer has a status, and its verdict has none', async () => {
  const contract = {
    contract: 'answers',
    version: 1,
    response: { statuses: [200] },
    signature: { engine: 'rfc9421', key: { algorithm: 'hmac-sha256' }, components: ['@status', 'content-digest'] },
  };
  const gate = await compile(contract, { keys: [{ id: 'k', secret: 'a-secret-of-some-length' }] });
  const answer = { status: 200, headers: [], body: new TextEncoder().encode('{}') };
  const signed = gate.sign(answer);
  assert.deepEqual(Object.keys(signed), ['status', 'headers', 'body']);
  const verdict = gate.check(signed);
  assert.deepEqual([verdict.verdict, 'status' in verdict, 'statusText' in verdict], ['accept', false, false]);
  assert.equal(
    gate.check({ ...signed, status: 201 }).findings.some(({ code }) => code === 'request-status'),
    true,
  );
  assert.equal(
    gate.check({ method: 'POST', url: '/', headers: signed.headers, body: signed.body }).findings[0].code,
    'request-status',
  );
  assert.throws(
    () => gate.sign({ method: 'POST', url: '/', headers: [], body: answer.body }),
    /cannot sign: this is a request, and the contract is of answers/,
  );
  for (const status of ['200', 99, 600, 200.5, NaN, null]) {
    assert.throws(() => gate.check({ ...answer, status }), {
      name: 'TypeError',
      message: /the status of a response must be a whole number from 100 to 599/,
    });
  }
  gate.free();
});
