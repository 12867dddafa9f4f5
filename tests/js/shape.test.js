// Native events on their way to the receiver: shape, sign, verify.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { compile, ContractError } from '../../pkg/node.js';
import { BODY, folder, ROOT, run, SECRET, URL_ } from './setup.js';

const NOW = 1717030000;
const SHIM = join(ROOT, 'tests/cases/shim');
const NATIVE = readdirSync(SHIM).filter((name) => name.startsWith('native-'));
const SHAPE = ['shape', '--contract', 'sub2api', '--now', String(NOW)];
const KEY = ['--key-env', 'S'];
const env = { S: SECRET };
const gate = await compile('sub2api', { keys: [{ secret: SECRET }] });

const event = (name) => join(SHIM, name, 'event.json');
const wanted = (name) => JSON.parse(readFileSync(join(SHIM, name, 'shaped.json'), 'utf8'));

async function ends(code, args, options = {}) {
  const result = await run(args, { env, ...options });
  assert.equal(result.code, code, `${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result;
}

async function verdictOf(cwd, recording) {
  writeFileSync(join(cwd, 'signed.http'), recording);
  const { stdout } = await run(
    ['verify', '--contract', 'sub2api', ...KEY, '--now', String(NOW), '-f', 'json', 'signed.http'],
    { cwd, env },
  );
  return JSON.parse(stdout);
}

/** The last byte that is a letter or digit becomes another. */
function changed(text) {
  return text.replace(/[A-Za-z0-9](?=[^A-Za-z0-9]*$)/, (letter) => (letter === 'x' ? 'y' : 'x'));
}

assert.ok(NATIVE.length >= 6);
for (const name of NATIVE) {
  test(`${name}: shape, sign, verify`, async (t) => {
    const cwd = folder(t);
    const { stdout: message } = await ends(0, [...SHAPE, event(name)]);
    assert.deepEqual(JSON.parse(message), wanted(name).message);
    const signed = await ends(0, ['sign', '--contract', 'sub2api', ...KEY, '--now', String(NOW), '-'], {
      input: message,
    });
    const verdict = await verdictOf(cwd, signed.stdout);
    assert.equal(verdict.verdict, 'accept');
    assert.deepEqual(verdict.message, wanted(name).message); // so it is itself when it is shaped again
    assert.equal(verdict.replay === undefined, name === 'native-no-id');
    const forged = await verdictOf(cwd, changed(signed.stdout));
    assert.deepEqual([forged.verdict, forged.status, forged.findings[0].code], ['reject', 403, 'signature-mismatch']);
    const atOnce = await ends(0, [...SHAPE, '--sign', ...KEY, event(name)]);
    assert.equal(atOnce.stdout, signed.stdout);
  });

  test(`${name}: signed by openssl`, async (t) => {
    const cwd = folder(t);
    const { stdout: message } = await ends(0, [...SHAPE, '-'], { input: readFileSync(event(name)) });
    const { stdout } = spawnSync('openssl', ['dgst', '-sha256', '-hmac', SECRET], {
      input: `${NOW}.${message}`,
      encoding: 'utf8',
    });
    const signature = stdout.trim().split(' ').at(-1);
    const head =
      `POST ${URL_} HTTP/1.1\r\nContent-Type: application/json\r\nX-CS-Timestamp: ` +
      `${NOW}\r\nX-CS-Signature: ${signature}\r\n\r\n`;
    assert.equal((await verdictOf(cwd, head + message)).verdict, 'accept');
    assert.equal((await verdictOf(cwd, head + changed(message))).findings[0].code, 'signature-mismatch');
  });
}

test('the receiver takes every message that is made', async (t) => {
  const cwd = folder(t);
  let made = 0;
  for (const name of readdirSync(SHIM)) {
    const { contract, shape } = JSON.parse(readFileSync(join(SHIM, name, 'case.json'), 'utf8'));
    if (contract !== 'sub2api' || !shape || wanted(name).message === undefined) continue;
    made += 1;
    const { stdout } = await ends(0, [...SHAPE, '-q', '--sign', ...KEY, event(name)]);
    const { verdict, findings } = await verdictOf(cwd, stdout);
    assert.equal(verdict, 'accept', `${name}: ${JSON.stringify(findings)}`);
  }
  assert.ok(made >= 60, `${made} messages`);
});

test('the native event itself is refused', async (t) => {
  const input = readFileSync(event('native-large'));
  const signed = await ends(0, ['sign', '--contract', 'sub2api', ...KEY, '--now', String(NOW), '-'], { input });
  const { verdict, status } = await verdictOf(folder(t), signed.stdout);
  assert.deepEqual([verdict, status], ['reject', 400]);
});

test('stdout is the message and nothing else, stderr says what was dropped and cut', async () => {
  const large = await ends(0, [...SHAPE, event('native-large')]);
  assert.equal(large.stdout, `${BODY.slice(0, -1)},"timestamp":"2024-05-30T00:46:40Z"}`);
  assert.match(large.stderr, /info\[shape-dropped\]: .*: conversation, metadata, model, user\n/);
  assert.match(large.stderr, /sub2api made the message, 1 note\n$/);
  assert.equal((await ends(0, [...SHAPE, '-q', event('native-large')])).stderr, '');
  const cut = await ends(0, [...SHAPE, event('cut-2001')]);
  assert.match(
    cut.stderr,
    /warning\[content-truncated\].*\n.*event\.json:1:\d+ \(\/content\)\n.*length: 2001, allowed: 2000/,
  );
  assert.equal(JSON.parse(cut.stdout).content, '😀'.repeat(2000));
  assert.match((await ends(0, [...SHAPE, event('native-no-id')])).stderr, /warning\[replay-key-missing\]/);
});

test('1: an error leaves nothing on stdout', async () => {
  for (const [name, code] of [
    ['missing-user', /shape-missing/],
    ['parts-no-text', /shape-malformed.*\n.*event\.json:1:\d+ \(\/messages\/0\/content\)/],
    ['not-json', /json-duplicate-key.*\n.*event\.json:1:11/],
  ]) {
    for (const args of [[], ['-q'], ['--sign', ...KEY]]) {
      const { stdout, stderr } = await ends(1, [...SHAPE, ...args, event(name)]);
      assert.equal(stdout, '');
      assert.match(stderr, code);
    }
  }
  assert.equal((await ends(1, [...SHAPE, '--fail-on', 'warning', event('cut-2001')])).stdout, '');
});

test('-f json is the whole document, with a message or without', async (t) => {
  for (const [code, name] of [
    [0, 'native-chat'],
    [1, 'missing-both'],
  ]) {
    const { stdout, stderr } = await ends(code, [...SHAPE, '-f', 'json', event(name)]);
    assert.equal(stdout, readFileSync(join(SHIM, name, 'shaped.json'), 'utf8'));
    assert.equal(stderr, '');
  }
  const cwd = folder(t);
  const { stdout } = await ends(0, [...SHAPE, '-f', 'json=out.json', event('native-chat')], { cwd });
  assert.deepEqual(JSON.parse(stdout), JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8')).message);
});

test('the path gives the channel, and curl carries the message itself', async () => {
  const url = `http://127.0.0.1:8080${URL_}/widget`;
  const { stdout } = await ends(0, [...SHAPE, '--url', url, event('native-chat')]);
  assert.equal(JSON.parse(stdout).channel, 'widget');
  const curl = await ends(0, [...SHAPE, '--url', url, '--sign', ...KEY, '--curl', event('native-chat')]);
  assert.ok(curl.stdout.startsWith(`curl '${url}'`));
  assert.ok(curl.stdout.endsWith(`--data-binary '${stdout}'\n`));
  await ends(1, [...SHAPE, '--url', '/elsewhere', event('native-chat')]);
});

test('2: flags that nothing would read', async () => {
  const stderr = async (...args) => (await ends(2, [...SHAPE, ...args])).stderr;
  assert.match(await stderr(), /no event given/);
  assert.match(await stderr('a', 'b'), /one event/);
  assert.match(await stderr(...KEY, event('native-chat')), /--key-env has no effect without --sign/);
  assert.match(await stderr('--curl', event('native-chat')), /--curl has no effect without --sign/);
  assert.match(await stderr('--sign', event('native-chat')), /key-missing/);
  assert.match(await stderr('--sign', ...KEY, '-f', 'json', event('native-chat')), /-f json=shaped\.json/);
  assert.match(
    (await ends(2, ['shape', '--contract', 'stripe', event('native-chat')])).stderr,
    /contract-shape.*no `shape`/,
  );
  assert.match(
    (await ends(2, ['shape', '--contract', 'sub2api-answer', event('native-chat')])).stderr,
    /for responses/,
  );
});

test('from JavaScript', async () => {
  const request = {
    method: 'POST',
    url: URL_,
    headers: { 'content-type': 'application/json' },
    body: readFileSync(event('native-nested')),
  };
  assert.deepEqual(gate.shape(request, { now: NOW }), wanted('native-nested'));
  const { shaped, message } = gate.shapeText(request, { now: new Date(NOW * 1000) });
  assert.equal(JSON.stringify(JSON.parse(shaped).message), message);
  const signed = gate.sign({ ...request, body: new TextEncoder().encode(message) }, { now: NOW });
  assert.equal(gate.check(signed, { now: NOW }).verdict, 'accept');
  assert.throws(() => gate.shape({ ...request, body: '{}' }), TypeError);
  assert.throws(() => gate.shape(request, { nwo: NOW }), /unknown option `nwo`/);
  const none = await compile({ contract: 'none', version: 1, signature: null });
  assert.throws(
    () => none.shape(request),
    (error) => error instanceof ContractError && error.code === 'contract-shape',
  );
});

test('an exact number and an exact order survive, which JavaScript would not keep', async () => {
  const contract = {
    contract: 'copy',
    version: 1,
    signature: null,
    payload: { unsafeNumbers: 'warn' },
    shape: { raw: { from: ['/raw'] } },
  };
  const copy = await compile(contract);
  const raw = '{"b":1.0,"10":12345678901234567890,"2":0}';
  const { message } = copy.shapeText({ method: 'POST', url: '/', headers: [], body: Buffer.from(`{"raw":${raw}}`) });
  assert.equal(message, '{"raw":{"10":12345678901234567890,"2":0,"b":1.0}}');
});

test('sub2api-unsigned is sub2api without the signature and the time', () => {
  const file = (name) => readFileSync(join(ROOT, 'policies/webhook', name), 'utf8');
  const { freshness, ...signed } = JSON.parse(file('sub2api/contract.json'));
  const unsigned = JSON.parse(file('sub2api-unsigned/contract.json'));
  assert.deepEqual({ ...signed, signature: null }, { ...unsigned, contract: signed.contract, summary: signed.summary });
  assert.equal(file('sub2api-unsigned/message.schema.json'), file('sub2api/message.schema.json'));
});
