// A baseline lets pass what was there, and nothing new.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { folder, ROOT, run } from './setup.js';

const WAIVED = { reason: 'x', owner: 'x', until: '4000-01-01' };
const PACK = ['--pack', join(ROOT, 'tests/js/waivers')];
const POD = (name, more) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, ...more });
const FILES = {
  'd/a.json': POD('a', { bad: 1, list: [{ name: 'x', bad: 2 }, { name: 'y' }] }),
  'd/b.json': POD('b', { odd: 1 }),
  'd/c.json': { bad: 'no resource' },
};

function put(cwd, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), typeof text === 'string' ? text : JSON.stringify(text));
  }
}

/** A folder with files, and a baseline of what they have. */
async function written(t, files = FILES, paths = ['d']) {
  const cwd = folder(t);
  put(cwd, files);
  const result = await run(['baseline', 'write', 'base.json', ...PACK, ...paths], { cwd });
  assert.equal(result.code, 0, result.stderr);
  return cwd;
}

async function checked(cwd, ...args) {
  const { code, stdout, stderr } = await run(['check', ...PACK, '-f', 'json', '--baseline', 'base.json', ...args], {
    cwd,
  });
  assert.ok(stdout, stderr);
  const { findings, counts, baseline } = JSON.parse(stdout);
  return { code, stderr, counts, baseline, codes: findings.map(({ code }) => code), findings };
}

const entries = (cwd) => JSON.parse(readFileSync(join(cwd, 'base.json'), 'utf8')).findings;

test('it has a line for each finding, sorted, without its place', async (t) => {
  const cwd = await written(t);
  const text = readFileSync(join(cwd, 'base.json'), 'utf8');
  const lines = text.split('\n');
  assert.deepEqual(lines.slice(0, 2), ['{', '  "version": 1,']);
  assert.match(lines[2], /^ {2}"packs": \["\.\/.*tests\/js\/waivers"\],$/);
  const found = entries(cwd);
  assert.deepEqual(
    found.map(({ file, code, message }) => [file, code, message]),
    [
      ['d/a.json', 'policy-bad', 'it is bad'],
      ['d/a.json', 'policy-bad', 'it is bad'],
      ['d/b.json', 'policy-odd', 'it is odd'],
      ['d/c.json', 'policy-bad', 'it is bad'],
    ],
  );
  assert.equal(lines.filter((line) => line.includes('"fingerprint"')).length, found.length);
  await run(['baseline', 'write', 'base.json', ...PACK, 'd/c.json', './d/b.json', join(cwd, 'd/a.json')], { cwd });
  assert.equal(readFileSync(join(cwd, 'base.json'), 'utf8'), text);
});

test('what it has does not fail, and is counted', async (t) => {
  const cwd = await written(t);
  const { code, codes, counts, baseline } = await checked(cwd, 'd');
  assert.deepEqual([code, codes, counts.baseline, counts.errors], [0, [], 4, 0]);
  assert.equal(baseline.length, 4);
  const { stdout } = await run(['check', ...PACK, '--baseline', 'base.json', 'd'], { cwd });
  assert.match(stdout, /no findings, 4 in the baseline/);
});

test('it survives moved lines and reordered items', async (t) => {
  const cwd = await written(t);
  put(cwd, {
    'd/a.json': `\n\n${JSON.stringify(POD('a', { list: [{ name: 'y' }, { bad: 7, name: 'x' }], bad: 1 }), null, 4)}`,
  });
  assert.deepEqual((await checked(cwd, '--strict', 'd')).codes, []);
});

test('one that is fixed and one that is new, of one rule in one file, are both seen', async (t) => {
  const cwd = await written(t);
  put(cwd, { 'd/a.json': POD('a', { bad: 1, list: [{ name: 'x' }, { name: 'y', bad: 2 }] }) });
  const { code, findings } = await checked(cwd, 'd');
  assert.equal(code, 1);
  assert.deepEqual(
    findings.map(({ code, at, severity }) => [code, at, severity]),
    [
      ['policy-bad', '/list/1/bad', 'error'],
      ['baseline-stale', '/findings/0', 'warning'],
    ],
  );
  assert.equal(findings[1].source.file, 'base.json');
});

test('an entry that is gone is a warning, an error with --strict and for `baseline check`', async (t) => {
  const cwd = await written(t);
  put(cwd, { 'd/b.json': POD('b') });
  assert.deepEqual((await checked(cwd, 'd')).codes, ['baseline-stale']);
  assert.equal((await checked(cwd, 'd')).code, 0);
  assert.equal((await checked(cwd, '--strict', 'd')).code, 1);
  const { code, stdout } = await run(['baseline', 'check', 'base.json', ...PACK, 'd'], { cwd });
  assert.equal(code, 1);
  assert.match(stdout, /error\[baseline-stale\]: `policy-odd` is no longer found in d\/b\.json: it is odd/);
  assert.match(stdout, /base\.json:7:5 \(\/findings\/2\)/);
});

test('prune drops what is gone, and adds nothing', async (t) => {
  const cwd = await written(t);
  const before = entries(cwd);
  put(cwd, { 'd/b.json': POD('b', { bad: 1 }) });
  const { code, stdout } = await run(['baseline', 'prune', 'base.json', ...PACK, 'd'], { cwd });
  assert.deepEqual([code, stdout], [0, 'base.json: 1 dropped, 3 left\n']);
  assert.deepEqual(
    entries(cwd),
    before.filter(({ file }) => file !== 'd/b.json'),
  );
  assert.equal((await checked(cwd, '--strict', 'd')).code, 1);
  const again = await run(['baseline', 'prune', 'base.json', ...PACK, 'd'], { cwd });
  assert.equal(again.stdout, 'base.json: 0 dropped, 3 left\n');
});

test('a run over some of the files leaves the entries of others alone, and says so', async (t) => {
  const cwd = await written(t);
  const { code, codes, stderr } = await checked(cwd, '--strict', 'd/b.json');
  assert.deepEqual([code, codes], [0, []]);
  assert.match(stderr, /3 entries of the baseline were not looked for/);
  const { stdout } = await run(['baseline', 'prune', 'base.json', ...PACK, 'd/b.json'], { cwd });
  assert.equal(stdout, 'base.json: 0 dropped, 4 left, 3 of them not looked for\n');
  rmSync(join(cwd, 'd/c.json'));
  assert.deepEqual((await checked(cwd, 'd/b.json')).codes, ['baseline-stale']);
  renameSync(join(cwd, 'd/a.json'), join(cwd, 'd/z.json'));
  assert.deepEqual((await checked(cwd, 'd')).codes, ['baseline-stale']);
});

test('with --changed, what is in other files is not looked for', async (t) => {
  const cwd = await written(t);
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd, stdio: 'pipe' });
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'a');
  put(cwd, { 'd/b.json': POD('b'), 'd/c.json': { bad: 1, more: { bad: 1 } } });
  const waivers = { version: 1, waivers: [{ rule: 'odd', match: { file: 'd/b.json' }, ...WAIVED }] };
  put(cwd, { 'w.yaml': waivers });
  const { code, codes, counts } = await checked(cwd, '--changed=HEAD', '--strict', '--waivers', 'w.yaml', 'd');
  assert.deepEqual([code, codes, counts.baseline], [1, ['policy-bad'], 1]);
});

test('in a repository it is the same from any folder', async (t) => {
  const cwd = folder(t);
  const pack = { 'team/rules.rego': readFileSync(join(ROOT, 'tests/js/waivers/rules.rego'), 'utf8') };
  put(cwd, { ...FILES, ...pack, '.git/HEAD': '' });
  await run(['baseline', 'write', 'base.json', '--pack', './team', 'd'], { cwd });
  const text = readFileSync(join(cwd, 'base.json'), 'utf8');
  assert.match(text, /"packs": \["\.\/team"\]/);
  const args = ['../base.json', '--pack', '../team', '.'];
  assert.equal((await run(['baseline', 'check', ...args], { cwd: join(cwd, 'd') })).code, 0);
  rmSync(join(cwd, 'base.json'));
  await run(['baseline', 'write', ...args], { cwd: join(cwd, 'd') });
  assert.equal(readFileSync(join(cwd, 'base.json'), 'utf8'), text);
});

test('outside of a repository its names start at its folder, or at that of the configuration', async (t) => {
  const cwd = folder(t);
  const pack = { 'team/rules.rego': readFileSync(join(ROOT, 'tests/js/waivers/rules.rego'), 'utf8') };
  put(cwd, { ...FILES, ...pack, 'e/x.json': POD('x') });
  const at = (where, ...args) => run(args, { cwd: join(cwd, where) });
  const passes = async (where, ...args) => {
    const { code, stdout, stderr } = await at(where, ...args);
    assert.deepEqual([code, stderr], [0, ''], stdout);
  };
  await passes('.', 'baseline', 'write', 'base.json', '--pack', './team', 'd');
  await passes('d', 'baseline', 'check', '../base.json', '--pack', '../team', '.');
  await passes('d', 'check', '--baseline', '../base.json', '--pack', '../team', '.');
  put(cwd, { 'countersign.yaml': 'packs: [./team]\nbaseline: ci/base.json\npaths: [d]\n' });
  mkdirSync(join(cwd, 'ci'));
  await passes('.', 'baseline', 'write');
  assert.match(readFileSync(join(cwd, 'ci/base.json'), 'utf8'), /"packs": \["\.\/team"\][\s\S]*"d\/a\.json"/);
  await passes('d', 'baseline', 'check', '--config', '../countersign.yaml');
});

test('a run with other packs says so, and finds nothing gone', async (t) => {
  const cwd = await written(t);
  const args = ['check', '--pack', 'kubernetes', '-f', 'json', '--baseline', 'base.json', 'd/b.json'];
  const { stdout, stderr } = await run(args, { cwd });
  const { findings } = JSON.parse(stdout);
  const codes = findings.map(({ code }) => code).filter((code) => code.startsWith('baseline'));
  assert.deepEqual(codes, ['baseline-packs']);
  assert.match(findings.at(-1).message, /the baseline is for \.\/.*waivers; this run has kubernetes$/);
  assert.match(stderr, /4 entries of the baseline were not looked for/);
});

test('each entry is for one finding', async (t) => {
  const cwd = await written(t);
  const text = readFileSync(join(cwd, 'base.json'), 'utf8');
  const line = text.split('\n').find((one) => one.includes('d/b.json'));
  put(cwd, { 'base.json': text.replace(line, `${line}\n${line}`) });
  assert.deepEqual((await checked(cwd, 'd')).codes, ['baseline-stale']);
  await run(['baseline', 'prune', 'base.json', ...PACK, 'd'], { cwd });
  assert.equal(readFileSync(join(cwd, 'base.json'), 'utf8'), text);
});

test('what is waived is not written, and neither is what the gate says itself', async (t) => {
  const comment = 'countersign-ignore bad until=2027-01-31 reason=x owner=me';
  const files = { 'd/a.yaml': `a: 1\nbad: 1 # ${comment}\nodd: 1 # ${comment}\n` };
  const cwd = folder(t);
  put(cwd, files);
  const args = ['baseline', 'write', 'base.json', ...PACK, '--now', '2027-01-01', 'd'];
  const { code, stdout, stderr } = await run(args, { cwd });
  assert.deepEqual([code, stdout], [0, 'base.json: 1 finding\n']);
  assert.match(stderr, /hint\[waiver-unused\]: the waiver of `bad` fits no finding/);
  assert.deepEqual(
    entries(cwd).map(({ code }) => code),
    ['policy-odd'],
  );
});

test('where something was not judged, nothing is written', async (t) => {
  const cwd = await written(t);
  const before = readFileSync(join(cwd, 'base.json'), 'utf8');
  put(cwd, { 'd/broken.yaml': 'a: {', 'd/b.json': POD('b') });
  for (const action of ['write', 'prune']) {
    const { code, stderr } = await run(['baseline', action, 'base.json', ...PACK, 'd'], { cwd });
    assert.equal(code, 3);
    assert.match(stderr, /base\.json was not written, since not everything could be judged/);
    assert.equal(readFileSync(join(cwd, 'base.json'), 'utf8'), before);
  }
  assert.deepEqual((await checked(cwd, 'd')).codes, []);
});

test('a file that cannot be written is an error, and leaves nothing behind', async (t) => {
  const cwd = folder(t);
  put(cwd, FILES);
  const { code, stderr } = await run(['baseline', 'write', 'none/base.json', ...PACK, 'd'], { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /baseline none\/base\.json: cannot write it \(ENOENT\)/);
  mkdirSync(join(cwd, 'taken'));
  assert.equal((await run(['baseline', 'write', 'taken', ...PACK, 'd'], { cwd })).code, 2);
  assert.deepEqual(readdirSync(cwd).sort(), ['d', 'taken']);
});

test('the files of waivers and of the baseline are not checked with their folder', async (t) => {
  const cwd = await written(t, { 'd/b.json': POD('b') });
  put(cwd, { 'd/base.json': readFileSync(join(cwd, 'base.json'), 'utf8'), 'd/w.yaml': 'version: 1\nwaivers: []\n' });
  const files = async (...args) => (await checked(cwd, ...args)).counts.files;
  assert.equal(await files('d'), 3);
  assert.equal(await files('--baseline', './d/base.json', '--waivers', join(cwd, 'd/w.yaml'), 'd'), 1);
  assert.equal(await files('--waivers', 'd/w.yaml', 'd/w.yaml'), 1);
  put(cwd, { 'd/base.json': { bad: 1 } });
  const { stdout } = await run(['baseline', 'write', 'd/base.json', ...PACK, 'd'], { cwd });
  assert.equal(stdout, 'd/base.json: 0 findings\n');
});

test('credentials in a message are not written', async (t) => {
  const rules = 'package tests\n\ndeny contains sprintf("calls %v", [input.url])\n';
  const cwd = folder(t);
  put(cwd, { 'pack/a.rego': rules, 'd/a.json': { url: 'https://user:hunter2@a.example/?token=s3cr3t' } });
  await run(['baseline', 'write', 'base.json', '--pack', './pack', 'd'], { cwd });
  const [{ message }] = entries(cwd);
  assert.match(message, /^calls https:\/\/\*\*\*@a\.example\/\?token=\*\*\*$/);
});

const REFUSED = {
  'broken JSON': ['{"version": 1,\n', /base\.json:2:1/],
  'another version': ['{"version": 2, "packs": [], "findings": []}', /`version` is not 1 \(base\.json:1:13\)/],
  'no packs': ['{"version": 1, "findings": []}', /`packs` is no list of texts/],
  'no findings': ['{"version": 1, "packs": []}', /an entry has a `fingerprint`/],
  'an entry without a code': [
    '{"version": 1, "packs": [], "findings": [\n{"fingerprint": "0123456789abcdef", "message": "x"}]}',
    /base\.json:2:1/,
  ],
  'an entry with an unknown member': [
    '{"version": 1, "packs": [], "findings":\n[{"fingerprint":"0123456789abcdef","code":"a","message":"","at":""}]}',
    /base\.json:2:2/,
  ],
  'the marks of a merge': ['{"version": 1,\n<<<<<<< ours\n"packs": []}', /base\.json:2:1/],
};

for (const [name, [text, says]] of Object.entries(REFUSED)) {
  test(`a baseline with ${name} is refused`, async (t) => {
    const cwd = folder(t);
    put(cwd, { ...FILES, 'base.json': text });
    const { code, stdout, stderr } = await run(['check', ...PACK, '--baseline', 'base.json', 'd'], { cwd });
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.match(stderr, says);
    assert.match(stderr, /countersign baseline write base\.json PATH\.\.\. writes one/);
  });
}

test('usage', async (t) => {
  const cwd = folder(t);
  put(cwd, FILES);
  for (const [args, says] of [
    [[], /say what to do with the baseline\n {2}help: countersign baseline write\|check\|prune FILE PATH/],
    [['wirte'], /say what to do/],
    [['write'], /no baseline named/],
    [['write', 'base.json'], /nothing to check/],
    [['prune', 'd'], /d is a folder: the file of the baseline comes first\n {2}help: countersign baseline prune FILE/],
    [['prune', 'base.json', 'd'], /cannot read: it does not exist \(base\.json\)/],
  ]) {
    const { code, stderr } = await run(['baseline', ...args], { cwd });
    assert.equal(code, 2, stderr);
    assert.match(stderr, says);
  }
  assert.ok(!existsSync(join(cwd, 'base.json')));
});
