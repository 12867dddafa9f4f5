// Slips of the caller: each is told in words that say what to write instead, and nothing that may be a secret is
// repeated.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { compile, loadPack } from '../../pkg/node.js';
import { folder, recorded, run, SECRET } from './setup.js';

const HAR =
  '{"log":{"version":"1.2","entries":[{"request":{"method":"GET","url":"https://api.coze.com/v2/x","headers":[]},' +
  '"response":{"status":200,"headers":[]}}]}}';
const OPEN = '{"contract":"open","version":1,"signature":null}';

function files(t, named) {
  const cwd = folder(t);
  for (const [name, text] of Object.entries(named)) {
    mkdirSync(join(cwd, name, '..'), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

async function says(code, words, args, options) {
  const result = await run(args, options);
  assert.equal(result.code, code, `${args.join(' ')}\n${result.stdout}${result.stderr}`);
  for (const word of [words].flat()) assert.match(result.stdout + result.stderr, word);
}

test('a file or folder that bears the name of no contract', async (t) => {
  const hooks = JSON.stringify({
    version: 1,
    hooks: [{ id: 'li', uri: 'http://example.com/', enabled: true, contract: 'bug' }],
  });
  const cwd = files(t, {
    'bug.json': OPEN,
    'my/contract.json': OPEN,
    'shop.yaml': 'contract: shop\n',
    'hooks.json': hooks,
  });
  await says(
    2,
    /there is no shipped contract named `bug`\n {2}help: for the file, write \.\/bug\.json/,
    ['lint', 'bug'],
    { cwd },
  );
  await says(2, /write \.\/shop\.yaml/, ['lint', 'shop'], { cwd });
  await says(2, /write \.\/my\/contract\.json/, ['sign', '--contract', 'my', '-'], { cwd });
  await says(
    2,
    /contract my: it is a folder\n {2}help: name the file in it, such as my\/contract\.json/,
    ['lint', './my'],
    { cwd },
  );
  await says(
    2,
    [
      /hook `li`: there is no shipped contract named `bug` \(hooks\.json at \/hooks\/0\/contract\)/,
      /write \.\/bug\.json/,
    ],
    ['lint', 'hooks.json'],
    { cwd },
  );
  await says(
    2,
    /hook `li`: .*\(hooks\.json at \/hooks\/0\/contract\)/,
    ['verify', '--registry', 'hooks.json', 'a.http'],
    { cwd },
  );
  await says(2, /there is no shipped contract named `strip`\n {2}help: did you mean `stripe`/, ['lint', 'strip'], {
    cwd,
  });
});

test('what compile and loadPack take, when they got something else', async () => {
  const said = async (work, message, help) => {
    const error = await work.catch((thrown) => thrown);
    assert.equal(error.code, 'contract-unknown');
    assert.match(error.message, message);
    assert.match(error.help, help);
    assert.ok(!error.message.includes('s3cr3t') && error.message.length < 100, error.message);
  };
  await said(compile('./contract.json'), /this looks like a path/, /JSON\.parse\(text\)/);
  await said(compile(OPEN.replace('open', 's3cr3t')), /this is a text/, /JSON\.parse\(text\)/);
  await said(compile('contract: s3cr3t\nversion: 1\n'), /this is a text/, /JSON\.parse\(text\)/);
  await said(compile('s3cr3t'.repeat(50)), /not like the name of a shipped contract/, /shipped ones are .*sub2api/);
  await said(loadPack('./team'), /not like the name of a shipped pack/, /an object of paths and texts/);
  await said(compile('sub2pai'), /`sub2pai`/, /did you mean `sub2api`/);
});

test('recorded traffic of another name', async (t) => {
  const cwd = files(t, { 'rec.dat': HAR, 'rec.json': HAR, 'other.json': '{"a":1}' });
  const pack = ['check', '--pack', 'coze-migration'];
  await says(0, /1 document against coze-migration/, [...pack, 'rec.dat'], { cwd });
  await says(0, /1 document against coze-migration/, [...pack, '-'], { cwd, input: HAR });
  await says(3, /help: this is recorded traffic without the ending .har: add --as har\n/, [...pack, 'rec.json'], {
    cwd,
  });
  await says(3, /add --as har and --pack NAME\|DIR\n/, ['check', 'rec.json'], { cwd });
  await says(3, /help: coze-migration does not check this kind; .*--as har or --as http/, [...pack, 'other.json'], {
    cwd,
  });
  await says(3, /no `apiVersion` and `kind`: add --pack/, ['check', 'other.json'], { cwd });
  await says(0, /1 document/, [...pack, '--as', 'har', 'rec.json'], { cwd });
});

test('explain prints what it knows, and then what it does not', async () => {
  await says(
    2,
    [
      /^replayed\n/,
      /error: `replayd`, `foo`: no code, contract, pack or rule of this name\n {2}help: did you mean `replayed`/,
    ],
    ['explain', 'replayd', 'replayed', 'foo'],
  );
});

test('the help of a command speaks of that command', async () => {
  for (const command of ['sign', 'shape']) {
    const { stdout } = await run([command, '--help']);
    assert.doesNotMatch(stdout, /twice/);
    assert.match(stdout, /--method M/);
  }
  await says(
    0,
    [
      /or a bundle; give it twice to compare two\n/,
      /VALUE is read as JSON if it starts with \[, \{ or ", else as text/,
    ],
    ['verify', '--help'],
  );
  await says(0, /VALUE is read as JSON, else as text/, ['check', '--help']);
});

test("a status that is not the contract's is told for requests and answers", async () => {
  await says(0, /help: compare the status with `response\.statuses`; requests need a contract/, [
    'explain',
    'request-status',
  ]);
});

test('an answer without its status', async () => {
  const gate = await compile({ contract: 'answers', version: 1, signature: null, response: { statuses: [200] } });
  assert.throws(() => gate.check({ headers: {}, body: new Uint8Array() }), /TypeError: .*a response has `status`/);
  gate.free();
});

test('--set of verify keeps a name that looks like a number', async (t) => {
  const policy =
    'package webhook\n\nimport rego.v1\n\ndeny contains "another receiver" if input.body.to != data.params.receiver\n';
  const contract = { contract: 'c', version: 1, signature: null, policy: ['c.rego'] };
  const cwd = files(t, { 'c.json': JSON.stringify(contract), 'c.rego': policy });
  const of = (to) =>
    writeFileSync(
      join(cwd, 'a.http'),
      `POST / HTTP/1.1\r\ncontent-type: application/json\r\n\r\n${JSON.stringify({ to })}`,
    );
  const verify = (set) => ['verify', '--contract', './c.json', '-q', '--set', `receiver=${set}`, 'a.http'];
  for (const [to, set] of [
    ['7', '7'],
    ['true', 'true'],
    ['null', 'null'],
    ['1.0', '1.0'],
    ['x', '"x"'],
    [['a', 'b'], '["a","b"]'],
    ['[a', '[a'],
  ]) {
    of(to);
    await says(0, [], verify(set), { cwd });
    await says(1, /another receiver/, verify('other'), { cwd });
  }
});

test('a time that is beyond every check', async (t) => {
  const cwd = files(t, { 'a.http': recorded(await compile('sub2api', { keys: [{ secret: SECRET }] })) });
  const verify = (now) => ['verify', '--contract', 'sub2api', '--key-env', 'S', '--now', now, 'a.http'];
  const env = { S: SECRET };
  for (const now of ['9999-12-31T23:59:59Z', '5138-11-16T09:46:41Z'])
    await says(2, /--now is after the year 5138/, verify(now), { cwd, env });
  for (const now of ['5138-11-16T09:46:40Z', '99999999999', '0000-01-01T00:00:00Z'])
    await says(1, /timestamp-too-/, verify(now), { cwd, env });
});
