// What a finding is known by stays when its place in the text changes, and changes when it is about something else.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { folder, run } from './setup.js';

/** Finds every member `bad`, wherever it is. */
const RULE = `package tests

deny contains {"id": "bad", "message": sprintf("bad is %v", [value]), "at": at} if {
  walk(input, [path, value])
  path[count(path) - 1] == "bad"
  at := concat("", [sprintf("/%v", [part]) | some part in path])
}

deny contains {"id": "bad", "message": "bad", "at": sprintf("/%d/Value/0", [i])} if input[i].Value[0] == "bad"
`;

/** The fingerprints of the findings in files, sorted. */
async function told(t, files, paths = ['.'], where = '.') {
  const cwd = folder(t);
  for (const [path, text] of Object.entries({ 'pack/rules.rego': RULE, ...files })) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), typeof text === 'string' ? text : JSON.stringify(text));
  }
  const args = ['check', '--pack', join(cwd, 'pack'), '-f', 'json', ...paths];
  const { stdout, stderr } = await run(args, { cwd: join(cwd, where) });
  const { findings } = JSON.parse(stdout);
  assert.ok(findings.length > 0, stdout + stderr);
  for (const { fingerprint } of findings) assert.match(fingerprint, /^[0-9a-f]{16}$/);
  return findings.map(({ fingerprint }) => fingerprint).sort();
}

const pod = (spec, { apiVersion = 'v1', kind = 'Pod', ...metadata } = {}) => ({
  apiVersion,
  kind,
  metadata: { name: 'p', namespace: 'shop', ...metadata },
  spec,
});
const BAD = pod({ containers: [{ name: 'a' }, { name: 'b', bad: 1 }] });
const OTHER = pod({ bad: 1 }, { name: 'other' });
const yaml = (...documents) => documents.map((one) => `${JSON.stringify(one, null, 2)}\n`).join('---\n');

const STAYS = {
  'lines move': [{ 'a.yaml': yaml(BAD) }, { 'a.yaml': `# a comment\n\n${JSON.stringify(BAD)}\n` }],
  'another file': [{ 'a.yaml': yaml(BAD) }, { 'deploy/b.json': BAD }],
  'documents in another order': [{ 'a.yaml': yaml(BAD, OTHER) }, { 'a.yaml': yaml(OTHER, BAD) }],
  'a list of documents': [
    { 'a.yaml': yaml(BAD) },
    { 'a.json': { apiVersion: 'v1', kind: 'List', items: [OTHER, BAD] } },
  ],
  'a typed list': [
    { 'a.json': { apiVersion: 'v1', kind: 'PodList', items: [BAD] } },
    { 'a.json': { apiVersion: 'v1', kind: 'PodList', items: [{ metadata: BAD.metadata, spec: BAD.spec }] } },
  ],
  'named items in another order': [
    { 'a.yaml': yaml(BAD) },
    { 'a.yaml': yaml(pod({ containers: [{ name: 'b', image: 'i', bad: 1 }, { name: 'a' }] })) },
  ],
  'items without a name in another order': [
    { 'a.yaml': yaml(pod({ rules: [{ bad: 1, verbs: ['get'] }, { verbs: [] }] })) },
    { 'a.yaml': yaml(pod({ rules: [{ verbs: [] }, { verbs: ['get'], bad: 1 }] })) },
  ],
  'another secret in an item without a name': [
    { 'a.yaml': yaml(pod({ rules: [{ bad: 1, token: 'one' }] })) },
    { 'a.yaml': yaml(pod({ rules: [{ bad: 1, token: 'two' }] })) },
  ],
  'lines and stages of a Dockerfile move': [
    { Dockerfile: 'FROM a\nUSER bad\n' },
    { Dockerfile: '# a comment\n\nFROM b\nRUN b\nFROM a\nUSER bad\n' },
  ],
  'another value': [{ 'a.yaml': yaml(OTHER) }, { 'a.yaml': yaml(pod({ bad: 2 }, { name: 'other' })) }],
  'another version of the API': [
    { 'a.yaml': yaml(pod({ bad: 1 }, { apiVersion: 'apps/v1beta1' })) },
    { 'a.yaml': yaml(pod({ bad: 1 }, { apiVersion: 'apps/v1' })) },
  ],
  "another place in Terraform's plan": [
    { 'plan.json': plan(resource('aws_s3_bucket.a'), resource('aws_s3_bucket.b', { bad: 1 })) },
    { 'later.json': plan(resource('aws_s3_bucket.b', { bad: 1 })) },
  ],
};

function plan(...changes) {
  return { format_version: '1.2', resource_changes: changes };
}
function resource(address, after = {}) {
  return { address, name: 'this', change: { after } };
}

for (const [name, [before, after]] of Object.entries(STAYS)) {
  test(`it stays: ${name}`, async (t) => {
    const [one, other] = [await told(t, before), await told(t, after)];
    const [few, many] = one.length < other.length ? [one, other] : [other, one];
    for (const fingerprint of few) assert.ok(many.includes(fingerprint), `${few} / ${many}`);
  });
}

const DIFFERS = {
  'another name': [BAD, pod(BAD.spec, { name: 'q' })],
  'another namespace': [BAD, pod(BAD.spec, { namespace: 'other' })],
  'another kind': [BAD, pod(BAD.spec, { kind: 'Job' })],
  'another group': [BAD, pod(BAD.spec, { apiVersion: 'batch/v1' })],
  'another member': [pod({ bad: 1 }), pod({ deeper: { bad: 1 } })],
  'another item': [BAD, pod({ containers: [{ name: 'a', bad: 1 }, { name: 'b' }] })],
  'another item without a name in its place': [pod({ rules: [{ bad: 1, verbs: [] }] }), pod({ rules: [{ bad: 1 }] })],
  "another resource of Terraform's": [
    plan(resource('aws_s3_bucket.a', { bad: 1 })),
    plan(resource('aws_s3_bucket.b', { bad: 1 })),
  ],
};

for (const [name, [before, after]] of Object.entries(DIFFERS)) {
  test(`it changes: ${name}`, async (t) => {
    assert.notDeepEqual(await told(t, { 'a.json': before }), await told(t, { 'a.json': after }));
  });
}

test('what is no resource is known by the path of its file, however it is given', async (t) => {
  const files = { 'conf/a.json': { bad: 1 }, 'conf/b.json': { bad: 1 } };
  const [one, other, ...more] = await told(t, files, ['conf']);
  assert.notEqual(one, other);
  assert.deepEqual(more, []);
  for (const paths of [['./conf'], ['conf/../conf/a.json', './conf/b.json']])
    assert.deepEqual(await told(t, files, paths), [one, other]);
});

test('in a repository the path from its root counts, wherever the command runs', async (t) => {
  const files = { '.git/HEAD': '', 'conf/a.json': { bad: 1 } };
  const all = await told(t, files);
  assert.deepEqual(await told(t, files, ['.'], 'conf'), all);
  assert.deepEqual(await told(t, files, ['../conf/a.json'], 'pack'), all);
});

test('of findings at one place each has its own, and the others keep theirs when one goes', async (t) => {
  const files = { 'a/x.json': pod({ bad: 1 }), 'b/x.json': pod({ bad: 1 }), 'c/x.json': pod({ bad: 1 }) };
  const all = await told(t, files);
  assert.equal(new Set(all).size, 3);
  const { 'a/x.json': gone, ...left } = files;
  const kept = await told(t, left);
  assert.equal(kept.filter((fingerprint) => all.includes(fingerprint)).length, 2);
  const { 'b/x.json': moved, ...two } = files;
  const changed = await told(t, { ...two, 'd/x.json': moved });
  assert.equal(changed.filter((fingerprint) => !all.includes(fingerprint)).length, 1);
});

test('an object that is there three times has three', async (t) => {
  assert.equal(new Set(await told(t, { 'a.yaml': yaml(BAD, BAD, BAD) })).size, 3);
});

test('they do not depend on the order of the files', async (t) => {
  const files = { 'a/x.json': pod({ bad: 1 }), 'b/x.json': pod({ bad: 1 }), 'c.json': BAD };
  assert.deepEqual(await told(t, files, ['c.json', 'b', 'a']), await told(t, files));
});
