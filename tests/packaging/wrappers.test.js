// The wrappers of CI systems: the command of each runs, with the package as it is installed.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { parse, parseAllDocuments } from 'yaml';

import { install, ROOT } from './installation.js';

const { home, remove } = install();
after(remove);

const read = (name) => readFileSync(join(ROOT, name), 'utf8');
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop }\nspec: { containers: [] }\n';

before(() => {
  mkdirSync(join(home, 'bin'));
  // npx would ask the registry for the version; what runs is what is installed, and the version is kept for the test.
  writeFileSync(
    join(home, 'bin/npx'),
    `#!/bin/bash\nfor one in "$@"; do case $one in --yes) shift;; esac; done\necho "$1" > ${home}/asked\nshift\n` +
      `exec ${home}/node_modules/.bin/countersign "$@"\n`,
  );
  chmodSync(join(home, 'bin/npx'), 0o755);
  mkdirSync(join(home, 'deploy'));
  writeFileSync(join(home, 'deploy/bad.yaml'), POD.replace('containers', 'hostPID: true, containers'));
  mkdirSync(join(home, 'with space'));
  writeFileSync(join(home, 'with space/good.yaml'), POD);
});

function bash(script, env = {}) {
  const path = `${join(home, 'bin')}:${join(home, 'node_modules/.bin')}:${process.env.PATH}`;
  const { GITHUB_ACTIONS, CI, ...others } = process.env;
  return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: home,
    encoding: 'utf8',
    env: { ...others, PATH: path, ...env },
  });
}

/** The step of the action with these inputs, as GitHub runs it. */
function action(inputs) {
  const { inputs: declared, runs } = parse(read('action.yml'));
  const value = (name) => inputs[name] ?? declared[name].default;
  const [step] = runs.steps;
  const filled = (text) => text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name) => value(name));
  assert.doesNotMatch(step.run, /\$\{\{/, 'an input in the script would be run');
  const env = Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, filled(text)]));
  return bash(step.run, { ...env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(home, 'summary.md') });
}

test('the action checks paths, annotates, and writes SARIF', () => {
  const failed = action({ paths: 'deploy/\n', sarif: 'out.sarif', version: '0.1.0', args: '--set=require=none' });
  assert.equal(failed.status, 1, failed.stderr);
  assert.match(failed.stdout, /^::error file=deploy\/bad\.yaml,line=4,/m);
  assert.equal(JSON.parse(readFileSync(join(home, 'out.sarif'), 'utf8')).version, '2.1.0');
  assert.match(readFileSync(join(home, 'summary.md'), 'utf8'), /policy-pss-host-namespaces/);
  assert.equal(readFileSync(join(home, 'asked'), 'utf8'), 'countersign@0.1.0\n');
});

test('the action takes names with spaces, and none of its inputs is run', () => {
  const odd = `$(touch ${home}/run); \`touch ${home}/run\``;
  const passed = action({ paths: 'with space/', args: '--fail-on=never\n' });
  assert.equal(passed.status, 0, passed.stderr);
  assert.equal(readFileSync(join(home, 'asked'), 'utf8'), 'countersign\n');
  assert.equal(action({ paths: odd }).status, 3);
  assert.equal(action({ args: odd }).status, 3);
  assert.ok(!existsSync(join(home, 'run')));
});

test('the hooks of pre-commit run in a repository', () => {
  const hooks = Object.fromEntries(parse(read('.pre-commit-hooks.yaml')).map((hook) => [hook.id, hook]));
  const version = JSON.parse(read('pkg.json')).version;
  for (const { additional_dependencies: packages } of Object.values(hooks))
    assert.deepEqual(packages, [`countersign@${version}`]);
  mkdirSync(join(home, 'repository'));
  const repository = (script) => bash(`cd repository && ${script}`);
  const git = 'git -c user.name=a -c user.email=a@b.example';
  assert.equal(repository(`git init -q . && cp ../deploy/bad.yaml . && ${git} add . && ${git} commit -qm a`).status, 0);
  const { entry } = hooks['countersign-check'];
  assert.equal(repository(entry).status, 0, 'nothing has changed');
  writeFileSync(join(home, 'repository/new.yaml'), POD.replace('containers', 'hostIPC: true, containers'));
  const failed = repository(`git add new.yaml && ${entry}`);
  assert.equal(failed.status, 1, failed.stderr);
  assert.match(failed.stdout, /new\.yaml:4/);
  assert.doesNotMatch(failed.stdout, /bad\.yaml:4/);
  assert.equal(repository(`${hooks['countersign-test'].entry} .`).status, 3, 'there is no test');
});

test('the job of GitLab writes both of its reports', () => {
  const [spec, job] = parseAllDocuments(read('templates/ci/gitlab.yml')).map((document) => document.toJS());
  const value = (name) => ({ paths: 'deploy/' })[name] ?? spec.spec.inputs[name].default;
  const { script, artifacts } = job.countersign;
  const lines = script.map((line) => line.replace(/\$\[\[ inputs\.(\w+) \]\]/g, (_, name) => value(name)));
  const failed = bash(lines.join('\n'));
  assert.equal(failed.status, 1, failed.stderr);
  const { codequality, junit } = artifacts.reports;
  assert.equal(JSON.parse(readFileSync(join(home, codequality), 'utf8'))[0].location.path, 'deploy/bad.yaml');
  assert.match(readFileSync(join(home, junit), 'utf8'), /<failure/);
});

test('the npm script runs', () => {
  const [, text] = /```jsonc\n(.*?)\n```/s.exec(read('docs/ci.md'));
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  writeFileSync(join(home, 'package.json'), JSON.stringify({ ...manifest, ...JSON.parse(text) }));
  assert.equal(bash('npm run --silent check').status, 1);
  assert.equal(bash('npm run --silent check -- --fail-on never').status, 0);
});

test('npm would publish it without a warning', () => {
  const { status, stderr } = spawnSync('npm', ['publish', '--dry-run', '--offline'], {
    cwd: join(ROOT, 'pkg'),
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  // Nobody is logged in here.
  assert.doesNotMatch(stderr, /npm warn (?!publish This command requires you to be logged in)/i);
});
