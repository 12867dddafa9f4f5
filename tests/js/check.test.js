import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { folder, run } from './setup.js';

const RULES = `package tests.pods

import rego.v1

# METADATA
# custom:
#   id: host-pid
deny contains {"id": "host-pid", "message": "shares the node's processes", "at": "/spec/hostPID"} if input.spec.hostPID

warn contains {"id": "no-image", "message": "no image", "at": sprintf("/spec/containers/%d/image", [i])} if {
  some i, container in input.spec.containers
  not container.image
}

deny contains {"id": "env", "message": data.extra} if data.params.env == "production"
`;

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostPID: yes\n  containers:\n    - name: 容器\n      ' +
  'token: hunter2\n';
const FINE = 'apiVersion: v1\nkind: Pod\nmetadata: {name: fine}\nspec:\n  containers: [{name: c, image: i}]\n';

function tree(t, files) {
  const cwd = folder(t);
  for (const [path, text] of Object.entries({ 'pack/rules.rego': RULES, ...files })) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  return cwd;
}

async function ends(code, cwd, args, options = {}) {
  const result = await run(['check', '--pack', './pack', ...args], { cwd, ...options });
  assert.equal(result.code, code, `${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result;
}

test('findings carry the place in the file', async (t) => {
  const cwd = tree(t, { 'all.yaml': `${FINE}---\n${POD}` });
  const { stdout } = await ends(1, cwd, ['-f', 'json', 'all.yaml']);
  const { verdict, findings, counts } = JSON.parse(stdout);
  assert.equal(verdict, 'fail');
  assert.equal(counts.files, 1);
  assert.equal(counts.documents, 2);
  const [pid, image] = findings;
  assert.equal(pid.code, 'policy-host-pid');
  assert.deepEqual(pid.source, { file: 'all.yaml', line: 11, column: 12, endLine: 11, endColumn: 15 });
  assert.equal(image.source.line, 13);
});

test("a list's items are found in the list", async (t) => {
  const items = {
    apiVersion: 'v1',
    kind: 'List',
    items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { hostPID: true } }],
  };
  const cwd = tree(t, { 'list.json': JSON.stringify(items, null, 2) });
  const { stdout } = await ends(1, cwd, ['-f', 'json', 'list.json']);
  const [{ at, source }] = JSON.parse(stdout).findings;
  assert.equal(at, '/items/0/spec/hostPID');
  assert.equal(JSON.stringify(items, null, 2).split('\n')[source.line - 1].trim(), '"hostPID": true');
});

test('--fail-on, --set and --data', async (t) => {
  const cwd = tree(t, {
    'fine.yaml': FINE,
    'warn.yaml': FINE.replace(', image: i', ''),
    'data.yaml': 'extra: from data\nparams: {env: production}\n',
  });
  await ends(0, cwd, ['fine.yaml']);
  await ends(0, cwd, ['warn.yaml']);
  await ends(1, cwd, ['--fail-on', 'warning', 'warn.yaml']);
  const { stdout } = await ends(1, cwd, ['--data', 'data.yaml', 'fine.yaml']);
  assert.match(stdout, /from data/);
  await ends(0, cwd, ['--data', 'data.yaml', '--set', 'env=staging', 'fine.yaml']);
  await ends(0, cwd, ['--fail-on', 'never', '--data', 'data.yaml', 'fine.yaml']);
});

test('standard input, folders and patterns', async (t) => {
  const cwd = tree(t, { 'k8s/a.yaml': POD, 'k8s/deep/b.yml': FINE, 'k8s/.hidden/c.yaml': 'a: {' });
  const files = async (args, options) =>
    JSON.parse((await ends(1, cwd, ['-f', 'json', ...args], options)).stdout).counts.files;
  assert.equal(await files(['-'], { input: POD }), 1);
  assert.equal(await files(['k8s']), 2);
  assert.equal(await files(['k8s/**/*.{yaml,yml}', 'k8s/a.yaml']), 2);
});

test('the report is for people, and shows no secret', async (t) => {
  const cwd = tree(t, { 'pod.yaml': POD });
  const { stdout } = await ends(1, cwd, ['pod.yaml']);
  assert.match(stdout, /error\[policy-host-pid\]: shares the node's processes/);
  assert.match(stdout, /5 │ {3}hostPID: yes\n {4}│ {12}\^{3}\n/);
  assert.match(stdout, /1 file, 1 document against \.\/pack/);
  assert.ok(!stdout.includes('hunter2'));
});

test('3: what cannot be read, matched or loaded', async (t) => {
  const cwd = tree(t, {
    'broken.yaml': 'a: {',
    'dup.json': '{"a":1,"a":2}',
    'one.json': '"x"',
    'utf16.yaml': Buffer.from('\ufeffa: 1', 'utf16le'),
    'pod.yaml': POD,
    'none/x.txt': '',
  });
  const stderr = async (...args) => (await ends(3, cwd, args)).stderr;
  assert.match(await stderr('broken.yaml'), /broken\.yaml:1:\d/);
  assert.match(await stderr('dup.json'), /dup\.json:1:\d/);
  assert.match(await stderr('one.json'), /single value/);
  assert.match(await stderr('utf16.yaml'), /UTF-16/);
  assert.match(await stderr('missing.yaml'), /does not exist/);
  assert.match(await stderr('none'), /none: nothing matched/);
  assert.match(await stderr('pod.yaml', 'none'), /none: nothing matched/);
  assert.match(await stderr('pod.yaml', 'x/*.yaml'), /nothing matched/);
  assert.match(await stderr('*.nothing'), /nothing/);
  assert.match(await stderr('pod.yaml', 'broken.yaml'), /broken/);
  await ends(0, cwd, ['--allow-empty', 'none']);
  writeFileSync(join(cwd, 'pack/rules.rego'), 'package a\nthis is not rego');
  const { stdout } = await ends(3, cwd, ['-f', 'json', 'pod.yaml']);
  assert.equal(JSON.parse(stdout).verdict, 'error');
});

test('2: usage', async (t) => {
  const cwd = tree(t, { 'pod.yaml': POD });
  await ends(2, cwd, []);
  await ends(2, cwd, ['--set', 'novalue', 'pod.yaml']);
  await ends(2, cwd, ['--pack', './none', 'pod.yaml']);
  await ends(2, cwd, ['--data', 'none.yaml', 'pod.yaml']);
});

test('without --pack, a document that no pack judges is never a pass', async (t) => {
  const cwd = tree(t, { 'other.yaml': 'a: 1\n' });
  const { code, stderr } = await run(['check', 'other.yaml'], { cwd });
  assert.equal(code, 3);
  assert.match(stderr, /no pack checks/);
});
