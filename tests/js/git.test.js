// --changed, a path in a commit as an argument, and lists of changed files.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { tree } from './files.js';
import { folder, run } from './setup.js';

const ITEM = 'services: { web: { image: nginx } }\n';
const TEAM = { 'team/team.rego': 'package team\n\ndeny contains "met"\n' };

function git(cwd, ...args) {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.example', '-c', 'protocol.file.allow=always'];
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd, env, encoding: 'utf8' });
  assert.equal(status, 0, `git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

function commit(cwd, files = {}) {
  tree(undefined, files, cwd);
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-q', '--allow-empty', '-m', 'x');
}

function repository(t, files) {
  const cwd = tree(t, { ...TEAM, ...files });
  git(cwd, 'init', '-q', '-b', 'main');
  commit(cwd);
  return cwd;
}

async function checked(cwd, args, { pack = './team', ...options } = {}) {
  const { code, stdout, stderr } = await run(['check', '--pack', pack, '-f', 'json', ...args], { cwd, ...options });
  const { findings, counts } = stdout ? JSON.parse(stdout) : {};
  return { code, stderr, counts, files: findings?.map(({ source }) => source?.file).sort() };
}

test('--changed: since the branch began, with what is not committed, renamed and not tracked', async (t) => {
  const names = [
    'same.yaml',
    'gone.yaml',
    'old.yaml',
    'a/edited.yaml',
    'a/staged.yaml',
    'b/committed.yaml',
    'ü x.yaml',
  ];
  const cwd = repository(t, Object.fromEntries(names.map((name) => [name, ITEM])));
  git(cwd, 'checkout', '-q', '-b', 'topic');
  commit(cwd, { 'b/committed.yaml': `${ITEM}a: 1\n`, 'ü x.yaml': `${ITEM}a: 1\n` });
  git(cwd, 'checkout', '-q', 'main');
  commit(cwd, { 'same.yaml': `${ITEM}a: 1\n` }); // main went on: that is no change of the branch
  git(cwd, 'checkout', '-q', 'topic');
  tree(t, { 'a/edited.yaml': `${ITEM}a: 1\n`, 'a/staged.yaml': `${ITEM}a: 1\n`, 'a/new.yaml': ITEM }, cwd);
  tree(t, { '.gitignore': 'ignored.yaml\n', 'ignored.yaml': ITEM }, cwd);
  git(cwd, 'add', 'a/staged.yaml');
  rmSync(join(cwd, 'gone.yaml'));
  renameSync(join(cwd, 'old.yaml'), join(cwd, 'renamed.yaml'));
  const all = ['a/edited.yaml', 'a/new.yaml', 'a/staged.yaml', 'b/committed.yaml', 'renamed.yaml', 'ü x.yaml'];
  const found = await checked(cwd, ['--changed=main', '.']);
  assert.deepEqual([found.code, found.files], [1, all]);
  assert.deepEqual([found.counts.changed, found.counts.unchanged, found.counts.errors], [6, 1, 6]);
  assert.match(found.stderr, /6 files changed since main; 1 finding in the others not reported/);
  assert.deepEqual((await checked(cwd, ['--changed=main', 'a'])).files, all.slice(0, 3));
  assert.deepEqual((await checked(cwd, ['--changed=main', 'a/new.yaml', 'same.yaml'])).files, ['a/new.yaml']);
  assert.deepEqual((await checked(join(cwd, 'b'), ['--changed=main', '.'], { pack: '../team' })).files, [
    'committed.yaml',
  ]);
  // Without a remote: since the last commit.
  const since = await checked(cwd, ['--changed', '.']);
  assert.deepEqual(since.files, ['a/edited.yaml', 'a/new.yaml', 'a/staged.yaml', 'renamed.yaml']);
  commit(cwd);
  const nothing = await checked(cwd, ['--changed', '.']);
  assert.deepEqual([nothing.code, nothing.counts.changed], [0, 0]);
});

test('--changed: a link that leads elsewhere, and a submodule that moved', async (t) => {
  const inner = repository(t, { 'in.yaml': ITEM });
  const cwd = repository(t, { 'a.yaml': ITEM, 'b.yaml': ITEM });
  symlinkSync('a.yaml', join(cwd, 'link.yaml'));
  git(cwd, 'submodule', '--quiet', 'add', inner, 'sub');
  commit(cwd);
  rmSync(join(cwd, 'link.yaml'));
  symlinkSync('b.yaml', join(cwd, 'link.yaml'));
  assert.deepEqual((await checked(cwd, ['--changed', '.'])).files, ['link.yaml']);
  commit(join(cwd, 'sub'), { 'in.yaml': `${ITEM}a: 1\n` });
  assert.deepEqual((await checked(cwd, ['--changed', '.'])).files, ['link.yaml', 'sub/in.yaml']);
  tree(t, { 'a.yaml': `${ITEM}a: 1\n` }, cwd);
  assert.deepEqual((await checked(cwd, ['--changed', 'a.yaml'])).files, ['a.yaml']);
});

test('--changed sees the whole set: a rule that compares documents is not misled', async (t) => {
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { L: baseline } }\n';
  const cwd = repository(t, {
    'policy.yaml':
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: deny, namespace: shop }\n' +
      'spec: { podSelector: {}, policyTypes: [Ingress] }\n',
  });
  tree(t, { 'ns.yaml': namespace.replace('L:', 'pod-security.kubernetes.io/enforce:'), 'broken.yaml': 'a: [\n' }, cwd);
  assert.equal((await checked(cwd, ['--changed', '.'], { pack: 'kubernetes' })).code, 3);
  rmSync(join(cwd, 'broken.yaml'));
  assert.equal((await checked(cwd, ['--changed', '.'], { pack: 'kubernetes' })).code, 0);
});

test('--changed: what cannot be read keeps nobody from it if it did not change', async (t) => {
  const cwd = repository(t, { 'broken.yaml': 'a: [\n' });
  tree(t, { 'new.yaml': ITEM }, cwd);
  const { code, files, stderr, counts } = await checked(cwd, ['--changed', '.']);
  assert.deepEqual([code, files, counts.unchanged], [1, ['new.yaml'], 1], stderr);
  assert.match(stderr, /1 problem in the others not reported/);
});

test('--changed: the default is the branch of the remote, and never a guess', async (t) => {
  const origin = repository(t, { 'a.yaml': ITEM, 'b.yaml': ITEM });
  const home = folder(t);
  git(home, 'clone', '-q', origin, 'clone');
  const cwd = join(home, 'clone');
  git(cwd, 'checkout', '-q', '-b', 'topic');
  commit(cwd, { 'b.yaml': `${ITEM}a: 1\n` });
  assert.deepEqual((await checked(cwd, ['--changed', '.'])).files, ['b.yaml']);
  git(cwd, 'remote', 'set-head', 'origin', '--delete'); // as a checkout in CI has it
  assert.deepEqual((await checked(cwd, ['--changed', '.'])).files, ['b.yaml']);
  git(cwd, 'update-ref', 'refs/remotes/origin/develop', 'origin/main');
  git(cwd, 'update-ref', '-d', 'refs/remotes/origin/main');
  const unknown = await checked(cwd, ['--changed', '.']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /default branch of `origin` is not known[\s\S]*--changed=origin\/main/);
  const env = { GITHUB_BASE_REF: 'develop' };
  assert.deepEqual((await checked(cwd, ['--changed', '.'], { env })).files, ['b.yaml']);
  git(home, 'clone', '-q', '--depth', '1', '--no-single-branch', `file://${cwd}`, 'shallow');
  const shallow = await checked(join(home, 'shallow'), ['--changed=HEAD~1', '.']);
  assert.equal(shallow.code, 2);
  assert.match(shallow.stderr, /fetch-depth: 0/);
});

test('--changed: what git does not know, and where there is no git', async (t) => {
  const cwd = repository(t, { 'a.yaml': ITEM });
  for (const [args, said] of [
    [['--changed=nope', '.'], /git knows no `nope` here/],
    [['--changed=--output=x', '.'], /begins with a dash/],
    [['--changed=a..b', '.'], /git knows no `a..b`/],
  ]) {
    const { code, stderr } = await checked(cwd, args);
    assert.equal(code, 2);
    assert.match(stderr, said);
  }
  git(cwd, 'checkout', '-q', '--orphan', 'other');
  commit(cwd, { 'b.yaml': ITEM });
  assert.match((await checked(cwd, ['--changed=main', '.'])).stderr, /no commit in common/);
  const { code, stderr } = await checked(tree(t, { ...TEAM, 'a.yaml': ITEM }), ['--changed', '.']);
  assert.equal(code, 2);
  assert.match(stderr, /no git repository/);
});

const isRoot = process.getuid?.() === 0;

test('a repository of somebody else', { skip: isRoot ? false : 'ONLY root CAN GIVE A FOLDER AWAY' }, async (t) => {
  const cwd = repository(t, { 'a.yaml': ITEM });
  for (const path of [cwd, join(cwd, '.git')]) chownSync(path, 12345, 12345);
  const { code, stderr } = await checked(cwd, ['--changed', '.']);
  assert.equal(code, 2);
  assert.match(stderr, /safe.directory/);
});

test('REF:PATH: a file, a folder or all of a commit', async (t) => {
  const cwd = repository(t, {
    'deploy/a.yaml': ITEM,
    'deploy/deep/b.json': '{ "a": 1 }',
    'deploy/c.txt': 'x',
    '.h/d.yaml': ITEM,
  });
  commit(cwd, { 'deploy/a.yaml': 'a: [\n', 'deploy/z.yaml': ITEM });
  symlinkSync('a.yaml', join(cwd, 'deploy/link.yaml'));
  commit(cwd);
  rmSync(join(cwd, 'deploy'), { recursive: true });
  const [a, b] = ['HEAD~2:deploy/a.yaml', 'HEAD~2:deploy/deep/b.json'];
  for (const [args, files] of [
    [[a], [a]],
    [['HEAD~2:deploy'], [a, b]],
    [['HEAD~2:deploy/'], [a, b]],
    [['HEAD~2:'], [a, b]],
    [['--exclude', 'deep/', 'HEAD~2:deploy'], [a]],
    [
      ['main:deploy/z.yaml', a],
      [a, 'main:deploy/z.yaml'],
    ],
  ])
    assert.deepEqual((await checked(cwd, args)).files, files, args.join(' '));
  mkdirSync(join(cwd, 'deploy'));
  assert.deepEqual((await checked(join(cwd, 'deploy'), ['HEAD~2:./a.yaml'], { pack: '../team' })).files, [a]);
  writeFileSync(join(cwd, 'x:y.yaml'), ITEM);
  assert.deepEqual((await checked(cwd, ['x:y.yaml'])).files, ['x:y.yaml']); // a file of that name counts first
  for (const [argument, code, said] of [
    ['HEAD:deploy/a.yaml', 3, /HEAD:deploy\/a.yaml:\d/],
    ['HEAD:nothing.yaml', 3, /`HEAD` has no `nothing.yaml`/],
    ['HEAD:../x.yaml', 3, /outside of the repository/],
    ['nope:deploy', 2, /git knows no `nope`/],
    ['https://a.example/x.yaml', 3, /is an address[\s\S]*curl/],
    ['HEAD:deploy/*.yaml', 3, /has no `deploy\/\*.yaml`/],
  ]) {
    const found = await checked(cwd, [argument]);
    assert.equal(found.code, code, `${argument}: ${found.stderr}`);
    assert.match(found.stderr, said);
  }
  const dashed = await checked(cwd, ['--', '--output=/tmp/x:deploy']);
  assert.notEqual(dashed.code, 0);
  assert.match((await checked(tree(t, TEAM), ['main:a.yaml'])).stderr, /no git repository/);
});

test('in the reports of sites, a file in a commit is where the repository has it', async (t) => {
  const cwd = repository(t, { 'deploy/a.yaml': ITEM });
  const formats = ['json', 'sarif=s', 'gitlab=l', 'github=h'].flatMap((format) => ['-f', format]);
  const from = join(cwd, 'deploy');
  const { stdout } = await run(['check', '--pack', '../team', ...formats, 'main:deploy'], { cwd: from });
  assert.equal(JSON.parse(stdout).findings[0].source.file, 'main:deploy/a.yaml');
  const [sarif, gitlab, github] = ['s', 'l', 'h'].map((name) => readFileSync(join(from, name), 'utf8'));
  const [{ physicalLocation }] = JSON.parse(sarif).runs[0].results[0].locations;
  assert.equal(physicalLocation.artifactLocation.uri, 'deploy/a.yaml');
  assert.equal(JSON.parse(gitlab)[0].location.path, 'deploy/a.yaml');
  assert.match(github, /^::error file=deploy\/a\.yaml,/);
});

test('a list of changed files goes to --files-from; as arguments, what is gone is an error that says so', async (t) => {
  const cwd = tree(t, { ...TEAM, '.git/': '', 'a.yaml': ITEM, 'b.yaml': ITEM, 'list.txt': 'a.yaml\ngone.yaml\n' });
  const plain = await checked(cwd, ['a.yaml', 'gone.yaml']);
  assert.equal(plain.code, 3);
  assert.match(plain.stderr, /--files-from/);
  tree(t, { 'countersign.yaml': 'paths: [b.yaml]\n' }, cwd);
  assert.deepEqual((await checked(cwd, ['--files-from', 'list.txt'])).files, ['a.yaml']);
  assert.deepEqual((await checked(cwd, [])).files, ['b.yaml']);
});

test('--changed is given its REF with an equals sign', async (t) => {
  const cwd = repository(t, { 'a.yaml': ITEM });
  const { code, stderr } = await checked(cwd, ['--changed', 'main', '.']);
  assert.equal(code, 2);
  assert.match(stderr, /`main` is a branch or commit[\s\S]*--changed=main/);
});
