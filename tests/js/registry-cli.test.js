// `countersign registry`: hooks are listed and edited, and the answers to deliveries settled. What follows from an
// answer stands in tests/cases/registry/settle.

import assert from 'node:assert/strict';
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { folder, ROOT, run } from './setup.js';

const DESIGN = join(ROOT, 'tests/cases/registry/design');
const LI = ['--hook', 'li'];

/** A folder with the design's hooks, and a function that runs `countersign registry VERB hooks.json …` in it. */
function opened(t) {
  const cwd = folder(t);
  cpSync(DESIGN, cwd, { recursive: true });
  const path = join(cwd, 'hooks.json');
  const registry = async (code, verb, ...words) => {
    const result = await run(['registry', verb, 'hooks.json', ...words], { cwd, env: {} });
    assert.equal(result.code, code, `${verb} ${words.join(' ')}\n${result.stdout}${result.stderr}`);
    return result;
  };
  const hook = (id) => JSON.parse(readFileSync(path, 'utf8')).hooks.find((one) => one.id === id);
  return { cwd, path, registry, hook };
}

test('the first hook makes the registry', async (t) => {
  const cwd = folder(t);
  const hook = ['--hook', 'li', '--uri', 'http://a.example/', '--contract', 'github', '--key-env', 'KEY'];
  const { stdout } = await run(['registry', 'add', 'hooks.json', ...hook], { cwd, env: {} });
  assert.equal(stdout, 'hooks.json: hook `li` added\n');
  assert.deepEqual(JSON.parse(readFileSync(join(cwd, 'hooks.json'), 'utf8')), {
    version: 1,
    hooks: [{ id: 'li', uri: 'http://a.example/', enabled: true, contract: 'github', key: { env: 'KEY' } }],
  });
});

test('add, set, enable, disable and remove change one hook, and write its members in order', async (t) => {
  const { path, registry, hook } = opened(t);
  const before = JSON.parse(readFileSync(path, 'utf8')).hooks;
  const sun = ['--hook', 'sun'];
  const columns = ['--note', '通知小孙', '--receipt', 'yes', '--data', '/a', '--data', '/b', '--disable-after', '3'];
  const made = ['--uri', 'https://sun.example/hook', '--contract', 'envelope', '--receiver', 'Sun'];
  const { stderr } = await registry(0, 'add', ...sun, ...columns, ...made);
  assert.match(stderr, /hint\[lint-no-key\]: hook `sun`: .*no key, so anybody can make it/);
  const whole = {
    id: 'sun',
    uri: 'https://sun.example/hook',
    note: '通知小孙',
    enabled: true,
    contract: 'envelope',
    receipt: true,
    data: ['/a', '/b'],
    receiver: 'Sun',
    disableAfter: 3,
  };
  assert.equal(JSON.stringify(hook('sun')), JSON.stringify(whole));
  const { stdout } = await registry(0, 'list');
  assert.match(
    stdout,
    /sun {2}https:\/\/sun\.example\/hook {2}enabled\n {2}note +通知小孙\n {2}contract +envelope\n {2}key +none\n {2}receipt +needed\n {2}data +\/a \/b\n {2}receiver +Sun\n {2}limit +disabled after 3 refused signatures in a row\n/,
  );
  assert.match(stdout, /5 hooks, 4 enabled/);
  await registry(0, 'set', ...sun, '--receipt', 'no', '--unset', 'data', '--unset', 'disableAfter', '--unset', 'note');
  const { note, data, disableAfter, ...rest } = whole;
  assert.equal(JSON.stringify(hook('sun')), JSON.stringify({ ...rest, receipt: false }));
  await registry(0, 'disable', ...sun, '--reason', 'gone');
  assert.deepEqual([hook('sun').enabled, hook('sun').reason], [false, 'gone']);
  await registry(0, 'enable', ...sun, '--note', 'back');
  assert.deepEqual([hook('sun').enabled, hook('sun').reason, hook('sun').note], [true, undefined, 'back']);
  await registry(0, 'set', ...sun, '--contract', 'x-webhook-sign', '--unset', 'receiver');
  await registry(0, 'remove', ...sun);
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')).hooks, before);
  const listed = JSON.parse((await registry(0, 'list', '-f', 'json')).stdout);
  assert.deepEqual(listed, before);
});

test('what would not load is not written', async (t) => {
  const { cwd, path, registry } = opened(t);
  const before = readFileSync(path, 'utf8');
  const refused = async (words, verb, ...args) => assert.match((await registry(2, verb, ...args)).stderr, words);
  await refused(/`li` stands at the same address/, 'set', '--hook', 'zhao', '--uri', 'http://example.com/receiveHook');
  await refused(/an enabled hook names its `contract`/, 'enable', '--hook', 'wang');
  await refused(/there is already a hook `li`/, 'add', ...LI, '--uri', 'http://a.example/');
  await refused(/use --uri URL/, 'add', '--hook', 'new');
  await refused(/did you mean `x-webhook-sign`/, 'set', '--hook', 'zhao', '--contract', 'x-webhook-sgin');
  await refused(/begin with http/, 'set', ...LI, '--uri', 'ftp://example.com/');
  await refused(/no hook `lii`[\s\S]*did you mean `li`/, 'remove', '--hook', 'lii');
  await refused(/use --reason TEXT/, 'disable', ...LI);
  await refused(/nothing to change/, 'set', ...LI);
  await refused(/--unset uri[\s\S]*every hook has it/, 'set', ...LI, '--unset', 'uri');
  await refused(/--unset nte[\s\S]*there are note, /, 'set', ...LI, '--unset', 'nte');
  await refused(/--receipt is yes or no/, 'set', ...LI, '--receipt', 'true');
  await refused(/key-unused.*hook `zhao`/, 'set', '--hook', 'zhao', '--key-env', 'A');
  await refused(/exclude each other/, 'set', ...LI, '--key-env', 'A', '--key-file', 'b');
  await refused(/a number of refused signatures/, 'set', ...LI, '--disable-after', 'three');
  await refused(/--reason has no effect/, 'set', ...LI, '--reason', 'x');
  await refused(/use --hook ID/, 'remove');
  assert.equal(readFileSync(path, 'utf8'), before);
  const usage = async (words, ...args) => assert.match((await run(['registry', ...args], { cwd })).stderr, words);
  await usage(/no subcommand given/);
  await usage(/did you mean `list`/, 'lsit', 'hooks.json');
  await usage(/no registry given/, 'list');
  await usage(/only one registry/, 'list', 'hooks.json', 'hooks.json');
  await usage(/cannot read: it does not exist/, 'remove', 'none.json', ...LI);
  await usage(/edited by hand/, 'remove', 'hooks.yaml', ...LI);
  assert.ok(!existsSync(join(cwd, 'none.json')));
});

test('the file is replaced whole: its mode stays, and a symbolic link stays one', async (t) => {
  const { cwd, path, registry } = opened(t);
  chmodSync(path, 0o600);
  symlinkSync('hooks.json', join(cwd, 'link.json'));
  const { code } = await run(['registry', 'set', 'link.json', ...LI, '--note', 'x'], { cwd });
  assert.equal(code, 0);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(readFileSync(join(cwd, 'link.json'), 'utf8'), readFileSync(path, 'utf8'));
  assert.deepEqual(
    readdirSync(cwd).filter((name) => name.endsWith('.tmp')),
    [],
  );
  const keyless = await registry(0, 'set', '--hook', 'zhao', '--contract', 'github', '--unset', 'receipt');
  assert.match(keyless.stderr, /hook `zhao`: its contract needs a key/);
  const quiet = await registry(0, 'enable', '--hook', 'zhao', '-q');
  assert.equal(quiet.stdout + quiet.stderr, '');
});

test('settle says what follows from answers, and how to disable the hook', async (t) => {
  const { cwd, registry } = opened(t);
  const answer = (name, status, body = '') => writeFileSync(join(cwd, name), `HTTP/1.1 ${status} X\r\n\r\n${body}`);
  answer('ok.http', 200, '{"received":true}');
  answer('refused.http', 401);
  answer('plain.http', 200, 'ok');
  assert.match(
    (await registry(0, 'settle', ...LI, 'ok.http')).stdout,
    /hook li \(通知小李修 bug\)\n {2}done \[received\]/,
  );
  const { stdout } = await registry(1, 'settle', ...LI, '--failures', '1', 'refused.http', 'refused.http');
  assert.match(
    stdout,
    /leave it as it is: refused signatures in a row: 2;[^\0]*disable it: refused signatures in a row: 3/,
  );
  const due = /registry disable hooks\.json --hook li --reason '([^']+)'/.exec(stdout)[1];
  await registry(0, 'disable', ...LI, '--reason', due);
  assert.match((await registry(1, 'settle', ...LI, '--no-answer')).stdout, /drop \[hook-disabled\]/);
  await registry(0, 'settle', '--hook', 'zhang', 'plain.http');
  const missing = await registry(1, 'settle', '--hook', 'zhang', '--receipt', 'yes', '--now', '0', 'plain.http');
  assert.match(missing.stdout, /retry \[receipt-missing\] 200: .*: send it again in 60 s \(missing-reset-header\)/);
  const one = JSON.parse((await registry(1, 'settle', '--hook', 'zhao', '-f', 'json', 'refused.http')).stdout);
  assert.deepEqual([one.schemaVersion, one.hook, one.action, one.disable.decision], [1, 'zhao', 'drop', true]);
  writeFileSync(join(cwd, 'request.http'), 'POST / HTTP/1.1\r\n\r\n');
  assert.match((await registry(2, 'settle', ...LI, 'request.http')).stderr, /it is a request/);
  assert.match((await registry(2, 'settle', ...LI)).stderr, /no answer given/);
  assert.match((await registry(2, 'settle', ...LI, '--no-answer', 'ok.http')).stderr, /given with an answer/);
  assert.match((await registry(2, 'settle', '--hook', 'lii', 'ok.http')).stderr, /did you mean `li`/);
  assert.match((await registry(2, 'settle', ...LI, '--uri', 'x', 'ok.http')).stderr, /--uri has no effect/);
});
