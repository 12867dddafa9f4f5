// Registries: the API's misuse, and the command line. What a registry decides stands in tests/cases/registry.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { ContractError, loadRegistry, Registry } from '../../pkg/node.js';
import { folder, ROOT, run } from './setup.js';

const DESIGN = join(ROOT, 'tests/cases/registry/design');
const RECORDED = (name) => join(ROOT, 'tests/cases/registry', name, 'request.http');
const NOW = '1482724545';
const env = { HOOK_LI_KEY: 'a-secret-of-li-that-is-long' };
const VERIFY = ['verify', '--registry', 'hooks.json', '--now', NOW];
const UNSIGNED = { contract: 'unsigned', version: 1, signature: null };
const KEYLESS = {
  version: 1,
  hooks: [{ id: 'zhao', uri: 'https://example.com/plain', enabled: true, contract: 'x-webhook-sign' }],
};

function design(t) {
  const cwd = folder(t);
  cpSync(DESIGN, cwd, { recursive: true });
  return cwd;
}

async function ends(code, args, options) {
  const result = await run(args, { env, ...options });
  assert.equal(result.code, code, `${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result;
}

test('a registry is loaded, checks and is freed', async () => {
  const registry = await loadRegistry(KEYLESS);
  const request = { method: 'POST', url: 'https://example.com/plain', headers: {}, body: new Uint8Array() };
  const outcome = registry.check(request, { failures: { zhao: 1 } });
  assert.deepEqual([outcome.hook, outcome.answer.status, outcome.disable.failures], ['zhao', 401, 2]);
  assert.equal(
    registry.checkText(request, { now: 1, failures: { zhao: 1 } }),
    JSON.stringify(registry.check(request, { now: 1, failures: { zhao: 1 } })),
  );
  for (const failures of [[], 'li', { zhao: -1 }, { zhao: '1' }, { zhao: 2 ** 32 }]) {
    assert.throws(() => registry.check(request, { failures }), /TypeError: failures/);
  }
  // A hook that was taken out of the file.
  assert.equal(registry.check(request, { failures: { gone: 3 } }).disable.failures, 1);
  assert.throws(() => registry.check(request, { failure: {} }), /unknown option `failure`/);
  registry.free();
  assert.throws(() => registry.check(request), /it was freed/);
  assert.throws(() => new Registry(), /loadRegistry/);
});

test('an answer is settled: its body is bytes or text, and misuse is a TypeError', async () => {
  const registry = await loadRegistry(KEYLESS);
  const receipt = '{"received":true}';
  const headers = new Headers({ 'content-type': 'application/json' });
  for (const body of [receipt, new TextEncoder().encode(receipt), new TextEncoder().encode(receipt).buffer]) {
    assert.equal(registry.settle('zhao', { status: 200, headers, body }, { receipt: true }).action, 'done');
  }
  assert.equal(registry.settle('zhao', { status: 200, headers, body: 'ok' }, { receipt: true }).action, 'retry');
  const none = registry.settle('zhao', Response.error(), { now: 1 });
  assert.deepEqual([none.action, none.reason, none.delay.milliseconds], ['retry', 'no-answer', 60_000]);
  assert.equal(registry.settleText('zhao', { status: 0 }, { now: 1 }), JSON.stringify(none));
  const later = { status: 503, headers: { 'retry-after': 'Thu, 01 Jan 1970 00:01:00 GMT' } };
  assert.equal(registry.settle('zhao', later, { now: new Date(0) }).delay.milliseconds, 60_000);
  for (const [words, ...args] of [
    [/no hook `zhoa`; did you mean `zhao`/, 'zhoa', { status: 200 }],
    [/hook must be the id/, undefined, { status: 200 }],
    [/answer must be an object.*if no answer came, pass \{ status: 0 \}/, 'zhao', undefined],
    [/answer\.status/, 'zhao', { status: 99 }],
    [/answer\.headers/, 'zhao', { status: 200, headers: 'none' }],
    [/answer\.body must be bytes or text, got a stream/, 'zhao', new Response(receipt)],
    [/answer\.body must be/, 'zhao', { status: 200, body: { received: true } }],
    [/failures must be a whole number/, 'zhao', { status: 200 }, { failures: { zhao: 1 } }],
    [/failures must be a whole number/, 'zhao', { status: 200 }, { failures: -1 }],
    [/receipt must be a boolean/, 'zhao', { status: 200 }, { receipt: 'yes' }],
    [/unknown option `recept`/, 'zhao', { status: 200 }, { recept: true }],
    [/quotas must be plain JSON/, 'zhao', { status: 200 }, { quotas: new Map() }],
    [/maxSeconds: a whole number/, 'zhao', { status: 200 }, { maxSeconds: 2_147_484 }],
    [/now is in seconds/, 'zhao', { status: 200 }, { now: Date.now() }],
  ]) {
    assert.throws(() => registry.settle(...args), { name: 'TypeError', message: words });
  }
  registry.free();
});

test('misuse is a TypeError, a mistake in the registry a ContractError with its place', async () => {
  for (const [document, options] of [
    [undefined],
    [[]],
    ['hooks.json'],
    [KEYLESS, { keys: [] }],
    [KEYLESS, { keys: { zhao: 'secret' } }],
    [KEYLESS, { contract: {} }],
    [KEYLESS, { contracts: null }],
    [KEYLESS, { contracts: { 'x-webhook-sign': {} } }],
    [KEYLESS, { contracts: { 'x-webhook-sign': { contract: UNSIGNED, filse: {} } } }],
  ]) {
    await assert.rejects(loadRegistry(document, options), TypeError);
  }
  for (const bundle of [
    { bundle: 99, contract: UNSIGNED, files: {} },
    { bundle: 1, contract: UNSIGNED, files: {}, more: 1 },
  ]) {
    await assert.rejects(loadRegistry(KEYLESS, { contracts: { 'x-webhook-sign': bundle } }), ContractError);
  }
  (
    await loadRegistry(KEYLESS, { contracts: { 'x-webhook-sign': { bundle: 1, contract: UNSIGNED, files: {} } } })
  ).free();
  const hooks = (...changes) => ({ version: 1, hooks: changes.map((change) => ({ ...KEYLESS.hooks[0], ...change })) });
  const refused = async (document, code, at, help) => {
    const error = await loadRegistry(document).catch((thrown) => thrown);
    assert.ok(error instanceof ContractError, String(error));
    assert.deepEqual([error.code, error.at], [code, at]);
    if (help) assert.match(error.help, help);
  };
  await refused(hooks({ contract: 'x-webhook-sgin' }), 'contract-unknown', '/hooks/0/contract', /x-webhook-sign/);
  await refused(hooks({}, { id: 'b' }), 'contract-registry', '/hooks/1/uri');
  await refused(hooks({ contract: 'github' }), 'key-missing', '/hooks/0/key');
  await refused({ version: 1, hooks: 'li' }, 'contract-grammar', '/hooks');
});

test('verify --registry: picked, and the report says what comes of it', async (t) => {
  const cwd = design(t);
  const passed = await ends(0, [...VERIFY, RECORDED('picked-by-host')], { cwd });
  assert.match(
    passed.stdout,
    /hook says accept 200[\s\S]*hook li \(通知小李修 bug\)\n {2}answer: 200 \{"received":true,"id":"1024"\}\n {2}leave it as it is: the signature verified/,
  );
  const disabled = await ends(1, [...VERIFY, RECORDED('disabled')], { cwd });
  assert.match(disabled.stdout, /error\[hook-disabled\][\s\S]*moved on 2026-10-01[\s\S]*answer: 410/);
  const refused = await ends(1, [...VERIFY, '--failures', 'li=2', RECORDED('signature-refused')], { cwd });
  assert.match(refused.stdout, /answer: 401 .*\n {2}disable it: refused signatures in a row: 3/);
  const extra = await ends(1, [...VERIFY, RECORDED('data-not-selected')], { cwd });
  assert.match(extra.stdout, /request\.http:7:\d+ \(\/data\/bug\/reporter\)/);
  const handshake = await ends(0, [...VERIFY, RECORDED('handshake')], { cwd });
  assert.match(handshake.stdout, /answer: 200 the contract's own\n/);
  const unknown = await ends(1, [...VERIFY, RECORDED('unknown-host')], { cwd });
  assert.match(unknown.stdout, /no hook\n {2}answer: 404/);
});

test('-f json prints the outcome, -f jsonl one a line', async (t) => {
  const cwd = design(t);
  const one = JSON.parse((await ends(0, [...VERIFY, '-f', 'json', RECORDED('picked-by-host')], { cwd })).stdout);
  assert.deepEqual([one.schemaVersion, one.hook, one.verdict.verdict], [1, 'li', 'accept']);
  const { stdout } = await ends(1, [...VERIFY, '-f', 'jsonl', RECORDED('picked-by-host'), RECORDED('disabled')], {
    cwd,
  });
  assert.deepEqual(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).answer.status),
    [200, 410],
  );
});

test('only the hook that a request is for needs its key', async (t) => {
  const cwd = design(t);
  const { stderr } = await ends(2, [...VERIFY, RECORDED('picked-by-host')], { cwd, env: {} });
  assert.match(stderr, /hook `li`: the environment variable `HOOK_LI_KEY` is not set/);
  await ends(1, [...VERIFY, RECORDED('disabled')], { cwd, env: {} });
  assert.match(
    (await ends(2, [...VERIFY, RECORDED('picked-by-port')], { cwd })).stderr,
    /hook `zhang`: key file .*zhang\.key/,
  );
  writeFileSync(join(cwd, 'zhang.key'), 'a-secret-of-zhang-that-is-long\n');
  await ends(0, [...VERIFY, RECORDED('picked-by-port')], { cwd });
  const short = await ends(2, [...VERIFY, RECORDED('picked-by-host')], { cwd, env: { HOOK_LI_KEY: 's3cr3t' } });
  assert.match(short.stderr, /error\[key-short\]: hook `li`/);
  assert.doesNotMatch(short.stderr, /s3cr3t/);
});

test("a name that is no variable's may be the key itself, and is not repeated", async (t) => {
  const cwd = design(t);
  const hook = {
    id: 'li',
    uri: 'http://example.com/',
    enabled: true,
    contract: './hook.json',
    key: { env: 'sk_live_SUPERSECRET' },
  };
  writeFileSync(join(cwd, 'slip.json'), JSON.stringify({ version: 1, hooks: [hook] }));
  writeFileSync(join(cwd, 'a.http'), 'POST / HTTP/1.1\r\nHost: example.com\r\n\r\n');
  const { stdout, stderr } = await ends(2, ['verify', '--registry', 'slip.json', 'a.http'], { cwd });
  assert.match(
    stderr,
    /hook `li`: there is no environment variable with the given name\n {2}help: .*never the key itself/,
  );
  assert.doesNotMatch(stdout + stderr, /SUPERSECRET/);
});

test('what a case folder or a registry gets wrong is a mistake of theirs, and no bug', async (t) => {
  const cwd = design(t);
  mkdirSync(join(cwd, 'case'));
  cpSync(RECORDED('picked-by-host'), join(cwd, 'case/request.http'));
  const says = async (words, found) => {
    writeFileSync(join(cwd, 'case/case.json'), JSON.stringify(found));
    assert.match((await ends(2, ['verify', '--registry', 'hooks.json', 'case'], { cwd })).stderr, words);
  };
  await says(/case: now is in seconds, not milliseconds/, { now: 1482724545000 });
  await says(/case: failures\.li must be a whole number/, { now: 1482724545, failures: { li: -1 } });
  await says(/case: unknown option `x`/, { now: 1482724545, options: { x: 1 } });
  writeFileSync(join(cwd, 'list.json'), '[]');
  assert.match(
    (await ends(2, ['verify', '--registry', 'list.json', 'case'], { cwd })).stderr,
    /registry list\.json: a registry is one object, and this is a list/,
  );
  for (const args of [
    ['verify', '--contract', './list.json', 'case'],
    ['sign', '--contract', './list.json', '-'],
    ['shape', '--contract', './list.json', '-'],
    ['lint', './list.json'],
  ]) {
    assert.match(
      (await ends(2, args, { cwd })).stderr,
      /contract list\.json: a contract is one object, and this is a list/,
    );
  }
});

test('usage', async (t) => {
  const cwd = design(t);
  const says = async (words, ...args) => assert.match((await ends(2, args, { cwd })).stderr, words);
  await says(/--contract cannot be used with --registry/, ...VERIFY, '--contract', 'stripe', 'a.http');
  await says(/--key-env cannot be used/, ...VERIFY, '--key-env', 'A', 'a.http');
  await says(/--failures has no effect without --registry/, 'verify', '--failures', 'li=1', 'a.http');
  await says(/no hook `lii`[\s\S]*did you mean `li`/, ...VERIFY, '--failures', 'lii=1', 'a.http');
  await says(/`li` is given twice/, ...VERIFY, '--failures', 'li=1', '--failures', 'li=2', 'a.http');
  await says(/a hook and a number/, ...VERIFY, '--failures', 'li', 'a.http');
  await says(/nothing to verify[\s\S]*countersign lint hooks\.json/, ...VERIFY);
  await says(/registry none\.json/, 'verify', '--registry', 'none.json', 'a.http');
  await ends(3, [...VERIFY, 'a.http'], { cwd });
});

test('lint validates a registry without its keys, and lints the contracts of its hooks', async (t) => {
  const cwd = design(t);
  const { stdout } = await ends(0, ['lint', 'hooks.json'], { cwd, env: {} });
  assert.match(stdout, /hooks\.json: 4 hooks, 3 enabled/);
  assert.match(stdout, /3 contracts, /);
  assert.match(stdout, /lint-no-key/);
  const json = JSON.parse((await ends(0, ['lint', '-f', 'json', 'hooks.json'], { cwd, env: {} })).stdout);
  assert.deepEqual(json[0], { schemaVersion: 1, registry: 'hooks.json', findings: [] });
  const weak = { contract: 'weak', version: 1, signature: null, request: { methods: ['POST'] } };
  mkdirSync(join(cwd, 'inner'));
  writeFileSync(join(cwd, 'inner/weak.json'), JSON.stringify(weak, null, 1));
  writeFileSync(join(cwd, 'inner/weak.bundle.json'), JSON.stringify({ bundle: 1, contract: weak, files: {} }, null, 1));
  const hooks = ['weak.json', 'weak.bundle.json'].map((name, index) => ({
    id: `h${index}`,
    uri: `http://example.com/${index}`,
    enabled: true,
    contract: `./${name}`,
  }));
  writeFileSync(join(cwd, 'inner/hooks.json'), JSON.stringify({ version: 1, hooks }));
  const placed = (await ends(0, ['lint', 'inner/hooks.json'], { cwd })).stdout;
  assert.match(placed, /lint-unsigned\][^\n]*\n *╭─▶ inner\/weak\.json:4:15 \(\/signature\)/);
  assert.match(placed, /inner\/weak\.bundle\.json:6:16 \(\/signature\)/);
  writeFileSync(join(cwd, 'none.json'), '{"version":1,"hooks":[]}');
  assert.match((await ends(1, ['lint', 'none.json'], { cwd })).stderr, /none\.json: there is no hook/);
  writeFileSync(
    join(cwd, 'bad.json'),
    '{"version":1,"hooks":[{"id":"li","uri":"http://example.com/","enabled":true,' +
      '"contract":"./hook.json","key":"s3cr3t"}]}',
  );
  const { stderr } = await ends(2, ['lint', 'bad.json'], { cwd });
  assert.match(stderr, /error\[contract-grammar\]: .*never holds it \(bad\.json at \/hooks\/0\/key\)/);
  assert.doesNotMatch(stderr, /s3cr3t/);
});
