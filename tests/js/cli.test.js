import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { compile } from '../../pkg/node.js';
import { BODY, folder, MAIN, NOW, recorded, ROOT, run, SECRET, URL_ } from './setup.js';

const gate = await compile('sub2api', { keys: [{ secret: SECRET }] });
const VERIFY = ['verify', '--contract', 'sub2api', '--key-env', 'S', '--now', String(NOW)];
const env = { S: SECRET };

function files(t, content) {
  const cwd = folder(t);
  for (const [name, text] of Object.entries(content)) writeFileSync(join(cwd, name), text);
  return cwd;
}

async function ends(code, args, options = {}) {
  const result = await run(args, { env, ...options });
  assert.equal(result.code, code, `${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result;
}

test('0: accepted, and ignored as a duplicate', async (t) => {
  const cwd = files(t, { 'a.http': recorded(gate) });
  const { stdout } = await ends(0, [...VERIFY, '-f', 'json', 'a.http'], { cwd });
  const { verdict, replay } = JSON.parse(stdout);
  assert.equal(verdict, 'accept');
  writeFileSync(join(cwd, 'seen'), `other:key\n${replay.key}\n`);
  const again = await ends(0, [...VERIFY, '-f', 'json', '--seen', 'seen', 'a.http'], { cwd });
  assert.equal(JSON.parse(again.stdout).verdict, 'ignore');
});

test('1: an answer, where the contract is of requests', async (t) => {
  const cwd = files(t, { 'answer.http': 'HTTP/1.1 200 OK\n\n{}' });
  const { stdout } = await ends(1, [...VERIFY, 'answer.http'], { cwd });
  assert.match(stdout, /error\[request-status\]: this is an answer[\s\S]*answer\.http:1:10 \(status\)/);
  writeFileSync(join(cwd, 'c.json'), '{"contract":"c","version":1,"response":{"statuses":[200]},"signature":null}');
  await ends(0, ['verify', '--contract', './c.json', 'answer.http'], { cwd });
  assert.match((await ends(2, ['sign', '--contract', './c.json'], { cwd })).stderr, /the contract is for responses/);
  assert.match(
    (await ends(2, [...VERIFY, '--other-key-env', 'S', 'answer.http'], { cwd })).stderr,
    /--other-key-env has no effect without --explain/,
  );
});

test('1: rejected, and --fail-on decides', async (t) => {
  const cwd = files(t, { 'a.http': recorded(gate, { body: BODY.replace('}', ',"metadata":{}}') }) });
  const { stdout } = await ends(1, [...VERIFY, 'a.http'], { cwd });
  assert.match(stdout, /error\[schema-additional-properties\]/);
  assert.match(stdout, /a\.http:6:\d+ \(\/metadata\)/);
  assert.match(stdout, /help: remove it/);
  await ends(0, [...VERIFY, '--fail-on', 'never', 'a.http'], { cwd });
  const long = recorded(gate, { body: BODY.replace('我要退款', '长'.repeat(2417)) });
  writeFileSync(join(cwd, 'b.http'), long);
  await ends(0, [...VERIFY, 'b.http'], { cwd });
  await ends(1, [...VERIFY, '--fail-on', 'warning', 'b.http'], { cwd });
});

test('2: usage and configuration', async (t) => {
  const cwd = files(t, {
    'a.http': recorded(gate),
    'bad.json': '{',
    'c.json': '{"contract":"x","version":1,"signature":null,"policy":["../x.rego"]}',
  });
  const stderr = async (...args) => (await ends(2, args, { cwd })).stderr;
  assert.match(await stderr(), /Usage: countersign/);
  assert.match(await stderr('verfy'), /did you mean `verify`/);
  assert.match(await stderr('diff', 'a', 'b'), /not available in this version[\s\S]*verify/);
  assert.match(await stderr(...VERIFY, '--explian', 'a.http'), /`--explian` is not an option/);
  assert.match(await stderr(...VERIFY, '--fail-on', 'errors', 'a.http'), /error, warning, never/);
  assert.match(await stderr(...VERIFY, '-f', 'xml', 'a.http'), /pretty, json, jsonl, compact, sarif/);
  assert.match(await stderr(...VERIFY, '-f', 'json', '-f', 'jsonl', 'a.http'), /two formats/);
  assert.match(await stderr(...VERIFY), /nothing to verify/);
  assert.match(await stderr('verify', 'a.http'), /no contract given/);
  assert.match(await stderr('verify', '--contract', 'sub2api', 'a.http'), /key-missing/);
  assert.match(await stderr('verify', '--contract', 'sub2ap', 'a.http'), /did you mean `sub2api`/);
  assert.match(await stderr('verify', '--contract', './none.json', 'a.http'), /does not exist/);
  assert.match(await stderr('verify', '--contract', './bad.json', 'a.http'), /bad\.json:1:\d/);
  assert.match(await stderr('verify', '--contract', 'sub2api', '--key-env', 'UNSET', 'a.http'), /`UNSET` is not set/);
  assert.match(await stderr('verify', '--contract', 'sub2api', '--key-file', 'none', 'a.http'), /does not exist/);
  assert.match(await stderr(...VERIFY, '--now', '1717029588000', 'a.http'), /milliseconds/);
  assert.match(await stderr(...VERIFY, '--now', 'yesterday', 'a.http'), /RFC 3339/);
  assert.match(await stderr('explain', 'signature-mismatched'), /did you mean `signature-mismatch`/);
});

test('3: what could not be checked wins over findings', async (t) => {
  const cwd = files(t, {
    'good.http': recorded(gate),
    'stale.http': recorded(gate, { now: 1 }),
    'short.http': 'POST / HTTP/1.1\ncontent-length: 9\n\nbody',
    'open.http': 'POST / HTTP/1.1\ncontent-type: a/b\n',
    'line.http': 'hello\n\n',
    'header.http': 'POST / HTTP/1.1\nno colon here\n\n',
    'empty.http': '',
  });
  mkdirSync(join(cwd, 'none'));
  const stderr = async (...paths) => (await ends(3, [...VERIFY, ...paths], { cwd })).stderr;
  assert.match(await stderr('short.http'), /short\.http:2: the body has 4 bytes, but content-length is 9/);
  assert.match(await stderr('open.http'), /no empty line/);
  assert.match(await stderr('line.http'), /line\.http:1/);
  assert.match(await stderr('header.http'), /header\.http:2/);
  assert.match(await stderr('empty.http'), /no empty line/);
  assert.match(await stderr('missing.http'), /does not exist/);
  assert.match(await stderr('none'), /nothing matched/);
  assert.match(await stderr('stale.http', 'short.http'), /short\.http/);
  await ends(0, [...VERIFY, '--allow-empty', 'none'], { cwd });
});

test('3: links that go in a circle, and what is no file', async (t) => {
  const cwd = files(t, { 'a.http': recorded(gate) });
  symlinkSync('loop', join(cwd, 'loop'));
  symlinkSync('loop.http', join(cwd, 'loop.http'));
  symlinkSync('.', join(cwd, 'self'));
  assert.match((await ends(3, [...VERIFY, 'loop'], { cwd })).stderr, /form a loop/);
  assert.match((await ends(3, [...VERIFY, 'a.http/x'], { cwd })).stderr, /a\.http\/x/);
  assert.match((await ends(3, [...VERIFY, 'a'.repeat(300)], { cwd })).stderr, /too long/);
  const { stdout } = await ends(0, [...VERIFY, '-f', 'jsonl', '.'], { cwd });
  assert.equal(stdout.trim().split('\n').length, 1);
});

test('a process of its own ends with the same code, and says the same', async (t) => {
  const cwd = files(t, { 'a.http': recorded(gate), 'b.http': recorded(gate, { now: 1 }) });
  for (const [code, ...args] of [
    [0, ...VERIFY, '-f', 'json', 'a.http'],
    [1, ...VERIFY, '-f', 'json', 'b.http'],
    [2, ...VERIFY, '--explian', 'a.http'],
    [3, ...VERIFY, 'missing.http'],
  ])
    assert.deepEqual(await ends(code, args, { cwd, apart: true }), await ends(code, args, { cwd }));
});

test('a reader who has had enough is no error', async () => {
  const child = spawn(process.execPath, [MAIN, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.deepEqual([code, stderr], [0, '']);
});

test('4: a broken installation is no finding', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'main.mjs'), readFileSync(join(ROOT, 'pkg/cli/main.js')));
  assert.equal(spawnSync(process.execPath, [join(cwd, 'main.mjs'), 'verify']).status, 4);
});

test('keys come from files, with one line break taken off, and an id', async (t) => {
  const cwd = files(t, {
    'a.http': recorded(gate),
    key: `${SECRET}\n`,
    windows: `${SECRET}\r\n`,
    two: `${SECRET}\n\n`,
  });
  for (const file of ['key', 'windows']) {
    const { stdout } = await ends(
      0,
      ['verify', '--contract', 'sub2api', '--key-file', `new=${file}`, '--now', String(NOW), '-f', 'json', 'a.http'],
      { cwd },
    );
    assert.equal(JSON.parse(stdout).signature.key, 'new');
  }
  const { stderr } = await ends(2, ['verify', '--contract', 'sub2api', '--key-file', 'two', 'a.http'], { cwd });
  assert.match(stderr, /key-whitespace/);
});

test('secrets never travel in argv, and are never printed', async (t) => {
  const cwd = files(t, {
    'a.http': recorded(gate, { body: '{"channel":"c","open_id":"o","content":"x","token":"hunter2"}' }),
  });
  for (const flag of [['--key', SECRET], [`--key=${SECRET}`], ['--secret', SECRET], [`--token=${SECRET}`]]) {
    const { stdout, stderr } = await ends(2, [...VERIFY, ...flag, 'a.http'], { cwd });
    assert.match(stderr, /refused.*\n.*--key-env/);
    assert.ok(!(stdout + stderr).includes(SECRET));
  }
  const mac = /x-cs-signature: (\S+)/.exec(readFileSync(join(cwd, 'a.http'), 'utf8'))[1];
  for (const extra of [[], ['-v'], ['--color', 'always'], ['--url', '/elsewhere']]) {
    const { stdout, stderr } = await ends(1, [...VERIFY, ...extra, 'a.http'], { cwd });
    for (const hidden of [SECRET, 'hunter2', mac]) assert.ok(!(stdout + stderr).includes(hidden), hidden);
  }
  const wrong = await ends(1, ['verify', '--contract', 'sub2api', '--key-env', 'S', '--now', String(NOW), 'a.http'], {
    cwd,
    env: { S: 'another-secret-of-16' },
  });
  assert.match(wrong.stdout, /signature-mismatch/);
  assert.ok(!(wrong.stdout + wrong.stderr).includes(mac));
});

test('several recordings are an array, or a line each', async (t) => {
  const cwd = files(t, { 'a.http': recorded(gate), 'b.http': recorded(gate, { now: 1 }) });
  const { stdout } = await ends(1, [...VERIFY, '-f', 'json', '.'], { cwd });
  assert.deepEqual(
    JSON.parse(stdout).map(({ verdict }) => verdict),
    ['accept', 'reject'],
  );
  const lines = await ends(1, [...VERIFY, '-f', 'jsonl', 'a.http', 'b.http'], { cwd });
  assert.equal(lines.stdout.trim().split('\n').length, 2);
});

test('one format on the screen, others in files, written whole', async (t) => {
  const cwd = files(t, { 'a.http': recorded(gate) });
  const { stdout } = await ends(0, [...VERIFY, '-f', 'pretty', '-f', 'json=out.json', 'a.http'], { cwd });
  assert.match(stdout, /accept/);
  assert.equal(JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8')).verdict, 'accept');
  assert.deepEqual(readdirSync(cwd).sort(), ['a.http', 'out.json']);
  await ends(2, [...VERIFY, '-f', 'json=none/out.json', 'a.http'], { cwd });
});

test('a case folder brings its own contract, time and keys', async (t) => {
  const cwd = files(t, {
    'request.http': recorded(gate),
    'case.json': JSON.stringify({ why: 'a case', contract: 'sub2api', now: NOW, keys: [{ secret: SECRET }] }),
  });
  await ends(0, ['verify', cwd]);
  await ends(0, ['verify', join(cwd, '..', cwd.split('/').at(-1))]);
  writeFileSync(join(cwd, 'case.json'), '{"secret": "hunter2');
  const { stderr } = await ends(2, ['verify', cwd]);
  assert.ok(!stderr.includes('hunter2'));
  for (const wrong of [
    { contract: 'sub2api', now: NOW * 1000, keys: [{ secret: SECRET }] },
    { contract: 'sub2api', keys: SECRET },
    { contract: 7 },
    { oops: 1 },
  ]) {
    writeFileSync(join(cwd, 'case.json'), JSON.stringify(wrong));
    await ends(2, ['verify', cwd]);
  }
});

test('a contract reads nothing outside its folder', async (t) => {
  const cwd = files(t, { 'a.http': recorded(gate), 'outside.rego': 'package x' });
  mkdirSync(join(cwd, 'inner'));
  const contract = (policy) =>
    writeFileSync(
      join(cwd, 'inner/c.json'),
      JSON.stringify({ contract: 'x', version: 1, signature: null, policy: [policy] }),
    );
  symlinkSync(join(cwd, 'outside.rego'), join(cwd, 'inner/link.rego'));
  for (const name of ['../outside.rego', 'link.rego', join(cwd, 'outside.rego')]) {
    contract(name);
    const { stderr } = await ends(2, ['verify', '--contract', 'inner/c.json', 'a.http'], { cwd });
    assert.match(stderr, /outside the contract's folder/);
  }
});

test('sign and verify agree, and curl is quoted', async (t) => {
  const cwd = files(t, { 'body.json': BODY });
  const signed = await ends(0, ['sign', '--contract', 'sub2api', '--key-env', 'S', '--now', String(NOW), 'body.json'], {
    cwd,
  });
  writeFileSync(join(cwd, 'a.http'), signed.stdout);
  await ends(0, [...VERIFY, 'a.http'], { cwd });
  const piped = await ends(0, ['sign', '--contract', 'sub2api', '--key-env', 'S', '--now', String(NOW), '-'], {
    cwd,
    input: BODY,
  });
  assert.equal(piped.stdout, signed.stdout);
  const curl = await ends(
    0,
    ['sign', '--contract', 'sub2api', '--key-env', 'S', '--curl', '--url', `http://h${URL_}?a='b`, 'body.json'],
    { cwd },
  );
  assert.match(curl.stdout, /^curl 'http:\/\/h\/api\/v1\/customer-service\/webhook\?a='\\''b'/);
  assert.match(curl.stdout, /--data-binary '@body\.json'/);
});

test('help and version are on stdout, for each command', async () => {
  for (const args of [
    ['--help'],
    ['-h'],
    ['verify', '--help'],
    ['check', '-h'],
    ['sign', '--help'],
    ['lint', '--help'],
    ['explain', '--help'],
  ]) {
    const { stdout, stderr } = await ends(0, args);
    assert.match(stdout, /Usage: countersign/);
    assert.equal(stderr, '');
  }
  assert.match((await ends(0, ['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test('colour by flag and environment alone', async (t) => {
  const cwd = files(t, { 'a.http': recorded(gate) });
  const colored = async (args, extra = {}) =>
    (await ends(0, [...VERIFY, ...args, 'a.http'], { cwd, env: { ...env, ...extra } })).stdout.includes('\u001b[');
  assert.equal(await colored([]), false);
  assert.equal(await colored(['--color', 'always']), true);
  assert.equal(await colored([], { FORCE_COLOR: '1' }), true);
  assert.equal(await colored([], { FORCE_COLOR: '1', NO_COLOR: '1' }), false);
  assert.equal(await colored(['--color', 'never'], { FORCE_COLOR: '1' }), false);
});

test('without Unicode every sign is ASCII', async (t) => {
  const cwd = files(t, { 'a.http': recorded(gate, { body: '{"channel":"c"}' }) });
  const { stdout } = await run([...VERIFY, 'a.http'], { cwd, env: { ...env, LANG: 'C', LC_ALL: 'C' } });
  assert.match(stdout, /FAIL/);
  assert.match(stdout, /^[\x20-\x7e\n]*$/);
});

test('explain tells the meaning and the mend', async () => {
  const { stdout } = await ends(0, ['explain', 'signature-mismatch', 'schema-required']);
  assert.match(stdout, /none of the keys verifies it/);
  assert.match(stdout, /help: /);
});

test('lint needs no key', async (t) => {
  await ends(0, ['lint', 'sub2api']);
  const cwd = files(t, { 'c.json': JSON.stringify({ contract: 'open', version: 1, signature: null }, null, 2) });
  const { stdout } = await ends(0, ['lint', '-f', 'json', './c.json'], { cwd });
  assert.equal(JSON.parse(stdout).findings[0].code, 'lint-unsigned');
  await ends(1, ['lint', '--fail-on', 'warning', './c.json'], { cwd });
});

test('lint needs no key, whatever the algorithm', async (t) => {
  const schema = JSON.parse(readFileSync(join(ROOT, 'policies/contract.schema.json'), 'utf8'));
  const { algorithm } = schema.$defs.key.properties;
  const common = { from: { header: 'x-signature' }, shape: { kind: 'plain' } };
  const contracts = algorithm.enum.flatMap((name) => {
    const formats = /^(ecdsa|rsa)/.test(name)
      ? ['spki', 'jwk']
      : name === 'ed25519'
        ? ['hex', 'base64', 'spki', 'jwk']
        : ['utf8'];
    const signed = name.startsWith('digest-') ? [{ secret: 'raw' }, { body: 'raw' }] : [{ body: 'raw' }];
    const rest = name === 'token' ? {} : { encoding: 'hex', signed };
    return formats.map((format) => ({ engine: 'segments', key: { algorithm: name, format }, ...common, ...rest }));
  });
  contracts.push({ engine: 'rfc9421', key: { algorithm: 'rsa-pss-sha512', format: 'jwk' }, components: ['@method'] });
  contracts.push({ engine: 'dpop', algorithms: ['ES256'], accessToken: 'none' });
  const freshness = { field: 'iat', pastSeconds: 60, futureSeconds: 5 };
  const named = contracts.map((signature, index) => [
    `c${index}.json`,
    JSON.stringify({ contract: 'c', version: 1, signature, ...(signature.engine === 'dpop' ? { freshness } : {}) }),
  ]);
  const cwd = files(t, Object.fromEntries(named));
  const { stdout } = await ends(0, ['lint', '-f', 'jsonl', ...named.map(([name]) => name)], { cwd });
  assert.equal(stdout.trim().split('\n').length, contracts.length);
});
