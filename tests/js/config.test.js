// countersign.yaml: where it is found, what it may say, and what counts before it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { CHOICES } from '../../pkg/cli/options.js';
import { tree } from './files.js';
import { ROOT, run } from './setup.js';

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { pod-security.kubernetes.io/enforce: baseline } }
`;
/** Says what it was given. */
const ECHO = `package echo

deny contains {"id": "echo", "message": json.marshal(data.params)} if input.kind == "Namespace"
`;
const REPOSITORY = { '.git/': '', 'deploy/ns.yaml': NAMESPACE, 'team/echo.rego': ECHO };

async function checked(cwd, args = ['deploy'], options = {}) {
  const { code, stdout, stderr } = await run(['check', '-f', 'json', ...args], { cwd, ...options });
  return { code, stderr, report: stdout && JSON.parse(stdout) };
}

/** The parameters that a rule sees. */
async function paramsOf(cwd, args, options) {
  const { report, stderr } = await checked(cwd, args, options);
  assert.ok(report, stderr);
  return JSON.parse(report.findings[0].message);
}

const codes = ({ report }) => report.findings.map(({ code, severity }) => `${code} ${severity}`).sort();

test('a configuration is found upwards to the root of the repository', async (t) => {
  const config = 'packs: [./team]\nparams: { a: 1 }\n';
  const cwd = tree(t, { ...REPOSITORY, 'countersign.yaml': config });
  assert.deepEqual(await paramsOf(cwd), { a: 1 });
  const below = await checked(join(cwd, 'deploy'), ['.']);
  assert.deepEqual(below.report.config, ['../countersign.yaml']);
  assert.equal(below.report.findings[0].message, '{"a":1}');
  assert.equal((await checked(cwd, ['--no-config', 'deploy'])).report.config, undefined);
  const { stderr } = await run(['check', '-v', 'deploy'], { cwd });
  assert.match(stderr, /^configuration: countersign.yaml$/m);
});

test('a configuration above the repository, or above a folder that is in none, is not read', async (t) => {
  const home = tree(t, { 'countersign.yaml': 'packs: [./nowhere]', 'none/a/ns.yaml': NAMESPACE });
  tree(t, REPOSITORY, join(home, 'repository'));
  tree(t, { 'worktree/.git': 'gitdir: elsewhere\n', 'worktree/a/ns.yaml': NAMESPACE }, home);
  for (const cwd of ['repository/deploy', 'worktree/a', 'none/a']) {
    const { report, stderr } = await checked(join(home, cwd), ['.']);
    assert.ok(report, stderr);
    assert.equal(report.config, undefined, cwd);
  }
  assert.equal((await checked(home, ['none'])).code, 2);
});

test('--config names one, and its paths start at its folder', async (t) => {
  const cwd = tree(t, { ...REPOSITORY, 'ci/strict.json': '{ "packs": ["../team"], "params": { "from": "ci" } }' });
  assert.deepEqual(await paramsOf(cwd, ['--config', 'ci/strict.json', 'deploy']), { from: 'ci' });
  assert.deepEqual(await paramsOf(cwd, ['deploy'], { env: { COUNTERSIGN_CONFIG: 'ci/strict.json' } }), { from: 'ci' });
  const flag = await checked(cwd, ['--no-config', 'deploy'], { env: { COUNTERSIGN_CONFIG: 'ci/strict.json' } });
  assert.equal(flag.report.config, undefined);
  assert.equal((await checked(cwd, ['--no-config', '--config', 'ci/strict.json', 'deploy'])).code, 2);
  const { code, stderr } = await checked(cwd, ['--config', 'ci/nothing.yaml', 'deploy']);
  assert.equal(code, 2);
  assert.match(stderr, /ci\/nothing.yaml/);
});

test('an error has its place, and says what was probably meant', async (t) => {
  const cwd = tree(t, REPOSITORY);
  for (const [text, said] of [
    ['packs: [./team]\npaks: [a]\n', /unknown key `paks` \(countersign.yaml:2:\d+\)\n {2}help: did you mean `packs`\?/],
    ['failOn: eror\n', /`failOn` is not one .*\(countersign.yaml:1:9\)\n {2}help: use one of error, warning, never/],
    ['strict: 1\n', /`strict` must be of type boolean.*\(countersign.yaml:1:9\)/],
    ['overrides:\n  - packs: [a]\n', /`files` is required.*\(countersign.yaml:2:/],
    ['overrides:\n  - { files: [a], param: {} }\n', /`overrides.0.param`[\s\S]*did you mean `params`/],
    ['severities: { a: fatal }\n', /`severities.a`.*[\s\S]*use one of error, warning, info, off/],
    ['severities: { a: off }\n', /write "off", in quotes/],
    ['params: { a.b: 1, a: 2 }\n', /`a` has two values.*\(countersign.yaml:1:/],
    ['params: { a..b: 1 }\n', /a part of the name is empty/],
    ['exclude: ["{a,b}"]\n', /has braces.*\(countersign.yaml:1:1/],
    ['exclude: ["[a"]\n', /fits nothing/],
    ['formats: [pritty]\n', /`pritty` is not known.*\(countersign.yaml:1:1/],
    ['- a\n', /one object, and this is a list/],
    ['a: [\n', /\(countersign.yaml:\d+:\d+\)/],
    ['a: 1\n---\nb: 2\n', /2 documents/],
    ['extends: ./none.yaml\n', /none.yaml[\s\S]*extended here \(countersign.yaml:1:10\)/],
    ['extends: [https://a.example/x.yaml]\n', /files of this machine.*\(countersign.yaml:1:1/],
    ['extends: ./team\n', /is .yaml or .json/],
    ['paths: deploy\n', /`paths` must be of type array[\s\S]*write a list/],
    ['packs: [kubernets]\n', /did you mean `kubernetes`[\s\S]*note: some options are from countersign.yaml/],
  ]) {
    tree(t, { 'countersign.yaml': text }, cwd);
    const { code, stderr } = await checked(cwd);
    assert.equal(code, 2, `${text}${stderr}`);
    assert.match(stderr, said);
  }
  const all = 'paks: 1\nexclud: []\nfailOn: never\nstrit: 1\n';
  tree(t, { 'countersign.yaml': all }, cwd);
  assert.deepEqual(
    (await checked(cwd)).stderr.match(/countersign.yaml:\d/g).map((place) => place.at(-1)),
    ['1', '2', '4'],
  );
});

test('an empty configuration says nothing; a name that is nearly right is refused', async (t) => {
  const cwd = tree(t, { ...REPOSITORY, 'countersign.yaml': '# later\n' });
  assert.deepEqual((await checked(cwd)).report.config, ['countersign.yaml']);
  for (const name of ['countersign.yml', '.countersign.yaml']) {
    const other = tree(t, { ...REPOSITORY, [name]: 'packs: [./team]\n' });
    const { code, stderr } = await checked(other);
    assert.equal(code, 2);
    assert.match(stderr, /rename it/);
  }
  tree(t, { 'countersign.json': '{}' }, cwd);
  assert.match((await checked(cwd)).stderr, /countersign.yaml and countersign.json/);
});

test('extends: the nearer file counts, objects are merged, and circles are refused', async (t) => {
  const cwd = tree(t, {
    ...REPOSITORY,
    'countersign.yaml': 'extends: [./ci/one.yaml, ./ci/two.yaml]\nparams: { c: near, kubernetes.level: baseline }\n',
    'ci/one.yaml': 'extends: deep/base.json\npacks: [../team]\nparams: { b: one, c: one }\n',
    'ci/two.yaml': 'params: { b: two, kubernetes: { version: latest } }\n',
    'ci/deep/base.json': '{ "params": { "a": "base", "b": "base" }, "packs": ["./nowhere"] }',
  });
  const { report } = await checked(cwd);
  assert.deepEqual(JSON.parse(report.findings[0].message), {
    a: 'base',
    b: 'two',
    c: 'near',
    kubernetes: { level: 'baseline', version: 'latest' },
  });
  assert.deepEqual(report.config, ['countersign.yaml', 'ci/two.yaml', 'ci/one.yaml', 'ci/deep/base.json']);
  tree(t, { 'ci/deep/base.json': '{ "extends": "../one.yaml" }' }, cwd);
  const { code, stderr } = await checked(cwd);
  assert.equal(code, 2);
  assert.match(stderr, /circle: countersign.yaml → ci\/one.yaml → ci\/deep\/base.json → ci\/one.yaml/);
});

test('a flag counts before the environment, that before the configuration, that before what it extends', async (t) => {
  const cwd = tree(t, {
    ...REPOSITORY,
    'countersign.yaml': 'extends: base.yaml\nfailOn: never\nparams: { a: own }\n',
    'base.yaml': 'failOn: warning\nparams: { a: base, b: base }\npacks: [./team]\n',
  });
  const ends = async (args, env) => (await checked(cwd, args, { env })).code;
  assert.equal(await ends(['deploy']), 0);
  assert.equal(await ends(['deploy'], { COUNTERSIGN_FAIL_ON: 'error' }), 1);
  assert.equal(await ends(['--fail-on', 'never', 'deploy'], { COUNTERSIGN_FAIL_ON: 'error' }), 0);
  assert.deepEqual(await paramsOf(cwd, ['--set', 'a=flag', 'deploy']), { a: 'flag', b: 'base' });
  assert.equal(
    (await checked(cwd, ['--pack', 'kubernetes', 'deploy'])).report.findings[0].code.includes('echo'),
    false,
  );
});

test('data of the configuration, of flags, and parameters are merged; --set counts first', async (t) => {
  const cwd = tree(t, {
    ...REPOSITORY,
    'ci/countersign.yaml': 'packs: [../team]\ndata: [base.yaml]\nparams: { p: config, list: [1, 2] }\n',
    'ci/base.yaml': 'params: { p: base, q: base, deep: { a: 1 } }\n',
    'own.yaml': 'params: { q: own, deep: { b: 2 }, list: [3] }\n',
  });
  const args = ['--config', 'ci/countersign.yaml', 'deploy'];
  assert.deepEqual(await paramsOf(cwd, args), { p: 'config', q: 'base', deep: { a: 1 }, list: [1, 2] });
  assert.deepEqual(await paramsOf(cwd, ['--data', 'own.yaml', '--set', 'deep.c=3', ...args]), {
    p: 'config',
    q: 'own',
    deep: { a: 1, b: 2, c: 3 },
    list: [3],
  });
  for (const [sets, said] of [
    [['a=1', 'a.b=2'], /`a` has two values/],
    [['a.b=2', 'a=1'], /`a` has two values/],
    [['a=[1]', 'a=[2]'], /`a` has two values/],
    [['a.b=1', 'a.b=1'], undefined],
    [['a=[1]', 'a=[1]'], undefined],
    [['a={"b":1}', 'a.c=2'], undefined],
  ]) {
    const { code, stderr } = await checked(cwd, [...sets.flatMap((set) => ['--set', set]), ...args]);
    assert.equal(code, said ? 2 : 1, stderr);
    if (said) assert.match(stderr, said);
  }
});

test('paths, exclude, formats and packs are the defaults of check', async (t) => {
  const cwd = tree(t, {
    ...REPOSITORY,
    'deploy/dev/ns.yaml': NAMESPACE,
    'countersign.yaml': 'paths: [deploy]\nexclude: [dev/]\nformats: [json=out/report.json, pretty]\npacks: [./team]\n',
    'out/': '',
  });
  const { code, stdout } = await run(['check'], { cwd: join(cwd, 'team') });
  assert.equal(code, 1);
  assert.match(stdout, /error\[policy-echo\]/);
  const { counts } = JSON.parse(readFileSync(join(cwd, 'out/report.json'), 'utf8'));
  assert.deepEqual([counts.files, counts.excluded], [1, 1]);
});

test('baseline takes packs, parameters, paths and its file from the configuration', async (t) => {
  const config = 'packs: [./team]\nparams: { a: 1 }\npaths: [deploy]\nbaseline: base.json\n';
  const cwd = tree(t, { ...REPOSITORY, 'countersign.yaml': config });
  const written = await run(['baseline', 'write'], { cwd });
  assert.equal(written.code, 0, written.stderr);
  assert.match(written.stdout, /^base.json: 1 finding/);
  const after = await checked(cwd, []);
  assert.deepEqual([after.code, after.report.counts.baseline, after.report.findings], [0, 1, []]);
  assert.equal((await run(['baseline', 'check'], { cwd })).code, 0);
  assert.equal((await run(['baseline'], { cwd })).code, 2);
});

test('waivers, baseline and strict: of the configuration, from any folder, and of the environment', async (t) => {
  const waiver =
    'rule: echo\n    match: { resource: { kind: Namespace, name: shop } }\n    reason: later\n    owner: me\n' +
    '    until: 2099-01-01';
  const rule = '"resource": {"kind": "Namespace", "name": "shop"}';
  const cwd = tree(t, {
    ...REPOSITORY,
    'team/echo.rego': ECHO.replace('"id": "echo",', `"id": "echo", ${rule},`),
    'ci/waivers.yaml': `version: 1\nwaivers:\n  - ${waiver}\n`,
    'countersign.yaml': 'packs: [./team]\nwaivers: ci/waivers.yaml\n',
  });
  const below = await checked(join(cwd, 'deploy'), ['.']);
  assert.deepEqual([below.code, below.report?.counts.waived], [0, 1], below.stderr);
  tree(t, { 'countersign.yaml': 'packs: [./team]\n' }, cwd);
  assert.equal((await checked(cwd)).code, 1);
  const env = { COUNTERSIGN_WAIVERS: 'ci/waivers.yaml' };
  assert.equal((await checked(cwd, ['deploy'], { env })).code, 0);
  const unmet = { 'team/unmet.rego': 'package unmet\n\ndeny contains "x" if input.nothing.like.it == 1\n' };
  tree(t, unmet, cwd);
  assert.equal((await checked(cwd, ['deploy'], { env })).code, 0);
  assert.equal((await checked(cwd, ['deploy'], { env: { ...env, COUNTERSIGN_STRICT: '1' } })).code, 1);
  tree(t, { 'countersign.yaml': 'packs: [./team]\nstrict: true\n' }, cwd);
  assert.equal((await checked(cwd, ['deploy'], { env })).code, 1);
});

test('test: data and parameters are those of the configuration', async (t) => {
  const cwd = tree(t, {
    '.git/': '',
    'countersign.yaml': 'params: { a: 1 }\ndata: [more.yaml]\n',
    'more.yaml': 'b: 2\n',
    'team/a.rego': 'package a\n\nx := data.params.a + data.b\n',
    'team/a_test.rego': 'package a_test\n\ntest_x if data.a.x == 3\n',
  });
  assert.equal((await run(['test', 'team'], { cwd })).code, 0);
  assert.equal((await run(['test', '--no-config', 'team'], { cwd })).code, 1);
});

test('severities: by code or rule; `off` leaves findings out, and counts them', async (t) => {
  const cwd = tree(t, REPOSITORY);
  const of = async (severities) => {
    tree(t, { 'countersign.yaml': `severities: ${JSON.stringify(severities)}\n` }, cwd);
    return checked(cwd);
  };
  const plain = await of({});
  assert.equal(plain.code, 1);
  const [deny, unchecked] = ['policy-kubernetes-default-deny-ingress', 'policy-kubernetes-etcd-encryption-unchecked'];
  assert.deepEqual(codes(plain), [`${deny} error`, `${unchecked} info`]);
  const lower = await of({ [deny]: 'warning', 'kubernetes-etcd-encryption-unchecked': 'error' });
  assert.deepEqual(codes(lower), [`${deny} warning`, `${unchecked} error`]);
  assert.deepEqual([lower.report.counts.errors, lower.report.counts.warnings, lower.report.counts.infos], [1, 1, 0]);
  const off = await of({ [deny]: 'off', [unchecked]: 'off' });
  assert.deepEqual([off.code, codes(off), off.report.counts.off], [0, [], 2]);
  const slip = await of({ 'kubernetes-default-deny-ingres': 'off' });
  assert.match(
    slip.stderr,
    /hint: .*`kubernetes-default-deny-ingres`[\s\S]*did you mean `kubernetes-default-deny-ingress`/,
  );
});

test('overrides: other packs, parameters and severities for some files', async (t) => {
  const cwd = tree(t, {
    ...REPOSITORY,
    'deploy/dev/ns.yaml': NAMESPACE,
    'deploy/dev/other.yaml': NAMESPACE,
    'deploy/traffic.json': '{ "a": 1 }',
    'other/other.rego': 'package other\n\ndeny contains {"id": "other", "message": "other"}\n',
    'countersign.yaml': `packs: [./team]
params: { level: high, same: 1 }
overrides:
  - files: [dev/]
    params: { level: low }
  - files: [/deploy/dev/other.yaml]
    severities: { echo: warning }
  - files: ["*.json"]
    packs: [./other]
`,
  });
  const { report } = await checked(cwd, ['deploy', '--set', 'same=2']);
  const found = report.findings.map(({ source, message, severity }) => `${source.file} ${severity} ${message}`).sort();
  assert.deepEqual(found, [
    'deploy/dev/ns.yaml error {"level":"low","same":2}',
    'deploy/dev/other.yaml warning {"level":"low","same":2}',
    'deploy/ns.yaml error {"level":"high","same":2}',
    'deploy/traffic.json error other',
  ]);
  assert.deepEqual([report.counts.errors, report.counts.warnings], [3, 1]);
  const flag = await checked(cwd, ['--pack', './other', 'deploy']);
  assert.deepEqual(new Set(codes(flag)), new Set(['policy-other error'])); // also where an override says another
});

test('overrides: where they bring a folder of policies, files of every kind are read', async (t) => {
  const files = { 'apps/app.toml': 'a = 1\n', 'apps/b.toml': 'a = 1\n', 'apps/ns.yaml': NAMESPACE };
  const overrides = 'overrides: [{ files: [apps/app.toml], packs: [./any] }]\n';
  const any = { 'any/any.rego': 'package any\n\ndeny contains "met"\n' };
  const cwd = tree(t, { '.git/': '', ...files, ...any, 'countersign.yaml': overrides });
  const { report } = await checked(cwd, ['apps']);
  const met = report.findings.filter(({ message }) => message === 'met').map(({ source }) => source.file);
  assert.deepEqual(met, ['apps/app.toml']);
  assert.equal(report.counts.files, 2);
});

test('a rule that compares documents sees those of all overrides', async (t) => {
  const policy = `kind: NetworkPolicy
apiVersion: networking.k8s.io/v1
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
`;
  const cwd = tree(t, {
    ...REPOSITORY,
    'deploy/dev/policy.yaml': policy,
    'countersign.yaml': 'overrides: [{ files: [dev/], params: { kubernetes.level: restricted } }]\n',
  });
  const { code, report } = await checked(cwd);
  assert.deepEqual([code, codes({ report })], [0, ['policy-kubernetes-etcd-encryption-unchecked info']]);
});

test('a parameter of the configuration is checked by the schemas of the packs', async (t) => {
  const cwd = tree(t, { ...REPOSITORY, 'countersign.yaml': 'params: { kubernetes.levle: baseline }\n' });
  const { code, stderr } = await checked(cwd);
  assert.equal(code, 2);
  assert.match(stderr, /`kubernetes.levle` \(countersign.yaml:1:29\)\n {2}help: did you mean `level`/);
  const set = await checked(cwd, ['--set', 'kubernetes.levle=x', 'deploy']);
  assert.match(set.stderr, /`kubernetes.levle`\n {2}help/); // the flag says it, and has no place
  tree(t, { 'countersign.yaml': 'overrides: [{ files: ["*"], params: { requir: none } }]\n' }, cwd);
  assert.match((await checked(cwd)).stderr, /`requir` \(countersign.yaml:1:[\s\S]*did you mean `require`/);
  tree(t, { 'countersign.yaml': 'params:\n  kubernetes:\n    level: restrictd\n' }, cwd);
  assert.match((await checked(cwd)).stderr, /`kubernetes.level` .*\(countersign.yaml:3:12\)/);
  const schema = { type: 'object', additionalProperties: false, properties: { foo: { type: 'integer' } } };
  tree(
    t,
    { 'team/params.schema.json': JSON.stringify(schema), 'countersign.yaml': 'packs: [./team, kubernetes]\n' },
    cwd,
  );
  for (const [set, status, said] of [
    ['foo=1', 1, /^/],
    ['require=none', 1, /^/],
    ['foo=x', 2, /`foo` must be of type integer[\s\S]*\.\/team/],
    ['fo=1', 2, /no parameter of \.\/team, kubernetes is called `fo`[\s\S]*did you mean `foo`/],
  ]) {
    const { code, stderr, report } = await checked(cwd, ['--set', set, 'deploy']);
    assert.equal(code, status, stderr);
    assert.match(stderr, said);
    // A parameter of one pack is none of the other's business.
    if (report) assert.ok(!codes({ report }).join().includes('unknown'));
  }
  tree(t, { 'team/params.schema.json': '{ "type": "objekt" }' }, cwd);
  assert.match(
    (await checked(cwd, ['--set', 'foo=1', 'deploy'])).stderr,
    /\.\/team: params.schema.json is no JSON Schema/,
  );
});

test('the schema of the parameters of the Kubernetes pack names those that its rules read', () => {
  const read = (file) => readFileSync(join(ROOT, 'policies/deployment/kubernetes', file), 'utf8');
  const source = read('parameters.rego');
  const list = (pattern) => [...pattern.exec(source)[1].matchAll(/"(\w+)"/g)].map(([, name]) => name);
  const known = list(/known := \{([^}]*)\}/);
  const inner = list(/some member in \[([^\]]*)\]/);
  const { properties } = JSON.parse(read('params.schema.json'));
  assert.deepEqual(Object.keys(properties.kubernetes.properties).sort(), inner.sort());
  assert.deepEqual(
    Object.keys(properties).sort(),
    [...known, 'kubernetes', ...inner.map((name) => `kubernetes.${name}`)].sort(),
  );
});

test('verify takes contract and key of a recording from the configuration; lint takes all contracts', async (t) => {
  const cwd = tree(t, {
    '.git/': '',
    'body.json': '{"message_id":"m","channel":"sub2api","open_id":"u","content":"x"}',
    'countersign.yaml': 'contracts: [{ files: [recorded/], contract: sub2api, key: { env: HOOK } }]\n',
  });
  const env = { HOOK: 'replace-with-real-secret' };
  const signed = await run(['sign', '--contract', 'sub2api', '--key-env', 'HOOK', 'body.json'], { cwd, env });
  tree(t, { 'recorded/a.http': signed.stdout, 'other/a.http': signed.stdout }, cwd);
  const verify = (args, options) => run(['verify', ...args], { cwd, env, ...options });
  assert.equal((await verify(['recorded'])).code, 0);
  assert.equal((await verify(['.'], { cwd: join(cwd, 'recorded') })).code, 0);
  assert.match((await verify(['other'])).stderr, /no contract given/);
  assert.match((await verify(['recorded'], { env: {} })).stderr, /`HOOK` is not set/);
  assert.equal((await verify(['--contract', 'stripe', '--key-env', 'HOOK', 'recorded'])).code, 1);
  assert.match((await run(['lint'], { cwd })).stdout, /1 contract/);
});

test('environment: a variable must be one that is read, and what it says is checked', async (t) => {
  const cwd = tree(t, REPOSITORY);
  const of = (env) => checked(cwd, ['deploy'], { env });
  const { stderr } = await of({ COUNTERSIGN_FAILON: 'never' });
  assert.match(stderr, /`COUNTERSIGN_FAILON` is not read[\s\S]*did you mean `COUNTERSIGN_FAIL_ON`/);
  assert.doesNotMatch((await of({ COUNTERSIGN_DATA: 'x', COUNTERSIGN_PORT: '1' })).stderr, /COUNTERSIGN/);
  assert.match((await of({ COUNTERSIGN_FAIL_ON: 'eror' })).stderr, /COUNTERSIGN_FAIL_ON=eror is not known/);
  assert.match((await of({ COUNTERSIGN_NO_CONFIG: 'yes' })).stderr, /set it to 1 or 0/);
  const { stdout } = await run(['check', 'deploy'], { cwd, env: { COUNTERSIGN_FORMAT: 'jsonl' } });
  assert.equal(JSON.parse(stdout.split('\n')[0]).severity, 'error');
  assert.equal((await of({ COUNTERSIGN_FAIL_ON: '' })).code, 1);
  const sarif = (args) => run(args, { cwd, env: { COUNTERSIGN_FORMAT: 'sarif' } });
  assert.match((await sarif(['check', 'deploy'])).stdout, /"runs"/);
  assert.equal((await sarif(['list'])).code, 0); // which writes no SARIF
  assert.match((await sarif(['baseline', 'write', 'b.json', 'deploy'])).stdout, /^b.json: /);
  const unknown = await run(['check', 'deploy'], { cwd, env: { COUNTERSIGN_FORMAT: 'sraif' } });
  assert.equal(unknown.code, 2);
});

test('the published schema and the command line agree', async (t) => {
  const { properties } = JSON.parse(readFileSync(join(ROOT, 'policies/config.schema.json'), 'utf8'));
  assert.deepEqual(properties.failOn.enum, CHOICES['fail-on']);
  const page = readFileSync(join(ROOT, 'docs/config.md'), 'utf8');
  for (const name of Object.keys(properties)) assert.ok(page.includes(`\`${name}`), `docs/config.md: ${name}`);
  const [, text] = /```yaml\n(# [\s\S]*?)```/.exec(page);
  const keys = Object.keys(parse(text));
  const cwd = tree(t, { ...REPOSITORY, 'countersign.yaml': text });
  const { stderr } = await run(['check', 'deploy'], { cwd });
  assert.doesNotMatch(stderr, /unknown key/);
  assert.ok(keys.length > 8);
});
