// Packs of the user's own: their tests, data, templates and versions of Rego, by the command line and by the API. The
// cases of packs/cases.json run in that folder.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { junitReport } from '../../pkg/report/junit.js';
import { ContractError, loadPack } from '../../pkg/node.js';
import { folder, ROOT, run } from './setup.js';

const HOME = join(ROOT, 'tests/js/packs');
const CASES = JSON.parse(readFileSync(join(HOME, 'cases.json'), 'utf8'));

for (const { does, run: args, code, says = [], never = [] } of CASES) {
  test(`${args[0]}: ${does}`, async () => {
    const result = await run(args, { cwd: HOME });
    const all = result.stderr + result.stdout;
    assert.equal(result.code, code, `${args.join(' ')}\n${all}`);
    for (const text of says) assert.ok(all.includes(text), `${text}\nis not in\n${all}`);
    for (const text of never) assert.ok(!all.includes(text), `${text}\nis in\n${all}`);
  });
}

const json = async (args, code) => {
  const result = await run([...args, '-f', 'json'], { cwd: HOME });
  assert.equal(result.code, code, result.stderr + result.stdout);
  return JSON.parse(result.stdout);
};

/** A pack that finds what it is given below `data`. */
const ECHO = { 'echo/echo.rego': 'package echo\n\ndeny contains json.marshal(data.params)\n' };

async function paramsOf(t, files, args) {
  const cwd = folder(t);
  const all = { ...ECHO, 'x.yaml': 'apiVersion: v1\nkind: Pod\n', ...files };
  for (const [path, text] of Object.entries(all)) {
    if (path.includes('/')) mkdirSync(join(cwd, path, '..'), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  const result = await run(['check', '--pack', './echo', '-f', 'json', ...args, 'x.yaml'], { cwd });
  return result.code === 1 ? JSON.parse(JSON.parse(result.stdout).findings[0].message) : result;
}

test('parameters are merged at any depth, and contradictions refused', async (t) => {
  const files = {
    'a.yaml': 'params: {deep: {a: 1, list: [1]}, same: x}\n',
    'b.json': '{"params": {"deep": {"b": 2}, "same": "x"}}',
    'c.yaml': 'params: {deep: {a: 2}}\n',
    'd.yaml': 'params: {deep: 1}\n',
  };
  const of = (...args) => paramsOf(t, files, args);
  assert.deepEqual(await of('--data', 'a.yaml', '--data', 'b.json'), { deep: { a: 1, b: 2, list: [1] }, same: 'x' });
  assert.deepEqual(await of('--data', 'a.yaml', '--set', 'deep.a=5', '--set', 'deep.c.d=text'), {
    deep: { a: 5, c: { d: 'text' }, list: [1] },
    same: 'x',
  });
  assert.deepEqual(await of('--set', 'a\\.b=1', '--set', '__proto__.x=1'), { 'a.b': 1, ['__proto__']: { x: 1 } });
  for (const [other, path] of [
    ['c.yaml', 'params.deep.a'],
    ['d.yaml', 'params.deep'],
  ]) {
    const { code, stderr } = await of('--data', 'a.yaml', '--data', other);
    assert.equal(code, 2);
    assert.ok(stderr.includes(`\`${path}\` has two values: --data a.yaml and --data ${other} disagree`), stderr);
  }
});

test('data of a folder stands below the names of its folders', async (t) => {
  const cwd = folder(t);
  mkdirSync(join(cwd, 'settings/team/deep'), { recursive: true });
  mkdirSync(join(cwd, 'pack'));
  writeFileSync(join(cwd, 'settings/any.json'), '{"top": 1}');
  writeFileSync(join(cwd, 'settings/team/x.yaml'), 'names: [red]\n');
  writeFileSync(join(cwd, 'settings/team/deep/y.yml'), 'leaf: true\n');
  writeFileSync(
    join(cwd, 'pack/p.rego'),
    'package p\n\ndeny contains json.marshal([data.top, data.team.names, data.team.deep.leaf])\n',
  );
  writeFileSync(join(cwd, 'x.yaml'), 'a: 1\n');
  const ask = (...args) => run(['check', '--pack', './pack', ...args, 'x.yaml'], { cwd });
  assert.ok((await ask('--data', 'settings')).stdout.includes('[1,["red"],true]'));
  writeFileSync(join(cwd, 'settings/team/z.yaml'), 'names: [blue]\n');
  const refused = await ask('--data', 'settings');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /`team\.names` has two values: settings\/team\/x\.yaml and settings\/team\/z\.yaml/);
  mkdirSync(join(cwd, 'nothing'));
  assert.equal((await ask('--data', 'nothing')).code, 2);
});

test('a finding in JSON says what it rests on, with places', async () => {
  const { findings } = await json(['check', '--pack', './team', 'documents/pod.yaml'], 1);
  const [{ at, source, reads }] = findings;
  assert.equal(at, '/spec/containers/0/image');
  assert.equal(source.line, 11);
  assert.deepEqual(reads[0], { at, source });
  const absent = reads.find((read) => read.absent);
  assert.equal(absent.at, '/metadata/labels/exempt');
  assert.equal(absent.source.line, 5);
  for (const read of reads)
    assert.deepEqual(Object.keys(read).sort(), [...(read.absent ? ['absent'] : []), 'at', 'source']);
});

test('the tests in JSON and in lines', async () => {
  const report = await json(['test', 'failing'], 3);
  const { verdict, counts, tests } = report;
  assert.equal(verdict, 'error');
  assert.deepEqual(counts, { packs: 1, cases: 0, tests: 5, passed: 1, failed: 2, errors: 1, skipped: 1 });
  const [named] = tests.filter(({ name }) => name.endsWith('asked_for'));
  assert.equal(named.pack, 'failing');
  assert.equal(named.file, 'failing/names_test.rego');
  assert.equal(named.stuck.line, 8);
  assert.deepEqual(
    named.stuck.values.find(({ name }) => name === 'found'),
    { name: 'found', value: '["no name"]' },
  );
  const { stdout } = await run(['test', 'failing', '-f', 'jsonl'], { cwd: HOME });
  assert.deepEqual(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    tests,
  );
});

test('coverage counts the lines of all packs together', async () => {
  const { coverage } = await json(['test', '--coverage', 'team', 'two'], 0);
  assert.deepEqual(
    coverage.files.map(({ file }) => file),
    ['team/images.rego', 'two/one/rules.rego', 'two/other/rules.rego'],
  );
  const lines = (member) => coverage.files.flatMap((file) => file[member]).reduce((sum, [a, b]) => sum + b - a + 1, 0);
  const expected = (100 * lines('covered')) / (lines('covered') + lines('notCovered'));
  assert.ok(Math.abs(coverage.percent - expected) < 0.1 && coverage.percent < 100);
});

test('JUnit: a suite for each pack, and no text can leave its place', async () => {
  const { stdout } = await run(['test', 'failing', 'broken', 'two', '-f', 'junit'], { cwd: HOME });
  const text = stdout.replaceAll('\\', '/');
  assert.match(
    text,
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites tests="9" failures="2" errors="3" skipped="1">/,
  );
  assert.match(text, /<testsuite name="failing" tests="5" failures="2" errors="1" skipped="1">/);
  assert.match(
    text,
    /<testcase classname="names_test" name="test_passes" file="failing\/names_test\.rego" line="\d+"\/>/,
  );
  assert.match(text, /case &lt;without&gt; &amp; &quot;none&quot;: fail/);
  assert.match(text, /<testcase classname="countersign" name="broken\/a\.rego:4:2"/);
  const evil = {
    pack: 'a"b',
    name: 'p.test_x',
    outcome: 'fail',
    file: 'f',
    line: 1,
    message: '<\u0000\ud800\ufffe\n"]]>',
  };
  const xml = junitReport({ tests: [evil], coverage: { percent: 50, least: 90 } });
  assert.ok(xml.includes('<testsuite name="a&quot;b" '));
  assert.ok(xml.includes('message="&lt;\\u{0}\\u{d800}\\u{fffe}&#10;&quot;]]&gt;"'));
  assert.ok(xml.includes('<testcase classname="countersign" name="coverage">'));
});

const FILES = {
  'rules.rego': readFileSync(join(HOME, 'team/images.rego'), 'utf8'),
  'rules_test.rego': readFileSync(join(HOME, 'team/images_test.rego'), 'utf8'),
};
const POD = { kind: 'Pod', spec: { containers: [{ name: 'c', image: 'i:latest' }] } };
const FINE = { kind: 'Pod', spec: { containers: [{ name: 'c', image: 'i:1' }] } };

test('the API tests, covers, traces and explains a pack', async () => {
  const pack = await loadPack(FILES);
  assert.deepEqual(pack.test().counts, { tests: 2, passed: 2, failed: 0, errors: 0, skipped: 0 });
  assert.equal(pack.test({ filter: 'latest' }).tests.length, 1);
  assert.equal(pack.test().coverage, undefined);
  assert.ok(pack.test({ coverage: true }).coverage.percent < 100);
  const { percent, files } = pack.coverage([FINE]);
  assert.ok(percent < 100 && files[0].file === 'rules.rego');
  assert.equal(pack.trace('team.images.deny', POD).truncated, false);
  assert.equal(pack.trace('image-latest', FINE, { documents: [POD, FINE], events: 1 }).events.length, 1);
  const { holds, documents, stops } = pack.why('policy-image-latest', [POD, FINE]);
  assert.deepEqual([holds, documents, stops[0].documents], [1, 2, 1]);
  const [{ path, annotations }] = pack.rules();
  assert.equal(path, 'team.images.deny');
  assert.equal(annotations[0].id, 'image-latest');
  assert.deepEqual([annotations[0].file, typeof annotations[0].line], ['rules.rego', 'number']);
  const { findings } = pack.check([POD]);
  assert.equal(findings[0].reads[0].at, '/spec/containers/0/image');
  assert.throws(() => pack.why('image-none', [POD]), ContractError);
  assert.throws(() => pack.why(1, [POD]), TypeError);
  assert.throws(() => pack.trace('team.images.deny', POD, { documents: [FINE] }), /document must be one of documents/);
  assert.throws(() => pack.trace('team.images.deny', POD, { events: 0 }), TypeError);
  assert.throws(() => pack.test({ coverage: 1 }), TypeError);
  assert.throws(() => pack.test({ filters: 'x' }), /unknown option/);
  pack.free();
});

test('the API takes data, versions, packages and templates', async () => {
  const rule = 'package p\n\ndeny contains "x" if data.on';
  const load = (files, options) => loadPack(files, options);
  const found = (pack) => pack.check([POD]).findings.map(({ code, message }) => `${code} ${message}`);
  const [on, other] = [await load({ 'a.rego': rule }, { data: { on: true } }), 'package q\n\ndeny contains "y"'];
  assert.deepEqual(found(on), ['policy-p x']);
  assert.deepEqual(found(await load({ 'a.rego': rule, 'b.rego': other }, { namespaces: ['q'] })), ['policy-q y']);
  await assert.rejects(load({ 'a.rego': 'package p\n\ndeny["x"] { true }' }, { rego: 'v1' }), ContractError);
  for (const options of [
    { rego: 'v2' },
    { namespaces: 'main' },
    { namespaces: [1] },
    { data: [] },
    { templates: [null] },
  ])
    await assert.rejects(load({ 'a.rego': rule }, options), TypeError);
  const broken = await load({
    'a.rego': 'package a\n\ndeny contains x if input.y',
    'b.rego': 'package b\n\ndeny contains x if 1',
  }).then(
    () => assert.fail('it loads'),
    (error) => error,
  );
  assert.ok(broken.also.length > 0 && broken.also.every((one) => one instanceof ContractError && one.at !== broken.at));
});

test('the packs of the tests are all used', () => {
  const used = JSON.stringify(CASES);
  for (const { name } of readdirSync(HOME, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
    assert.ok(used.includes(name), name);
});
