// Findings that are waived, and what is wrong with waivers. tests/js/waivers has comments, each with the lines whose
// findings it waives and what is left, and files of waivers that are refused.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { faultsOf } from '../../pkg/cli/schema.js';
import { folder, ROOT, run } from './setup.js';

const DATA = join(ROOT, 'tests/js/waivers');
const PACK = ['--pack', join(DATA, 'rules.rego', '..')];
const data = (name) => JSON.parse(readFileSync(join(DATA, name), 'utf8'));
const LAST = '2026-12-01';

function filled(t, files) {
  const cwd = folder(t);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), typeof text === 'string' ? text : JSON.stringify(text));
  }
  return cwd;
}

async function checked(cwd, args, { now = LAST } = {}) {
  const { code, stdout, stderr } = await run(['check', ...PACK, '-f', 'json', '--now', now, ...args], { cwd });
  assert.ok(stdout, stderr);
  return { code, stderr, ...JSON.parse(stdout) };
}

const shown = ({ code, source }) => `${code}:${source.line}`;
const WAIVER = { rule: 'bad', reason: 'why not', owner: 'me', until: LAST };
const file = (...waivers) => ({ version: 1, waivers: waivers.map((one) => ({ ...WAIVER, ...one })) });

for (const [name, { file: path = 'a.yaml', text, waived, found, says }] of Object.entries(data('comments.json'))) {
  test(`a comment ${name}`, async (t) => {
    const report = await checked(filled(t, { [path]: text }), [path]);
    assert.deepEqual(report.waived.map(({ source }) => source.line).sort(), waived);
    assert.deepEqual(report.findings.map(shown).sort(), found);
    if (says)
      assert.deepEqual(
        report.findings.map(({ message }) => message).filter((one) => one === says),
        [says],
      );
    assert.equal(report.counts.waived, waived.length);
    assert.equal(report.code, /policy-bad|expired|malformed|wide/.test(found) ? 1 : 0);
  });
}

test('a comment is for its own document and file alone', async (t) => {
  const comment = '# countersign-ignore bad until=2027-01-31 reason=x owner=y\n';
  for (const text of [`${comment}kind: A\nbad: 1\n`, `kind: A\nbad: 1 ${comment}`]) {
    const cwd = filled(t, { 'a.yaml': text, 'b.yaml': `kind: A\nbad: 1\n`, 'c.yaml': `# c\nkind: A\nbad: 1\n` });
    const { findings } = await checked(cwd, ['.']);
    assert.deepEqual(
      findings.map(({ source }) => source.file),
      ['b.yaml', 'c.yaml'],
    );
  }
});

test('with --no-inline comments waive nothing, and each is reported', async (t) => {
  const cwd = filled(t, { 'a.yaml': 'kind: A\nodd: 1 # countersign-ignore odd until=2027-01-31 reason=x owner=y\n' });
  assert.equal((await checked(cwd, ['a.yaml'])).counts.waived, 1);
  const refused = await checked(cwd, ['--no-inline', 'a.yaml']);
  assert.deepEqual(refused.findings.map(shown), ['policy-odd:2', 'waiver-refused:2']);
  assert.deepEqual([refused.code, refused.counts.waived, refused.counts.warnings], [0, 0, 2]);
  assert.equal((await checked(cwd, ['--no-inline', '--strict', 'a.yaml'])).code, 1);
});

for (const [name, [text, says]] of Object.entries(data('files.json'))) {
  test(`a file of waivers with ${name} is refused`, async (t) => {
    const cwd = filled(t, { 'waivers.yaml': text, 'a.yaml': 'bad: 1\n' });
    const { code, stdout, stderr } = await run(['check', ...PACK, '--waivers', 'waivers.yaml', 'a.yaml'], { cwd });
    assert.equal(code, 2, stderr);
    assert.ok(stderr.includes(says), stderr);
    assert.equal(stdout, '');
  });
}

test('a file of waivers that is not there is refused', async (t) => {
  const { code, stderr } = await run(['check', ...PACK, '--waivers', 'w.yaml', '.'], { cwd: folder(t) });
  assert.equal(code, 2);
  assert.match(stderr, /waivers: cannot read: it does not exist \(w\.yaml\)/);
});

const POD = (name, more) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, ...more });

test('each kind of match fits what it names, and all that are given must fit', async (t) => {
  const cwd = filled(t, { 'deploy/a.json': POD('a', { bad: 1 }), 'b.json': POD('b', { bad: 1, spec: { bad: 2 } }) });
  const { findings } = await checked(cwd, ['.']);
  const [{ fingerprint }] = findings.filter(({ resource }) => resource.name === 'a');
  const resource = (name, namespace) => ({ kind: 'Pod', namespace, name });
  for (const [match, count] of [
    [{ fingerprint }, 1],
    [{ pointer: '/bad' }, 2],
    [{ pointer: '/spec/bad' }, 1],
    [{ pointer: '/spec' }, 0],
    [{ resource: resource('b', 'shop') }, 2],
    [{ resource: resource('b') }, 0],
    [{ file: 'b.json' }, 2],
    [{ file: './deploy/*.json' }, 1],
    [{ file: 'deploy' }, 0],
    [{ resource: resource('b', 'shop'), pointer: '/bad' }, 1],
    [{ fingerprint, file: 'b.json' }, 0],
  ]) {
    writeFileSync(join(cwd, 'w.yaml'), JSON.stringify(file({ match })));
    for (const path of ['.', cwd]) {
      const report = await checked(cwd, ['--waivers', 'w.yaml', path]);
      assert.equal(report.waived.length, count, JSON.stringify(match));
      assert.equal(report.findings.filter(({ code }) => code === 'policy-bad').length, 3 - count);
      assert.equal(report.findings.filter(({ code }) => code === 'waiver-unused').length, Number(count === 0));
    }
  }
});

test('a rule has its code, with or without `policy-`, and its name in the report', async (t) => {
  const rules = 'package team.images\n\ndeny contains "x" if input.bad\n\nwarn_odd contains "y" if input.bad\n';
  const cwd = filled(t, { 'pack/a.rego': rules, 'a.json': { bad: 1 } });
  for (const [rule, waived] of [
    ['policy-images', ['team.images.deny', 'team.images.warn_odd']],
    ['images', ['team.images.deny', 'team.images.warn_odd']],
    ['team.images.deny', ['team.images.deny']],
    ['deny', []],
    ['policy-team.images.deny', []],
  ]) {
    writeFileSync(join(cwd, 'w.yaml'), JSON.stringify(file({ rule, match: { pointer: '/bad' } })));
    const args = ['--pack', './pack', '--waivers', 'w.yaml', 'a.json'];
    const { stdout } = await run(['check', '-f', 'json', '--now', LAST, ...args], { cwd });
    assert.deepEqual(
      JSON.parse(stdout).waived.map((one) => one.rule),
      waived,
      rule,
    );
  }
});

test('a waived finding says by whom and where, and does not fail', async (t) => {
  const cwd = filled(t, { 'w.yaml': file({ match: { pointer: '/bad' } }), 'a.yaml': 'kind: A\nbad: 1\n' });
  const { code, verdict, counts, waived } = await checked(cwd, ['--waivers', 'w.yaml', 'a.yaml']);
  assert.deepEqual([code, verdict, counts.errors, counts.waived], [0, 'pass', 0, 1]);
  const [{ code: policy, source, waived: by }] = waived;
  assert.deepEqual([policy, source.line], ['policy-bad', 2]);
  const { rule, ...facts } = WAIVER;
  assert.deepEqual(by, { by: 'file', ...facts, source: { file: 'w.yaml', line: 1 } });
  const { stdout } = await run(['check', ...PACK, '--now', LAST, '--waivers', 'w.yaml', 'a.yaml'], { cwd });
  assert.match(stdout, /no findings, 1 waived/);
  assert.doesNotMatch(stdout, /why not/);
  const all = await run(['check', ...PACK, '--now', LAST, '--waivers', 'w.yaml', '-v', 'a.yaml'], { cwd });
  assert.match(all.stdout, /\n {2}waived: a\.yaml:2:6, policy-bad until 2026-12-01, by me: why not\n/);
});

test('it holds on its last day, and not on the next', async (t) => {
  const cwd = filled(t, { 'w.yaml': file({ match: { pointer: '/odd' }, rule: 'odd' }), 'a.yaml': 'kind: A\nodd: 1\n' });
  const on = (now) => checked(cwd, ['--waivers', 'w.yaml', 'a.yaml'], { now });
  for (const now of ['2026-11-30', LAST, `${LAST}T23:59:59Z`]) assert.equal((await on(now)).code, 0, now);
  const { code, findings } = await on('2026-12-02');
  assert.equal(code, 1);
  assert.deepEqual(
    findings.map(({ code, severity }) => [code, severity]),
    [
      ['policy-odd', 'warning'],
      ['waiver-expired', 'error'],
    ],
  );
  assert.match(
    findings[1].message,
    /^the waiver of `odd` ended on 2026-12-01, so 1 finding counts again; its owner is me$/,
  );
});

test('it is judged by the clock if no time is given', async (t) => {
  const waivers = [
    { match: { pointer: '/bad' }, until: '2020-01-01' },
    { match: { pointer: '/odd' }, rule: 'odd', until: '4000-01-01' },
  ];
  const cwd = filled(t, { 'w.yaml': file(...waivers), 'a.yaml': 'bad: 1\nodd: 1\n' });
  const { stdout } = await run(['check', ...PACK, '-f', 'json', '--waivers', 'w.yaml', 'a.yaml'], { cwd });
  const { findings, waived } = JSON.parse(stdout);
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['policy-bad', 'waiver-expired'],
  );
  assert.deepEqual(
    waived.map(({ code }) => code),
    ['policy-odd'],
  );
});

test('one that is too wide waives nothing', async (t) => {
  const files = {};
  for (let index = 0; index < 11; index += 1) files[`d/${index}.json`] = POD(`p${index}`, { bad: 1 });
  const cwd = filled(t, files);
  const codes = async (waiver, paths = ['d']) => {
    writeFileSync(join(cwd, 'w.yaml'), JSON.stringify(file(waiver)));
    const { findings, waived } = await checked(cwd, ['--waivers', 'w.yaml', ...paths]);
    return [...new Set(findings.map(({ code }) => code)), waived.length];
  };
  for (const match of [
    { pointer: '/bad' },
    { file: 'd/*' },
    { file: '**' },
    { file: '**/*.json' },
    { file: './*/?.json' },
  ])
    assert.deepEqual(await codes({ match }), ['policy-bad', 'waiver-too-wide', 0], JSON.stringify(match));
  assert.deepEqual(await codes({ match: { pointer: '/bad' }, rule: '*' }), ['policy-bad', 'waiver-too-wide', 0]);
  const few = Object.keys(files).slice(1);
  assert.deepEqual(await codes({ match: { pointer: '/bad' } }, few), [10]);
  assert.deepEqual(await codes({ match: { file: 'd/[0-9]*' } }, few), [10]);
  const resource = { kind: 'Pod', namespace: 'shop', name: 'p1' };
  assert.deepEqual(await codes({ match: { resource, file: '**' } }, few), ['policy-bad', 1]);
});

test('one that fits nothing is a warning, and with --strict an error', async (t) => {
  const cwd = filled(t, { 'w.yaml': file({ rule: 'bda', match: { pointer: '/bad' } }), 'a.yaml': 'kind: A\n' });
  const { code, findings } = await checked(cwd, ['--waivers', 'w.yaml', 'a.yaml']);
  assert.equal(code, 0);
  assert.deepEqual(
    findings.map(({ code, severity, help }) => [code, severity, help]),
    [['waiver-unused', 'warning', 'did you mean `bad`?']],
  );
  const strict = await checked(cwd, ['--strict', '--waivers', 'w.yaml', 'a.yaml']);
  assert.deepEqual([strict.code, strict.findings[0].severity], [1, 'error']);
  assert.equal((await checked(cwd, ['--fail-on', 'warning', '--waivers', 'w.yaml', 'a.yaml'])).code, 1);
});

test('with a list of files, nobody looks for unused waivers but those in comments', async (t) => {
  const comment = '# countersign-ignore odd until=2027-01-31 reason=x owner=me';
  const cwd = filled(t, {
    'w.yaml': file({ match: { file: 'b.yaml' } }),
    'a.yaml': `a: 1\nbad: 1 ${comment}\n`,
    list: 'a.yaml',
  });
  const { findings } = await checked(cwd, ['--strict', '--waivers', 'w.yaml', '--files-from', 'list']);
  assert.deepEqual(findings.map(shown), ['policy-bad:2', 'waiver-unused:2']);
});

test('what was not judged is not waived', async (t) => {
  const conflict = 'package broken\n\nmsg := "a" if input.bad\n\nmsg := "b" if input.bad\n\ndeny contains msg\n';
  const cwd = filled(t, { 'pack/a.rego': conflict, 'a.yaml': 'bad: 1\n' });
  writeFileSync(join(cwd, 'w.yaml'), JSON.stringify(file({ rule: 'rule-error', match: { file: 'a.yaml' } })));
  const args = ['check', '--pack', './pack', '-f', 'json', '--waivers', 'w.yaml', '--now', LAST, 'a.yaml'];
  const { code, stdout } = await run(args, { cwd });
  assert.equal(code, 3);
  assert.deepEqual(
    JSON.parse(stdout).findings.map(({ code }) => code),
    ['rule-error'],
  );
});

test('recorded traffic is not looked through for comments', async (t) => {
  const body = '# countersign-ignore bad until=2027-01-31 reason=x owner=y';
  const cwd = filled(t, { 'a.http': `POST /x HTTP/1.1\nHost: a.example\nContent-Length: ${body.length}\n\n${body}` });
  const { findings, waived } = await checked(cwd, ['--no-inline', 'a.http']);
  assert.deepEqual([findings, waived], [[], []]);
});

test('the published schema takes what the reader takes', async () => {
  const schema = JSON.parse(readFileSync(join(ROOT, 'policies/waivers.schema.json'), 'utf8'));
  assert.deepEqual(await faultsOf(schema, file({ match: { file: 'a/**', pointer: '/a~1b' } })), []);
  assert.equal((await faultsOf(schema, file({ match: {} }))).length, 1);
});
