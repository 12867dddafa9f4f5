// `severities` of the configuration, for what contracts find; and what their findings are known by.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { tree } from './files.js';
import { run } from './setup.js';

/** A policy warns of every message, and the schema refuses one without `a`. */
const CONTRACT = {
  contract: 'c',
  version: 1,
  signature: null,
  schema: { required: ['a'] },
  policy: ['p.rego'],
};
const POLICY = `package p

import rego.v1

deny contains {"id": "late", "severity": "warning", "message": "it is late"} if true
`;
const message = (body) => `POST / HTTP/1.1\nhost: a.example\ncontent-type: application/json\n\n${body}`;
const FILES = {
  '.git/': '',
  'c.json': JSON.stringify(CONTRACT),
  'p.rego': POLICY,
  'in/good.http': message('{"a":1}'),
  'in/bad.http': message('{}'),
};

async function verify(cwd, ...args) {
  const { code, stdout, stderr } = await run(['verify', '--contract', './c.json', '-f', 'json', ...args], { cwd });
  const { findings } = stdout ? JSON.parse(stdout) : {};
  return { code, stderr, said: findings?.map(({ code: one, severity }) => `${one} ${severity}`), findings };
}

test('verify: a warning is what the configuration says, also by file', async (t) => {
  const cwd = tree(t, FILES);
  const config = (text) => tree(t, { 'countersign.yaml': text }, cwd);
  assert.deepEqual((await verify(cwd, 'in/good.http')).said, ['policy-late warning']);
  config('severities: { late: error }\n');
  assert.deepEqual(
    [(await verify(cwd, 'in/good.http')).code, (await verify(cwd, 'in/good.http')).said],
    [1, ['policy-late error']],
  );
  config('severities: { policy-late: "off" }\n');
  const off = await verify(cwd, '-v', 'in/good.http');
  assert.deepEqual([off.code, off.said], [0, []]);
  assert.match(off.stderr, /switched off by the configuration: 1 finding\n/);
  config('overrides: [{ files: [in/g*], severities: { late: info } }]\n');
  assert.deepEqual((await verify(cwd, 'in/good.http')).said, ['policy-late info']);
  assert.equal((await verify(cwd, 'in/bad.http')).said[1], 'policy-late warning');
});

test('what a message is rejected for stays an error, and that is said', async (t) => {
  const cwd = tree(t, { ...FILES, 'countersign.yaml': 'severities: { schema-required: warning }\n' });
  assert.equal((await verify(cwd, 'in/good.http')).code, 0);
  const { code, stderr } = await verify(cwd, 'in/bad.http');
  assert.equal(code, 2);
  assert.match(stderr, /`schema-required` \(in\/bad\.http\), so that stays an error\n {2}help: take it out/);
});

test('cases, of contracts, registries and packs, and lint: the same', async (t) => {
  const of = (name, found, input) => ({ [`cases/${name}/case.json`]: JSON.stringify(found), ...input });
  const expect = { codes: [] };
  const registry = { version: 1, hooks: [{ id: 'a', uri: 'http://a.example/', enabled: true, contract: './c.json' }] };
  const cwd = tree(t, {
    ...FILES,
    'hooks.json': JSON.stringify(registry),
    'team/t.rego': POLICY.replace('"warning"', '"error"'),
    ...of('contract', { contract: '../../c.json', expect }, { 'cases/contract/request.http': message('{"a":1}') }),
    ...of('registry', { registry: '../../hooks.json', expect }, { 'cases/registry/request.http': message('{"a":1}') }),
    ...of('pack', { pack: '../../team', expect: { ...expect, verdict: 'pass' } }, { 'cases/pack/input.json': '[{}]' }),
  });
  const counts = async () => JSON.parse((await run(['test', '-f', 'json', 'cases'], { cwd })).stdout).counts;
  assert.equal((await counts()).failed, 3);
  tree(t, { 'countersign.yaml': 'severities: { late: info, lint-unsigned: "off" }\n' }, cwd);
  assert.equal((await counts()).passed, 3);
  tree(t, { 'countersign.yaml': 'severities: { schema-required: info }\n' }, cwd);
  tree(t, { 'cases/contract/request.http': message('{}') }, cwd);
  assert.equal((await counts()).errors, 1); // it cannot be
});

test('lint: a weakness is what the configuration says', async (t) => {
  const cwd = tree(t, {
    '.git/': '',
    'c.json': '{ "contract": "c", "version": 1, "signature": null }',
  });
  const { stdout } = await run(['lint', '-f', 'json', './c.json'], { cwd });
  const [{ code, fingerprint }] = JSON.parse(stdout).findings;
  assert.match(fingerprint, /^[0-9a-f]{16}$/);
  tree(t, { 'countersign.yaml': `severities: { ${code}: "off" }\n` }, cwd);
  const after = JSON.parse((await run(['lint', '-f', 'json', './c.json'], { cwd })).stdout);
  assert.ok(after.findings.every((one) => one.code !== code));
});

test('a fingerprint is the same from any folder, and beside more messages; equal ones differ', async (t) => {
  const cwd = tree(t, FILES);
  const prints = async (folder, ...args) => {
    const { stdout } = await run(['verify', '-f', 'sarif', '--contract', ...args], { cwd: join(cwd, folder) });
    return JSON.parse(stdout).runs[0].results.map(({ partialFingerprints: one }) => one['countersign/v1']);
  };
  const own = await prints('.', './c.json', 'in/bad.http');
  assert.equal(new Set(own).size, 2);
  assert.deepEqual(await prints('in', '../c.json', 'bad.http'), own);
  tree(t, { 'in/bad.http': [message('{}'), message('{}')].join('\n\n###\n') }, cwd);
  const all = await prints('.', './c.json', 'in/bad.http');
  assert.equal(new Set(all).size, 4);
  assert.deepEqual(all.slice(0, 2), own);
});

test('what verify prints is a verdict that a case may expect', async (t) => {
  const cwd = tree(t, {
    ...FILES,
    'cases/a/case.json': '{ "contract": "../../c.json" }',
    'cases/a/request.http': message('{}'),
  });
  const { stdout } = await run(['verify', '--contract', './c.json', '-f', 'json', 'cases/a/request.http'], { cwd });
  tree(t, { 'cases/a/verdict.json': stdout }, cwd);
  const { code, stdout: said } = await run(['test', 'cases'], { cwd });
  assert.equal(code, 0, said);
});
