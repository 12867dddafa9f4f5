// The contract of the page: read, keyed, and the places of what is wrong with it.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';

import { compile, jsonProblems, loadPack, shipped } from '../../pkg/api/node.js';
import { bundleText } from '../../pkg/api/bundle.js';
import { loaded } from './loaded.js';

const page = await loaded('www/src/contract/files.ts');
const { isPublicKey, keyHint, standIn, takesKeys } = await loaded('www/src/contract/keys.ts');
const { placeOfRule } = await loaded('www/src/deployment/rego-places.ts');
await loadPack('kubernetes');

const CASES = new URL('../cases/', import.meta.url);
const read = (path) => readFileSync(new URL(path, CASES), 'utf8');
const NAMES = readdirSync(new URL('../../policies/webhook/', import.meta.url));

async function contractOf(files) {
  const found = await page.read(files, jsonProblems);
  assert.equal(found.problem, undefined, JSON.stringify(found.problem));
  return found;
}

/** The contract of a case and what stands beside it; nothing of one that ships. */
function filesOf(folder) {
  const { contract } = JSON.parse(read(`${folder}case.json`));
  if (typeof contract !== 'string' || !contract.includes('/')) return undefined;
  const home = new URL('.', new URL(`${folder}${contract}`, CASES));
  const names = readdirSync(home).filter((name) => name === 'contract.json' || /\.(rego|schema\.json)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(new URL(name, home), 'utf8')]));
}

test('own files stand over shipped ones', () => {
  const data = { contracts: { a: { summary: '', files: { 'contract.json': '1', 's.json': '2' } } } };
  assert.deepEqual(page.contractFiles({ shipped: 'a', files: { 's.json': '3' } }, data), {
    'contract.json': '1',
    's.json': '3',
  });
  assert.deepEqual(page.contractFiles({ shipped: 'gone', files: { 'contract.json': '4' } }, data), {
    'contract.json': '4',
  });
});

test('with a stand-in key every shipped contract compiles', async () => {
  for (const name of NAMES) {
    const { contract, files } = await shipped.contract(name);
    const found = await contractOf({ 'contract.json': JSON.stringify(contract), ...files });
    const keys = await standIn(found.contract);
    assert.equal(keys.length > 0, takesKeys(found.contract), name);
    assert.deepEqual(await standIn(found.contract), keys, name);
    (await compile(found.contract, { files: found.files, keys })).free();
    assert.equal(
      isPublicKey(found.contract),
      keys.some(({ publicKey }) => publicKey !== undefined),
      name,
    );
    assert.match(keyHint(found.contract), /^(No key|A shared secret|The sender’s public key)/);
  }
});

const KEYS = [
  ['stripe', /as text, at least 16 bytes.*sk_ or pk_ or rk_/],
  ['standard-webhooks', /base64.*whsec_/],
  ['discord', /public key: Ed25519, in hex/],
  ['coze-dpop', /No key: every proof/],
];

for (const [name, hint] of KEYS) {
  test(`the kind of key of ${name}`, async () => assert.match(keyHint((await shipped.contract(name)).contract), hint));
}

for (const [algorithm, format] of [
  ['rsa-pkcs1-sha256', 'spki'],
  ['ecdsa-p256-sha256', 'jwk'],
  ['ed25519', 'base64'],
  ['ed25519', 'jwk'],
  ['hmac-sha512', 'hex'],
]) {
  test(`a stand-in for ${algorithm} as ${format}`, async () => {
    const signature = {
      engine: 'segments',
      key: { algorithm, format },
      from: { header: 'x-s' },
      shape: { kind: 'plain' },
      encoding: 'base64',
      signed: [{ body: 'raw' }],
    };
    const contract = { contract: 'x', version: 1, signature };
    (await compile(contract, { keys: await standIn(contract) })).free();
  });
}

test('what is no contract asks for no key', async () => {
  for (const signature of [undefined, null, 'x', { key: null }, { key: {} }])
    assert.deepEqual(await standIn({ signature }), []);
});

const YAML = 'contract: x\nversion: 1\nsignature: null\nschema: s.json\n';

test('a contract in YAML, and a bundle', async () => {
  const yaml = await contractOf({ 'contract.yaml': YAML, 's.json': 'true' });
  assert.deepEqual([yaml.format, yaml.document, Object.keys(yaml.files)], ['yaml', 'contract.yaml', ['s.json']]);
  const place = page.fileOf('/version', yaml);
  assert.equal(YAML.slice(place.from, place.to), '1');
  const pasted = await contractOf({ 'contract.json': YAML, 's.json': 'true' });
  assert.equal(pasted.format, 'yaml');

  const text = bundleText(
    { contract: 'x', version: 2, signature: null, policy: ['p.rego'] },
    { 'p.rego': 'package p' },
  );
  const bundle = await contractOf({ 'contract.json': text });
  assert.deepEqual(
    [bundle.contract.contract, bundle.files, bundle.within],
    ['x', { 'p.rego': 'package p' }, '/contract'],
  );
  const version = page.fileOf('/version', bundle);
  assert.equal(text.slice(version.from, version.to), '2');
  const policy = page.fileOf('p.rego:1:1', bundle);
  assert.equal(text.slice(policy.from, policy.to), '"package p"');
});

const PROBLEMS = [
  ['nothing', {}, 'contract.json'],
  ['empty', { 'contract.json': ' ' }, 'contract.json'],
  ['cut short', { 'contract.json': '{"contract":' }, 'contract.json'],
  ['a list', { 'contract.json': '[]' }, 'contract.json'],
  ['a key twice', { 'contract.json': '{"version":1,"version":1}' }, 'contract.json'],
  ['two documents', { 'contract.yaml': 'a: 1\n---\nb: 2\n' }, 'contract.yaml'],
  ['what readers of YAML take in two ways', { 'contract.yaml': 'a: yes\n' }, 'contract.yaml'],
  ['what ends a line for some readers', { 'contract.yaml': 'a: 1 # one\u2028b: 2\n' }, 'contract.yaml'],
  ['a bundle of another kind', { 'contract.json': '{ "bundle": 2, "contract": {}, "files": {} }' }, 'contract.json'],
];

for (const [what, files, file] of PROBLEMS) {
  test(`a document that cannot be read has its place: ${what}`, async () => {
    const { problem } = await page.read(files, jsonProblems);
    assert.equal(problem.file, file);
    assert.ok(problem.message && problem.from <= problem.to && problem.to <= (files[file] ?? '').length);
  });
}

test('every contract that is refused says which file and range', async () => {
  let seen = 0;
  for (const entry of readdirSync(new URL('contract/', CASES))) {
    const folder = `contract/${entry}/`;
    const files = filesOf(folder);
    if (!files || !readdirSync(new URL(folder, CASES)).includes('error.json')) continue;
    const found = await contractOf(files);
    const error = JSON.parse(read(`${folder}error.json`));
    const problem = page.problemOf({ name: 'ContractError', ...error }, found);
    if (/^keys|^\/limits/.test(error.at ?? 'keys')) {
      assert.equal(problem.file, undefined, entry);
      continue;
    }
    assert.ok(problem.file, `${entry}: ${error.at}`);
    assert.ok(found.texts[problem.file].slice(problem.from, problem.to).trim().length > 0, entry);
    seen += 1;
  }
  assert.ok(seen > 50);
});

test('a schema that does not compile is marked where it is wrong', async () => {
  const schema = '{\n  "type": "object",\n  "properties": { "a": { "type": "strng" } }\n}\n';
  const found = await contractOf({
    'contract.json': '{"contract":"x","version":1,"signature":null,"schema":"s.json"}',
    's.json': schema,
  });
  const error = await compile(found.contract, { files: found.files }).catch((thrown) => thrown);
  const problem = page.problemOf({ name: error.name, message: error.message, at: error.at }, found);
  assert.deepEqual([problem.file, schema.slice(problem.from, problem.to)], ['s.json', '"strng"']);
});

test('every finding of a schema has the place of its rule', async () => {
  let seen = 0;
  for (const entry of readdirSync(CASES, { recursive: true }).filter((path) => path.endsWith('verdict.json'))) {
    const folder = entry.replace(/verdict\.json$/, '');
    const verdict = JSON.parse(read(entry));
    const named = verdict.findings.filter(({ schemaAt }) => schemaAt !== undefined);
    if (named.length === 0) continue;
    const { contract: name } = JSON.parse(read(`${folder}case.json`));
    if (typeof name !== 'string') continue;
    const files = filesOf(folder);
    if (!files && !NAMES.includes(name)) continue;
    const from =
      files ??
      (await shipped
        .contract(name)
        .then(({ contract, files: beside }) => ({ 'contract.json': JSON.stringify(contract, null, 2), ...beside })));
    const found = await contractOf(from);
    for (const { schemaAt } of named) {
      const place = page.fileOfSchema(schemaAt, found, verdict.event?.schema);
      assert.ok(place && found.texts[place.file].slice(place.from, place.to).length > 0, `${folder}${schemaAt}`);
      seen += 1;
    }
  }
  assert.ok(seen > 40, String(seen));
});

test('a finding of a policy has the line of its rule', () => {
  for (const entry of ['deny', 'rule-error', 'violation', 'warn', 'severity']) {
    const files = filesOf(`policy/${entry}/`);
    const { findings } = JSON.parse(read(`policy/${entry}/verdict.json`));
    for (const finding of findings.filter(({ stage }) => stage === 'policy')) {
      const place = placeOfRule(finding, files);
      assert.ok(place, `${entry}: ${finding.rule}`);
      if (finding.code !== 'rule-error')
        assert.match(files[place.file].split('\n')[place.line - 1], /"(id|code)"|deny|warn|violation|# id/);
    }
  }
});
