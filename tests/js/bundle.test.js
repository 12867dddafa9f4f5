// A bundle is the contract and its files in one document, and gives the same gate, to the byte.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';

import { bundle, bundled as textOf } from '../../pkg/cli/bundle.js';
import { loadContract } from '../../pkg/cli/contract-file.js';
import { shipped } from '../../pkg/api/node.js';
import { compile, ContractError } from '../../pkg/node.js';
import { CASES, cases, expected, outcome } from './replay.js';
import { folder, NOW, recorded, run, SECRET } from './setup.js';

const read = (path) => readFileSync(path, 'utf8');

/** The bundle of a case's contract, as its text; undefined where the contract does not compile. */
async function bundled(home, name, from) {
  const output = join(home, 'bundle.json');
  const path = /[/\\.]/.test(name) ? join(from, name) : name;
  try {
    await bundle({ paths: [path], output });
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return undefined;
  }
  return read(output);
}

test('every case comes out the same from the bundle of its contract', async (t) => {
  const home = folder(t);
  const seen = new Set();
  const texts = new Map();
  let compared = 0;
  for (const { folder: place, found } of cases()) {
    if (typeof found.contract !== 'string') continue;
    const key = found.contract.startsWith('.') ? realpathSync(join(place, found.contract)) : found.contract;
    if (!texts.has(key)) texts.set(key, await bundled(home, found.contract, place));
    const text = texts.get(key);
    if (text === undefined) {
      assert.ok(existsSync(join(place, 'error.json')), place);
      continue;
    }
    const [file, got] = await outcome({ folder: place, found }, () => ({ contract: JSON.parse(text) }));
    assert.equal(got, expected(place, file), relative(CASES, place));
    compared += 1;
    seen.add(found.contract);
  }
  const names = await shipped.names('contract');
  assert.deepEqual(
    names.filter((name) => !seen.has(name)),
    [],
    'a shipped contract without a case',
  );
  assert.ok(compared > 100, `${compared}`);
});

test('every shipped contract is a module, too: what `countersign bundle` prints', async () => {
  for (const name of await shipped.names('contract')) {
    const { default: document } = await import(`../../pkg/contracts/${name}.js`);
    assert.equal(`${JSON.stringify(document, null, 2)}\n`, (await textOf(name)).text, name);
  }
  assert.equal((await run(['bundle', 'sub2api'])).stdout, (await textOf('sub2api')).text);
});

// A contract with every kind of file: schemas by name and by address, one in a folder below, one in place, two
// policies.
const REGO =
  'package shop\n\ndeny contains {"id": "no-tea", "message": "no tea", "at": "/item"} if {\n\tinput.body.item == ' +
  '"tea"\n}\n';
const CONTRACT = {
  contract: 'shop',
  version: 1,
  signature: null,
  route: {
    type: '/type',
    versions: [
      {
        version: '1',
        events: {
          'b.sent': { schema: 'sent.json' },
          'a.paid': { payload: [{ at: '/data', schema: 'sub/paid.json' }] },
        },
      },
    ],
  },
  schema: { $ref: 'https://example.org/common.json' },
  schemas: { 'https://example.org/common.json': 'sub/common.json' },
  policy: ['shop.rego', { file: 'own.rego', text: 'package own\n\nwarn contains "w" if input.body.item == "tea"\n' }],
  shape: { z: { from: ['/item'] }, a: { from: ['/type'] }, m: { default: { y: 1, b: 2 } } },
};
const FILES = {
  'contract.json': JSON.stringify(CONTRACT),
  'sent.json': '{"required":["item"],"properties":{"item":{"type":"string"}}}',
  'sub/paid.json': '{"type":"object"}',
  'sub/common.json': '{"type":"object","required":["type"]}',
  'shop.rego': REGO,
  'unnamed.json': '{}',
};

function shop(t, change = {}) {
  const cwd = folder(t);
  mkdirSync(join(cwd, 'sub'));
  for (const [name, text] of Object.entries({ ...FILES, ...change })) writeFileSync(join(cwd, name), text);
  return cwd;
}

async function ends(code, args, cwd, env = {}) {
  const result = await run(args, { cwd, env });
  assert.equal(result.code, code, `${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result;
}

test("it holds what is named and nothing else, in the contract's order, the same bytes twice", async (t) => {
  const cwd = shop(t);
  const { stdout } = await ends(0, ['bundle', './contract.json'], cwd);
  const made = JSON.parse(stdout);
  assert.deepEqual(Object.keys(made), ['bundle', 'contract', 'files']);
  assert.equal(JSON.stringify(made.contract), JSON.stringify(CONTRACT));
  assert.deepEqual(made.files, {
    'sent.json': FILES['sent.json'],
    'shop.rego': REGO,
    'sub/common.json': FILES['sub/common.json'],
    'sub/paid.json': FILES['sub/paid.json'],
  });
  await ends(0, ['bundle', 'contract.json', '-o', 'b.json'], cwd);
  assert.equal(read(join(cwd, 'b.json')), stdout);
  await ends(0, ['bundle', './b.json', '--output', 'again.json'], cwd);
  assert.equal(read(join(cwd, 'again.json')), stdout, 'the bundle of a bundle is that bundle');
  assert.deepEqual(
    readdirSync(cwd).filter((name) => name.endsWith('.tmp')),
    [],
  );
});

test('compile takes it with no file at hand', async (t) => {
  const cwd = shop(t);
  await bundle({ paths: [join(cwd, 'contract.json')], output: join(cwd, 'b.json') });
  const { contract, files } = await loadContract('./contract.json', cwd);
  const [plain, packed] = await Promise.all([
    compile(contract, { files }),
    compile(JSON.parse(read(join(cwd, 'b.json')))),
  ]);
  for (const body of [
    '{"type":"b.sent","item":"tea"}',
    '{"type":"b.sent"}',
    '{"type":"a.paid","data":{},"item":"x"}',
    '{}',
  ]) {
    const request = {
      method: 'POST',
      url: '/',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body),
    };
    assert.equal(packed.checkText(request, { now: NOW }), plain.checkText(request, { now: NOW }), body);
  }
  const accepted = packed.check({
    method: 'POST',
    url: '/',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"type":"b.sent","item":"x"}'),
  });
  assert.deepEqual([accepted.event.schema, Object.keys(accepted.message)], ['sent.json', ['z', 'a', 'm']]);
  for (const gate of [plain, packed]) gate.free();
});

test('the command line takes it where it takes a contract', async (t) => {
  const cwd = folder(t);
  await bundle({ paths: ['sub2api'], output: join(cwd, 'b.json') });
  const gate = await compile('sub2api', { keys: [{ secret: SECRET }] });
  writeFileSync(join(cwd, 'a.http'), recorded(gate));
  gate.free();
  const by = async (...contracts) =>
    (
      await ends(
        0,
        [
          'verify',
          ...contracts.flatMap((name) => ['--contract', name]),
          '--key-env',
          'S',
          '--now',
          String(NOW),
          '-f',
          'json',
          'a.http',
        ],
        cwd,
        { S: SECRET },
      )
    ).stdout;
  assert.equal(await by('./b.json'), await by('sub2api'));
  assert.deepEqual(
    [JSON.parse(await by('sub2api', './b.json')).agree, read(join(cwd, 'b.json')).includes(SECRET)],
    [true, false],
  );
  writeFileSync(join(cwd, 'weak.json'), '{"contract":"weak","version":1,"signature":null}');
  await ends(0, ['bundle', './weak.json', '-o', 'weak.bundle.json'], cwd);
  assert.match((await ends(0, ['lint', './weak.bundle.json'], cwd)).stdout, /weak\.bundle\.json:6:18 \(\/signature\)/);
});

test('a contract that does not compile makes no bundle, and an old one stays', async (t) => {
  const cases = [
    [{ 'sent.json': '{' }, 2, /contract-schema[\s\S]*`sent\.json` is not JSON/],
    [{ 'sent.json': '{"type":"strin"}' }, 2, /contract-schema/],
    [{ 'shop.rego': 'package' }, 3, /contract-policy/],
    [
      { 'contract.json': FILES['contract.json'].replace('sent.json', 'none.json') },
      2,
      /contract-file[\s\S]*`none\.json` is not beside/,
    ],
    [{ 'contract.json': FILES['contract.json'].replace('sent.json', '../up.json') }, 2, /`\.\.\/up\.json` is outside/],
    [{ 'contract.json': FILES['contract.json'].replace('sent.json', 'https://x.example/y.json') }, 2, /contract-file/],
    [{ 'contract.json': FILES['contract.json'].replace('"version"', '"verzion"') }, 2, /did you mean `version`/],
    [{ 'contract.json': '{' }, 2, /contract contract\.json:1:2/],
  ];
  for (const [change, code, message] of cases) {
    const cwd = shop(t, { ...change, 'b.json': 'old' });
    assert.match((await ends(code, ['bundle', './contract.json', '-o', 'b.json'], cwd)).stderr, message);
    assert.equal(read(join(cwd, 'b.json')), 'old');
    assert.equal((await ends(code, ['bundle', './contract.json'], cwd)).stdout, '');
  }
});

test('usage', async (t) => {
  const cwd = shop(t);
  symlinkSync(join(cwd, 'shop.rego'), join(cwd, 'link'));
  const stderr = async (...args) => (await ends(2, ['bundle', ...args], cwd)).stderr;
  assert.match(await stderr(), /no contract given/);
  assert.match(await stderr('stripe', 'github'), /only one contract can be bundled at a time/);
  assert.match(await stderr('./contract.json', '-o', 'contract.json'), /it is a source of the bundle/);
  assert.match(await stderr('./contract.json', '-o', 'link'), /it is a source of the bundle/);
  assert.match(await stderr('./contract.json', '-o', 'none/b.json'), /cannot write it \(ENOENT\)/);
  assert.match(await stderr('./contract.json', '-o', 'sub'), /cannot write it/);
  assert.match(await stderr('./contract.json', '--key-env', 'S'), /`--key-env` is not an option/);
  assert.equal(read(join(cwd, 'contract.json')), FILES['contract.json']);
});

test('a wrong bundle fails, and says where', async (t) => {
  const good = { bundle: 1, contract: CONTRACT, files: {} };
  const fails = async (document, code, at, message) => {
    await assert.rejects(compile(document), (error) => {
      assert.ok(error instanceof ContractError, error.stack);
      assert.deepEqual([error.code, error.at], [code, at]);
      assert.match(error.message, message);
      return true;
    });
  };
  await fails({ ...good, bundle: 2 }, 'contract-grammar', '/bundle', /this package reads `"bundle": 1`/);
  await fails({ ...good, keys: [] }, 'contract-grammar', '/keys', /unknown member `keys`/);
  await fails({ ...good, contract: 'shop' }, 'contract-grammar', '/contract', /got string/);
  await fails({ bundle: 1, files: {} }, 'contract-grammar', '/contract', /got undefined/);
  await fails({ ...good, files: [] }, 'contract-grammar', '/files', /got an array/);
  await fails({ ...good, files: { 'sent.json': {} } }, 'contract-grammar', '/files', /the text of `sent\.json`/);
  await fails(good, 'contract-file', '/schemas/https:~1~1example.org~1common.json', /not beside the contract/);
  await fails({ ...CONTRACT, bundle: 1 }, 'contract-grammar', '/version', /unknown member `version` of a bundle/);
  await fails({ contract: CONTRACT, files: {} }, 'contract-grammar', '/contract', /a string is meant here/);
  const cwd = folder(t);
  writeFileSync(join(cwd, 'b.json'), JSON.stringify({ ...good, bundle: '1' }));
  assert.match(
    (await ends(2, ['lint', './b.json'], cwd)).stderr,
    /error\[contract-grammar\].*\(\.\/b\.json at \/bundle\)|error\[contract-grammar\].*b\.json at \/bundle/,
  );
});
