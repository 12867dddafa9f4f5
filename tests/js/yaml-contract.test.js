// A contract in YAML is the contract in JSON, and what YAML could make another one of is refused.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';

import { loadContract } from '../../pkg/cli/contract-file.js';
import { UsageError } from '../../pkg/cli/outcome.js';
import { shipped } from '../../pkg/api/node.js';
import { compile } from '../../pkg/node.js';
import { CASES, cases, expected, outcome } from './replay.js';
import { folder, run } from './setup.js';

const STYLES = {
  block: { version: '1.1', lineWidth: 80 },
  flow: { version: '1.1', collectionStyle: 'flow', lineWidth: 0 },
  'all in quotes': { version: '1.1', defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' },
};

/** The contract written as YAML with its files beside it, and loaded from there. */
function inYaml(home, style) {
  return async (name, from) => {
    const { contract, files } =
      typeof name === 'string' ? await loadContract(name, from) : { contract: name, files: {} };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(home, file)), { recursive: true });
      writeFileSync(join(home, file), text);
    }
    const path = join(home, 'contract.yaml');
    writeFileSync(path, stringify(contract, STYLES[style]));
    const loaded = await loadContract(path);
    assert.equal(JSON.stringify(loaded.contract), JSON.stringify(contract), `${style}: ${basename(from)}`);
    // What is missing beside one is missing beside the other, whatever the last case left there.
    return {
      contract: loaded.contract,
      files: Object.fromEntries(Object.keys(files).map((file) => [file, loaded.files[file] ?? files[file]])),
    };
  };
}

for (const style of Object.keys(STYLES)) {
  test(`every case comes out the same from its contract as YAML: ${style}`, async (t) => {
    const home = folder(t);
    let compared = 0;
    for (const { folder: place, found } of cases()) {
      if (found.pack) continue;
      const [file, text] = await outcome({ folder: place, found }, inYaml(home, style));
      assert.equal(text, expected(place, file), relative(CASES, place));
      compared += 1;
    }
    assert.ok(compared > 300, `${compared}`);
  });
}

test('every shipped contract is the same in YAML', async (t) => {
  const home = folder(t);
  for (const style of Object.keys(STYLES))
    for (const name of await shipped.names('contract')) await inYaml(home, style)(name, name);
});

const HEAD = 'contract: shop\nversion: 1\nsignature: null\n';

async function load(t, text) {
  const path = join(folder(t), 'c.yaml');
  writeFileSync(path, text);
  return loadContract(path);
}

const same = async (t, yaml, value) =>
  assert.equal(JSON.stringify((await load(t, yaml)).contract), JSON.stringify(value));

test('members stand in the order of the file, and so does the message', async (t) => {
  const { contract } = await load(
    t,
    `${HEAD}shape:\n  zebra: {from: [/a]}\n  apple: {from: [/a]}\n  mango: {from: [/a]}\n`,
  );
  const gate = await compile(contract);
  const { message } = gate.check({
    method: 'POST',
    url: '/',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"a":1}'),
  });
  assert.deepEqual(Object.keys(message), ['zebra', 'apple', 'mango']);
  gate.free();
});

test('anchors and aliases are written out; what merges maps for some readers alone is refused', async (t) => {
  const text = `${HEAD}shape:\n  a: &text {from: [/a], format: text}\n  b: *text\n`;
  const member = { from: ['/a'], format: 'text' };
  await same(t, text, { contract: 'shop', version: 1, signature: null, shape: { a: member, b: member } });
  await refused(
    t,
    `${text}  c:\n    required: true\n    <<: *text\n`,
    /`<<` merges maps for some readers, and is a key to others/,
    '9:5',
    /write the members out/,
  );
});

test('Rego in a block keeps its lines and tabs, and loads', async (t) => {
  const text =
    `${HEAD}policy:\n  - file: shop.rego\n    text: |\n      package shop\n\n      deny contains "no ` +
    'tea" if {\n      \tinput.body.item == "tea"\n      }\n';
  const { contract } = await load(t, text);
  assert.equal(contract.policy[0].text, 'package shop\n\ndeny contains "no tea" if {\n\tinput.body.item == "tea"\n}\n');
  const gate = await compile(contract);
  assert.equal(
    gate.check({
      method: 'POST',
      url: '/',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"item":"tea"}'),
    }).verdict,
    'reject',
  );
  gate.free();
});

test("a byte order mark, CRLF, comments and a document's marks change nothing", async (t) => {
  const value = { contract: 'shop', version: 1, signature: null };
  await same(t, `\uFEFF${HEAD}`, value);
  await same(t, HEAD.replaceAll('\n', '\r\n'), value);
  await same(t, `# orders\n---\n${HEAD}...\n`, value);
  await same(t, `%YAML 1.2\n---\n${HEAD}`, value);
});

test('texts that look like something else, in quotes', async (t) => {
  const texts = [
    'on',
    'no',
    'yes',
    'y',
    'null',
    '~',
    '',
    '010',
    '1.0',
    '2',
    '1_000',
    '0x1F',
    '12:30:45',
    '.inf',
    '2024-05-30',
  ];
  await same(t, `${HEAD}schema: {enum: [${texts.map((text) => `"${text}"`).join(', ')}]}\n`, {
    contract: 'shop',
    version: 1,
    signature: null,
    schema: { enum: texts },
  });
  await same(
    t,
    `${HEAD}schema: {enum: [true, false, null, ~, 0, -1, 1.5, 1.0e+3, v12:30, 2024-05, http://a.example/b, .]}\n`,
    {
      contract: 'shop',
      version: 1,
      signature: null,
      schema: { enum: [true, false, null, null, 0, -1, 1.5, 1000, 'v12:30', '2024-05', 'http://a.example/b', '.'] },
    },
  );
});

const refused = (t, text, message, place, help) =>
  assert.rejects(load(t, text), (error) => {
    assert.ok(error instanceof UsageError, error.stack);
    assert.match(error.message, message);
    if (place) assert.ok(error.message.includes(`c.yaml:${place}: `), error.message);
    if (help) assert.match(error.help, help);
    return true;
  });

test('what readers of YAML take for different things is refused, with its place', async (t) => {
  const member = (value) => `${HEAD}shape:\n  a: {default: ${value}}\n`;
  for (const word of ['yes', 'no', 'On', 'off', 'y', 'N'])
    await refused(
      t,
      member(word),
      new RegExp(`\`${word}\` would be read as the boolean (true|false)`),
      '5:16',
      /put a text in quotes/,
    );
  for (const word of ['010', '0o10', '0x1F', '1_000', '+1', '.5', '5.', '0b11'])
    await refused(t, member(word), /would be read as a number, by some readers as something else/, '5:16');
  for (const word of ['12:30', '190:20:30', '1:30.5', '2024-01-01', '2024-1-1T10:00:00Z']) {
    await refused(
      t,
      member(word),
      new RegExp(`\`${word.replaceAll('.', '\\.')}\` would be read as a text, by some readers as something else`),
      '5:16',
      /put a text in quotes/,
    );
  }
  await refused(t, `${HEAD}shape: {2024-01-01: {from: [/a]}}\n`, /`2024-01-01` would be read as a text/, '4:9');
  await refused(t, `${HEAD}route: {versions: [{version: "1", when: {/live: on}}]}\n`, /`on` would be read/);
  await refused(
    t,
    `${HEAD}shape: {on: {from: [/a]}}\n`,
    /a key is not a string \(it reads as the boolean true\)/,
    '4:9',
    /quotes/,
  );
  await refused(
    t,
    `${HEAD}route: {type: /t, versions: [{version: "1", events: {1: {}}}]}\n`,
    /a key is not a string \(it reads as a number\)/,
  );
});

test('a comment hides nothing: what ends a line for another reader is refused, with its place', async (t) => {
  for (const character of ['\r', '\x85', '\u2028', '\u2029']) {
    const text = `contract: shop\nversion: 1 # one${character}signature: null\n`;
    await refused(
      t,
      text,
      /ends a line for kubectl, and is text to other readers/,
      '2:17',
      /end lines with a line feed/,
    );
  }
});

test('texts that are numbers to another reader', async (t) => {
  for (const word of ['1e400', '0x10000000000000000', '0X1F', '0b-1', '.1_0'])
    await refused(t, `${HEAD}shape:\n  a: {default: ${word}}\n`, /by some readers as something else/, '5:16');
  await same(t, `${HEAD}schema: {enum: [e3, e4302197, -e3, .e3, v1, 1.2.3]}\n`, {
    contract: 'shop',
    version: 1,
    signature: null,
    schema: { enum: ['e3', 'e4302197', '-e3', '.e3', 'v1', '1.2.3'] },
  });
});

test('a value that was left out is not null: nobody forgets to sign by leaving lines out', async (t) => {
  for (const text of [
    'contract: shop\nversion: 1\nsignature:\n',
    'contract: shop\nversion: 1\nsignature: # later\n',
    '{contract: shop, version: 1, signature}',
    'contract: shop\nversion: 1\n? signature\n',
  ]) {
    await refused(t, text, /there is no value here/, undefined, /write null if you mean it/);
  }
  await refused(t, `${HEAD}policy:\n  -\n`, /there is no value here/);
});

test('duplicate keys, tabs, several documents, none', async (t) => {
  await refused(t, `${HEAD}version: 1\n`, /a key appears twice in one map/, '4:1');
  await refused(t, `${HEAD}shape:\n\ta: {}\n`, /tab/i, undefined, /indent with spaces/);
  await refused(t, `${HEAD}---\n${HEAD}`, /it contains 2 documents, not one/);
  await refused(
    t,
    'contract: shop\nsummary: orders: both\n',
    /nested mappings/,
    '2:10',
    /a colon and a space in quotes/,
  );
  await refused(t, '# nothing\n', /it contains 0 documents, not one/);
  await refused(t, 'shop\n', /single value/);
});

test('a number where a version is meant is refused in both, with the mend', async (t) => {
  const cwd = folder(t);
  for (const [name, text] of [
    ['c.yaml', `${HEAD}route:\n  versions:\n    - version: 2\n`],
    ['c.json', '{"contract":"shop","version":1,"signature":null,"route":{"versions":[{"version":2}]}}'],
  ]) {
    writeFileSync(join(cwd, name), text);
    const { code, stderr } = await run(['lint', `./${name}`], { cwd });
    assert.equal(code, 2);
    assert.match(
      stderr,
      /contract-grammar\]: a string is meant here, and not integer `2` \(\.\/c\.\w+ at \/route\/versions\/0\/version\)\n {2}help: put it in quotes/,
    );
  }
  writeFileSync(join(cwd, 'yes.yaml'), `${HEAD}route:\n  versions:\n    - version: "2"\n`);
  assert.equal((await run(['lint', './yes.yaml'], { cwd })).code, 0);
});

test('a rule is hidden from the gate by no line end', async (t) => {
  const cwd = folder(t);
  const policy = (end) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: shop}\n` +
    `spec:\n  podSelector: {}\n  policyTypes: [Ingress] # deny all${end}  ingress: [{}]\n`;
  for (const end of ['\r', '\x85', '\u2028', '\u2029']) {
    writeFileSync(join(cwd, 'a.yaml'), policy(end));
    const { code, stderr } = await run(['check', 'a.yaml'], { cwd });
    assert.equal(code, 3);
    assert.match(stderr, /a\.yaml:6:36/);
    assert.match(stderr, /ends a line for kubectl/);
    assert.match(stderr, /end lines with a line feed; in a text in double quotes, write it as \\u/);
  }
});

test('manifests keep what kubectl reads', async (t) => {
  const cwd = folder(t);
  writeFileSync(
    join(cwd, 'pod.yaml'),
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: }\nhostPID: no\nmode: 0644\n',
  );
  const { stderr } = await run(['check', 'pod.yaml'], { cwd });
  assert.ok(!/would be read|no value here/.test(stderr), stderr);
  assert.deepEqual(readdirSync(cwd), ['pod.yaml']);
});
