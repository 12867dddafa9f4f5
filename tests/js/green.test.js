// What must not look green, and what must not be repeated: each was met by somebody who tried.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { loadPack } from '../../pkg/node.js';
import { folder, run } from './setup.js';

const GOOD = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce: baseline } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
`;

function tree(t, files) {
  const cwd = folder(t);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(cwd, name, '..'), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

const check = (cwd, args, options = {}) => run(['check', ...args], { cwd, ...options });

test('a list of nothing checks nothing', async (t) => {
  const list = (items) => `apiVersion: v1\nkind: List\n${items}\n`;
  const cwd = tree(t, { 'empty.yaml': list('items: []'), 'map.yaml': list('items: {}'), 'none.yaml': list('x: 1') });
  for (const file of ['empty.yaml', 'map.yaml', 'none.yaml']) assert.equal((await check(cwd, [file])).code, 3, file);
  assert.equal((await check(cwd, ['--allow-empty', 'empty.yaml'])).code, 0);
});

test('the shipped pack judges Kubernetes resources alone', async (t) => {
  const cwd = tree(t, { 'compose.yml': 'services: { web: { image: nginx } }\n' });
  const { code: status, stderr } = await check(cwd, ['--pack', 'kubernetes', 'compose.yml']);
  assert.equal(status, 3);
  assert.match(stderr, /no pack checks this kind/);
});

test('a slip in a parameter is heard', async (t) => {
  const cwd = tree(t, {
    'good.yaml': GOOD,
    'data.json': '{"params":{"keys":{"key1":"2026-08-01"}}}',
    'day.json': '{"params":{"keys":[{"name":"key1","created":"yesterday"}]}}',
  });
  for (const [args, said] of [
    [['--set', 'require=encrypton'], /`require` is not one of the values[\s\S]*use one of encryption, none/],
    [['--set', 'requir=encryption'], /no parameter of kubernetes is called `requir`[\s\S]*did you mean `require`/],
    [['--set', 'kubernetes.levle=baseline'], /`kubernetes.levle`[\s\S]*did you mean `level`/],
    [['--set', 'kubernetes.digests=yes'], /`kubernetes.digests` must be of type boolean/],
    [['--data', 'data.json'], /`keys` must be of type array/],
  ]) {
    const { code, stderr } = await check(cwd, ['good.yaml', ...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, said);
  }
  const { code, stdout } = await check(cwd, ['good.yaml', '--data', 'day.json']);
  assert.equal(code, 1);
  assert.match(stdout, /policy-kubernetes-parameter.*`keys\[0\].created` is neither a day/);
  assert.equal((await check(cwd, ['good.yaml'])).code, 0);
});

test('a Namespace that YAML gives another name is no way round', async (t) => {
  const cwd = tree(t, { 'ns.yaml': GOOD.split('---')[0].replace('name: shop', 'name: no') });
  assert.match((await check(cwd, ['ns.yaml'])).stdout, /namespace-unnamed/);
});

test('a template is named as one', async (t) => {
  const cwd = tree(t, { 'helm.yaml': '{{- if .Values.on }}\nkind: Pod\n{{- end }}\n' });
  assert.match((await check(cwd, ['helm.yaml'])).stderr, /helm template/);
});

test('what is not a parsed document is misuse', async () => {
  const pack = await loadPack('kubernetes');
  for (const document of ['kind: Namespace', undefined, null, 1, () => 1, new Map(), new Date()]) {
    assert.throws(() => pack.check([document]), {
      name: 'TypeError',
      message: /documents\[0\] must be a parsed document/,
    });
  }
  pack.free();
});

test('a key given in place of a variable is not repeated', async (t) => {
  const cwd = tree(t, { 'a.http': 'POST / HTTP/1.1\n\n' });
  const key = 'whsec_aRealKeyThatSomebodyPasted';
  const { code: status, stderr } = await run(['verify', '--contract', 'sub2api', '--key-env', key, 'a.http'], { cwd });
  assert.equal(status, 2);
  assert.ok(!stderr.includes(key), stderr);
});

test('a folder beside the user is offered where its name is not shipped', async (t) => {
  const cwd = tree(t, { 'team/rules.rego': 'package team\n', 'good.yaml': GOOD });
  assert.match((await check(cwd, ['--pack', 'team', 'good.yaml'])).stderr, /--pack \.\/team/);
  assert.match((await check(cwd, ['--pack', './team/rules.rego', 'good.yaml'])).stderr, /it is a file/);
});

test('a body that an editor ended with a line break is told so', async (t) => {
  const cwd = tree(t, { 'body.json': '{"channel":"a","open_id":"b","content":"c"}' });
  const env = { KEY: 'replace-with-real-secret' };
  const signed = await run(['sign', '--contract', 'sub2api', '--key-env', 'KEY', 'body.json'], { cwd, env });
  writeFileSync(join(cwd, 'a.http'), `${signed.stdout.replace(/content-length: \d+\r\n/, '')}\n`);
  const { code: status, stdout } = await run(['verify', '--contract', 'sub2api', '--key-env', 'KEY', 'a.http'], {
    cwd,
    env,
  });
  assert.equal(status, 1);
  assert.match(stdout, /the body ends with a line break/);
});

test('an ignored duplicate passes whatever --fail-on says, and the tick says what the exit code says', async (t) => {
  const long = JSON.stringify({ message_id: 'm', channel: 'a', open_id: 'b', content: 'c'.repeat(2001) });
  const cwd = tree(t, { 'long.json': long, 'short.json': long.replace(/c{2001}/, 'c') });
  const env = { KEY: 'replace-with-real-secret' };
  const options = ['--contract', 'sub2api', '--key-env', 'KEY'];
  for (const name of ['long', 'short']) {
    writeFileSync(join(cwd, `${name}.http`), (await run(['sign', ...options, `${name}.json`], { cwd, env })).stdout);
  }
  const verify = (...args) => run(['verify', ...options, '--fail-on', 'warning', ...args], { cwd, env });
  const warned = await verify('long.http');
  assert.equal(warned.code, 1);
  assert.match(warned.stdout, /^[✗x] long\.http/mu);
  const { replay } = JSON.parse((await run(['verify', ...options, '-f', 'json', 'short.http'], { cwd, env })).stdout);
  writeFileSync(join(cwd, 'seen'), replay.key);
  assert.equal((await verify('short.http', '--seen', 'seen')).code, 0);
});
