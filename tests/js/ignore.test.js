// What a walk leaves out: .gitignore as git reads it, .countersignignore, --exclude, and what is hidden.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { decide, patternsOf } from '../../pkg/cli/ignore.js';
import { Leaving } from '../../pkg/cli/leaving.js';
import { filesOf } from '../../pkg/cli/walk.js';
import { tree } from './files.js';
import { folder, run } from './setup.js';

const ITEM = 'services: { web: { image: nginx } }\n';
const POLICY = 'package team\n\ndeny contains "met"\n';

function git(cwd, ...args) {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.example', '-c', 'core.excludesFile=/dev/null'];
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd, env, encoding: 'utf8' });
  assert.equal(status, 0, `git ${args.join(' ')}: ${stderr}`);
  return stdout;
}

async function met(cwd, args = ['.'], pack = './team') {
  const { code, stdout, stderr } = await run(['check', '--pack', pack, '-f', 'json', ...args], { cwd });
  assert.ok(stdout, stderr);
  const { findings, counts } = JSON.parse(stdout);
  return { code, stderr, counts, files: findings.map(({ source }) => source.file).sort() };
}

/** A generator of numbers that is the same in every run. */
function dice(seed) {
  let state = seed;
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

const NAMES = ['a', 'b', 'ab', 'abc', 'a.b', 'b.c', 'a b', '-', ']', 'x*', 'é', 'B', '#a', '!a', 'a\\b'];
const PARTS = [
  ...['a', 'b', 'ab', 'c', '.', '*', '*', '**', '/', '/', '/', '?', '[ab]', '[!a]', '[^b-c]', '[a-c]', '[]]', '[', ']'],
  ...[
    '\\*',
    '\\',
    ' ',
    '\\ ',
    '!',
    '#',
    '[[:alpha:]]',
    '[[:upper:]x]',
    '[a-]',
    '-',
    'é',
    '[é]',
    '***',
    '[\\]]',
    '[[:x:]]',
  ],
];

test('.gitignore means what git says', (t) => {
  const cwd = folder(t);
  git(cwd, 'init', '-q');
  const roll = dice(17);
  const one = (list) => list[roll(list.length)];
  const home = process.cwd();
  t.after(() => process.chdir(home));
  process.chdir(cwd);
  let different = 0;
  for (let round = 0; round < 120; round += 1) {
    for (const name of ['top', 'one', 'two']) rmSync(join(cwd, name), { recursive: true, force: true });
    const folders = ['.', 'top', 'one', `one/${one(NAMES)}`, `one/${one(NAMES)}/${one(NAMES)}`, `two/${one(NAMES)}`];
    for (const path of folders) mkdirSync(path, { recursive: true });
    for (const path of folders) {
      for (let count = roll(4); count > 0; count -= 1) {
        const name = one(NAMES);
        try {
          writeFileSync(join(path, name), '', { flag: 'wx' });
        } catch (error) {
          if (error.code !== 'EEXIST' && error.code !== 'EISDIR') throw error;
        }
      }
    }
    for (const path of ['.', 'one']) {
      const line = () => Array.from({ length: 1 + roll(5) }, () => one(PARTS)).join('');
      const lines = Array.from({ length: roll(5) }, () => (roll(3) === 0 ? '!' : '') + line() + (roll(4) ? '' : '/'));
      writeFileSync(join(path, '.gitignore'), lines.join(one(['\n', '\n', '\r\n'])));
    }
    const theirs = git(cwd, 'ls-files', '--others', '--exclude-standard', '-z').split('\0').filter(Boolean);
    const isSeen = (path) => !path.split('/').some((name) => name.startsWith('.'));
    const leaving = new Leaving();
    const ours = filesOf('.', () => true, leaving);
    assert.deepEqual(ours.sort(), theirs.filter(isSeen).sort(), `round ${round}`);
    different += leaving.left.some(({ by }) => by.includes('.gitignore')) ? 1 : 0;
    for (const path of ['.', 'one'])
      for (const name of NAMES) rmSync(join(path, name), { recursive: true, force: true });
  }
  assert.ok(different > 30, `${different} rounds left something out: too few`);
});

test('what is in a folder is not the folder', () => {
  const isOut = (lines, path, isFolder) => decide(patternsOf(lines, 'x'), path, isFolder)?.isOut;
  assert.equal(isOut('a/**', 'a', true), undefined);
  assert.equal(isOut('a/**\n!a/b', 'a/b', false), false);
  assert.equal(isOut('a/', 'a', false), undefined);
  assert.equal(isOut('**/a', 'a', false), true);
  assert.equal(isOut('é?', 'éx', false), true);
});

test('a pattern takes steps in proportion to its length', () => {
  const rules = patternsOf(`${'*a'.repeat(5000)}b\n${'**/a/'.repeat(2000)}b\n`, 'x');
  // Trying every way to fit the stars would never end.
  assert.equal(decide(rules, 'a'.repeat(5000), false), undefined);
  assert.equal(decide(rules, 'a/'.repeat(2000), false), undefined);
});

test('nested files, negation, and what a file of ours adds', async (t) => {
  const cwd = tree(t, {
    '.git/': '',
    '.gitignore': 'dist/\n*.tmp.yaml\n!keep.tmp.yaml\n/only-here.yaml\n',
    '.countersignignore': '# generated\ncharts/*/templates/\n!dist/\n',
    'app/.gitignore': '!own.tmp.yaml\n',
    'team/team.rego': POLICY,
    ...Object.fromEntries(
      [
        ...['a.yaml', 'a.tmp.yaml', 'keep.tmp.yaml', 'only-here.yaml', 'app/only-here.yaml', 'app/own.tmp.yaml'],
        ...['dist/b.yaml', 'charts/x/templates/c.yaml', 'charts/x/values.yaml', '.hidden/d.yaml', '.e.yaml'],
      ].map((name) => [name, ITEM]),
    ),
  });
  const { files, counts, stderr } = await met(cwd, ['-v', '.']);
  const expected = [
    'a.yaml',
    'app/only-here.yaml',
    'app/own.tmp.yaml',
    'charts/x/values.yaml',
    'dist/b.yaml',
    'keep.tmp.yaml',
  ];
  assert.deepEqual(files, expected);
  assert.equal(counts.excluded, 5);
  for (const line of [
    'a.tmp.yaml (.gitignore:2)',
    'only-here.yaml (.gitignore:4)',
    'charts/x/templates (.countersignignore:2)',
    '.hidden (hidden)',
    '.e.yaml (hidden)',
  ])
    assert.ok(stderr.includes(`left out: ${line}\n`), line);
  assert.doesNotMatch((await met(cwd)).stderr, /left out/);
});

test('outside of a repository, the files of the working directory count, and none above', async (t) => {
  const home = tree(t, {
    '.countersignignore': 'a.yaml\n',
    'project/.countersignignore': 'b.yaml\n',
    'project/team/team.rego': POLICY,
    'project/app/.gitignore': 'c.yaml\n',
    ...Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`project/app/${name}.yaml`, ITEM])),
  });
  const cwd = join(home, 'project');
  assert.deepEqual((await met(cwd, ['app'])).files, ['app/a.yaml', 'app/d.yaml']);
  assert.deepEqual((await met(join(cwd, 'app'), ['.'], '../team')).files, ['a.yaml', 'b.yaml', 'd.yaml']);
  assert.deepEqual((await met(join(cwd, 'team'), ['../app'], '../team')).files.length, 3);
});

test('what the user names is read, whatever a pattern says', async (t) => {
  const cwd = tree(t, {
    '.git/': '',
    '.gitignore': 'dist/\n.github/\ngen*\n',
    'gen/gen.yaml': ITEM,
    'team/team.rego': POLICY,
    'dist/a.yaml': ITEM,
    'dist/deep/b.yaml': ITEM,
    '.github/workflows/c.yml': ITEM,
  });
  for (const [args, files] of [
    [['dist/a.yaml'], ['dist/a.yaml']],
    [['--exclude', '*.yaml', 'dist/a.yaml'], ['dist/a.yaml']],
    [['dist'], ['dist/a.yaml', 'dist/deep/b.yaml']],
    [['dist/deep'], ['dist/deep/b.yaml']],
    [['gen'], ['gen/gen.yaml']],
    [['dist/**/*.yaml'], ['dist/a.yaml', 'dist/deep/b.yaml']],
    [['.github'], ['.github/workflows/c.yml']],
    [['.github/workflows/*.yml'], ['.github/workflows/c.yml']],
  ])
    assert.deepEqual((await met(cwd, args)).files, files, args.join(' '));
});

test('--exclude: repeatable, from the working directory, with errors of its own', async (t) => {
  const cwd = tree(t, {
    'team/team.rego': POLICY,
    'app/a.yaml': ITEM,
    'app/dev/b.yaml': ITEM,
    'app/dev/keep.yaml': ITEM,
    'c.json': '{ "a": 1 }',
  });
  const of = async (...patterns) => (await met(cwd, [...patterns.flatMap((one) => ['--exclude', one]), '.'])).files;
  assert.deepEqual(await of('dev/'), ['app/a.yaml', 'c.json']);
  assert.deepEqual(await of('app/dev', '*.json'), ['app/a.yaml']);
  assert.deepEqual(await of('./c.json'), ['app/a.yaml', 'app/dev/b.yaml', 'app/dev/keep.yaml']);
  assert.deepEqual(await of('app/dev/*', '!keep.yaml'), ['app/a.yaml', 'app/dev/keep.yaml', 'c.json']);
  assert.deepEqual((await met(join(cwd, 'app'), ['--exclude', 'dev', '.'], '../team')).files, ['a.yaml']);
  for (const [pattern, said] of [
    ['*.{yaml,yml}', /braces/],
    ['[a', /fits nothing/],
    ['', /fits nothing/],
  ]) {
    const { code, stderr } = await run(['check', '--exclude', pattern, '.'], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, said);
  }
  const nothing = await run(['check', '--pack', './team', '--exclude', '*', '.'], { cwd });
  assert.equal(nothing.code, 3);
  assert.match(nothing.stderr, /-v says what was left out/);
});

test('a file that git tracks is read, though .gitignore names it', async (t) => {
  const cwd = tree(t, {
    'team/team.rego': POLICY,
    '.gitignore': 'sneaky.yaml\ndist/\n',
    'a.yaml': ITEM,
    'sneaky.yaml': ITEM,
    'dist/in.yaml': ITEM,
    'dist/out.yaml': ITEM,
  });
  git(cwd, 'init', '-q');
  assert.deepEqual((await met(cwd)).files, ['a.yaml']);
  git(cwd, 'add', '-f', 'sneaky.yaml', 'dist/in.yaml');
  assert.deepEqual((await met(cwd)).files, ['a.yaml', 'dist/in.yaml', 'sneaky.yaml']);
  assert.deepEqual((await met(cwd, ['--exclude', 'sneaky.yaml', '.'])).files, ['a.yaml', 'dist/in.yaml']);
});

test('the configuration, the waivers and the baseline are no documents', async (t) => {
  const cwd = tree(t, {
    'team/team.rego': POLICY,
    'countersign.yaml': 'packs: [./team]\nextends: base.yaml\n',
    'base.yaml': 'failOn: error\n',
    'a.yaml': ITEM,
  });
  const { files, counts } = await met(cwd);
  assert.deepEqual([files, counts.excluded], [['a.yaml'], 0]);
});

test('verify and test leave out what check leaves out, and read what git tracks', async (t) => {
  const message = 'POST / HTTP/1.1\nhost: a.example\ncontent-type: application/json\n\n{}';
  const found = {
    'case.json': '{ "contract": "../../c.json", "expect": { "verdict": "accept" } }',
    'request.http': message,
  };
  const cases = ['kept', 'old', 'draft', 'tracked'].flatMap((name) =>
    Object.entries(found).map(([file, text]) => [`cases/${name}/${file}`, text]),
  );
  const rego = (name, result) => `package ${name}\n\nimport rego.v1\n\ntest_${name} if ${result}\n`;
  const cwd = tree(t, {
    'c.json': '{ "contract": "c", "version": 1, "signature": null }',
    '.gitignore': 'draft/\ntracked/\n',
    'countersign.yaml': 'exclude: [old/]\n',
    ...Object.fromEntries(cases),
    'cases/p/p.rego': 'package p\n',
    'cases/p/p_test.rego': rego('p', 'true'),
    'cases/p/wip_test.rego': rego('wip', 'false'),
  });
  git(cwd, 'init', '-q');
  git(cwd, 'add', '-f', 'cases/tracked');
  const tests = async (...args) => {
    const { code, stdout, stderr } = await run(['test', '-f', 'json', ...args], { cwd });
    return [code, stdout && JSON.parse(stdout).tests.map(({ name }) => name), stderr];
  };
  const wip = ['--exclude', 'wip_test.rego'];
  assert.deepEqual(await tests('cases', ...wip), [0, ['p.test_p', 'cases/kept', 'cases/tracked'], '']);
  assert.deepEqual((await tests('cases/old'))[1], ['cases/old']); // it is named
  const said = (await tests('cases', ...wip, '-v'))[2].split('\n');
  for (const line of [
    'cases/draft (.gitignore:1)',
    'cases/old (countersign.yaml)',
    'cases/p/wip_test.rego (--exclude)',
  ])
    assert.equal(said.filter((one) => one === `left out: ${line}`).length, 1, line);
  const { stdout } = await run(['verify', '--contract', './c.json', '--exclude', 'kept/', 'cases'], { cwd });
  assert.match(stdout, /✓ cases\/tracked\/request\.http: c says accept/);
  assert.doesNotMatch(stdout, /old|draft|kept/);
});
