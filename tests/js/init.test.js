// `countersign init`: what it finds, what it writes, and that it takes nothing away.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { tree } from './files.js';
import { NOW, recorded, ROOT, run, SECRET } from './setup.js';
import { compile } from '../../pkg/node.js';

const WORKFLOW = '.github/workflows/countersign.yml';
const GOOD = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce: baseline } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
`;

const read = (cwd, name) => readFileSync(join(cwd, name), 'utf8');
const config = (cwd) => parse(read(cwd, 'countersign.yaml'));
/** The commands of the workflow, without the way to install. */
const steps = (cwd) =>
  parse(read(cwd, WORKFLOW))
    .jobs.check.steps.flatMap((step) => step.run ?? [])
    .map((text) => text.replace(/^npx (?:--yes )?countersign(?:@\S+)? /, ''));

test('in a repository of manifests, recordings and policies, what it writes is green at once', async (t) => {
  const gate = await compile('sub2api', { keys: [{ secret: SECRET }] });
  const recording = recorded(gate);
  gate.free();
  const cases = JSON.stringify({
    contract: 'sub2api',
    now: NOW,
    keys: [{ secret: SECRET }],
    expect: { verdict: 'accept' },
  });
  const cwd = tree(t, {
    '.git/': '',
    'deploy/app/a.yaml': GOOD,
    'charts/shop/templates/b.yaml': 'kind: {{ .Values.kind }}\napiVersion: v1\n',
    'compose.yaml': 'services: {}\n',
    'cases/ok/case.json': cases,
    'cases/ok/request.http': recording,
    'recordings/one.http': recording,
    'policy/a.rego': 'package main\n\ndeny contains "no" if input.kind == "Nothing"\n',
    'policy/a_test.rego': 'package main_test\n\ntest_a if true\n',
    'broken/a.rego': 'package broken\n\ndeny contains {{\n',
    'lib/lib.rego': 'package lib\n\nx := 1\n',
    'node_modules/x/a.yaml': GOOD,
    'src/': '',
  });
  const { code, stdout, stderr } = await run(['init'], { cwd: join(cwd, 'src') });
  assert.equal(code, 0, stderr);
  assert.deepEqual(config(cwd), {
    paths: ['deploy/'],
    packs: ['kubernetes', './policy'],
    contracts: [{ files: ['/recordings/'], contract: 'sub2api', key: { env: 'SUB2API_SECRET' } }],
  });
  for (const said of [
    /^wrote \.\.\/countersign.yaml$/m,
    /1 file with Kubernetes manifests/,
    /1 template: render/,
    /case folders in cases\//,
    /recordings in recordings\//,
    /left out broken, which does not load/,
    /^next:\n {2}countersign check$/m,
  ])
    assert.match(stdout, said);
  assert.deepEqual(steps(cwd), ['check', 'test cases/ policy', 'verify --now signed recordings/']);
  assert.match(read(cwd, WORKFLOW), /SUB2API_SECRET: \$\{\{ secrets.SUB2API_SECRET \}\}/);
  for (const step of steps(cwd)) {
    const ran = await run(step.split(' '), { cwd, env: { SUB2API_SECRET: SECRET } });
    assert.equal(ran.code, 0, `${step}: ${ran.stdout}${ran.stderr}`);
  }
});

test('what is commented out in the configuration may be taken in', async (t) => {
  const cwd = tree(t, { '.git/': '', 'k8s/a.yaml': GOOD, 'recorded/r.http': 'GET / HTTP/1.1\r\n\r\n' });
  assert.equal((await run(['init'], { cwd })).code, 0);
  const text = read(cwd, 'countersign.yaml').replace(/^# (?=\w+:$| )/gm, '');
  tree(t, { 'countersign.yaml': text }, cwd);
  const { code, stderr } = await run(['check', '-v'], { cwd });
  assert.equal(code, 0, stderr);
  assert.deepEqual(Object.keys(config(cwd)), ['paths', 'packs', 'severities', 'overrides', 'contracts']);
});

test('nothing is overwritten but with --force, and --dry-run writes nothing', async (t) => {
  const cwd = tree(t, { '.git/': '', 'a.yaml': GOOD });
  const init = (...args) => run(['init', ...args], { cwd });
  const dry = await init('--dry-run');
  assert.match(dry.stdout, /^# countersign.yaml\n[\s\S]*^# \.github\/workflows\/countersign.yml\n/m);
  assert.ok(!existsSync(join(cwd, 'countersign.yaml')) && !existsSync(join(cwd, '.github')));
  tree(t, { 'countersign.json': '{ "paths": ["a.yaml"] }' }, cwd);
  const partly = await init();
  assert.equal(partly.code, 0);
  assert.match(partly.stdout, /kept countersign.json\nwrote \.github/);
  assert.equal(read(cwd, 'countersign.json'), '{ "paths": ["a.yaml"] }');
  const again = await init();
  assert.equal(again.code, 2);
  assert.match(again.stderr, /--force/);
  tree(t, { [WORKFLOW]: 'mine\n' }, cwd);
  assert.match((await init('--force')).stdout, /kept countersign.json\nwrote/);
  assert.equal(read(cwd, 'countersign.json'), '{ "paths": ["a.yaml"] }');
  assert.match(read(cwd, WORKFLOW), /^name: countersign/);
  assert.equal((await run(['check'], { cwd })).code, 0);
});

test('with the package as a dependency, its version and its schema are used', async (t) => {
  const cwd = tree(t, { 'package.json': '{ "devDependencies": { "countersign": "^0.1.0" } }', 'k8s/a.yaml': GOOD });
  await run(['init'], { cwd });
  assert.match(read(cwd, WORKFLOW), /run: npm ci\n\s+- run: npx countersign check\n/);
  const [, schema] = /\$schema=\.\/node_modules\/countersign\/(\S+)/.exec(read(cwd, 'countersign.yaml'));
  assert.ok(existsSync(join(ROOT, 'pkg', schema)));
  const other = tree(t, { 'k8s/a.yaml': GOOD });
  await run(['init'], { cwd: other });
  const { version } = JSON.parse(readFileSync(join(ROOT, 'pkg.json'), 'utf8'));
  assert.match(read(other, WORKFLOW), new RegExp(`run: npx --yes countersign@${version} check\n`));
});

test('recordings of several senders: each by its header, and folders where there is one sender', async (t) => {
  const head = (name) => `POST /hook HTTP/1.1\r\n${name}: x\r\n\r\n{}`;
  const cwd = tree(t, {
    '.git/': '',
    'hooks/stripe/a.http': head('Stripe-Signature'),
    'hooks/stripe/b.http': head('stripe-signature'),
    'hooks/mixed/github.http': head('X-Hub-Signature-256'),
    'hooks/mixed/discord.http': head('X-Signature-Ed25519'),
    'hooks/mixed/none.http': head('X-Other'),
    'hooks/hubspot.http': head('X-HubSpot-Signature'),
    'cases/one/case.json': '{}',
    'cases/one/request.http': head('X-Other'),
  });
  const { stdout } = await run(['init'], { cwd });
  const { contracts } = config(cwd);
  assert.deepEqual(
    contracts.map(({ files, contract, key }) => [contract, key.env, ...files]),
    [
      ['hubspot-v1', 'HUBSPOT_V1_SECRET', '/hooks/hubspot.http'],
      ['discord', 'DISCORD_PUBLIC_KEY', '/hooks/mixed/discord.http'],
      ['github', 'GITHUB_SECRET', '/hooks/mixed/github.http'],
      ['stripe', 'STRIPE_SECRET', '/hooks/stripe/'],
    ],
  );
  assert.match(read(cwd, 'countersign.yaml'), /hubspot-v1 # or hubspot-v2, which read the same header/);
  assert.deepEqual(steps(cwd).slice(1), ['verify cases/', 'verify --now signed hooks/']);
  assert.match(stdout, /countersign test --update cases\//);
});

test('an empty repository gets both files, and is told what to fill in', async (t) => {
  const cwd = tree(t, { '.git/': '' });
  const { code, stdout } = await run(['init'], { cwd });
  assert.equal(code, 0);
  assert.match(stdout, /name your manifests in `paths`/);
  assert.equal((await run(['check'], { cwd })).code, 3);
  const { code: used, stderr } = await run(['init', 'deploy'], { cwd });
  assert.equal(used, 2);
  assert.match(stderr, /takes no path/);
});
