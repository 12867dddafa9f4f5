// What the engine is asked in deployment mode, and what becomes of its answers.

import assert from 'node:assert/strict';
import test from 'node:test';

import { jsonProblems, loadPack, shipped } from '../../pkg/api/node.js';
import { loaded } from './loaded.js';

const packs = await loaded('www/src/deployment/packs.ts');
const { alsoRead, placeOfFinding, readDocuments } = await loaded('www/src/deployment/documents.ts');
const { placeOfRule } = await loaded('www/src/deployment/rego-places.ts');
await loadPack('kubernetes');

const OWN = {
  'own.rego': 'package own\n\ndeny contains {"message": "no", "at": "/kind"} if input.kind == "Namespace"\n',
};
const data = { packs: { kubernetes: { summary: '', files: (await shipped.pack('kubernetes')).files } } };

test('a pack for each that is chosen and still ships, and one of own files', () => {
  const found = packs.packFiles(
    { packs: ['kubernetes', 'gone'], policy: { ...OWN, 'own_test.rego': 'package own', 'notes.md': '' } },
    data,
  );
  assert.deepEqual(
    found.map(({ shipped, files }) => [shipped, Object.keys(files).some((path) => /_test\.rego$/.test(path))]),
    [
      ['kubernetes', false],
      [undefined, false],
    ],
  );
  assert.deepEqual(found[1].files, OWN);
  assert.deepEqual(packs.packFiles({ packs: [], policy: {} }, data), []);
});

test('several packs give one report, in the order of the text', async () => {
  const text =
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  ' +
    'name: till\n';
  const { documents } = await readDocuments(text, jsonProblems);
  const reports = [];
  for (const { shipped: pack, files } of packs.packFiles({ packs: ['kubernetes'], policy: OWN }, data)) {
    reports.push({
      pack,
      report: (await loadPack(files)).check(
        documents.map(({ value }) => value),
        { now: 0 },
      ),
    });
  }
  const report = packs.merged(reports, documents);
  assert.equal(report.verdict, 'fail');
  assert.equal(report.counts.documents, 2);
  assert.equal(report.counts.rules, reports[0].report.counts.rules + 1);
  assert.equal(report.counts.errors, report.findings.filter(({ severity }) => severity === 'error').length);
  const seen = report.findings.map((finding) => placeOfFinding(documents, finding)?.from ?? Infinity);
  assert.ok(new Set(seen).size > 2);
  assert.deepEqual(
    seen,
    seen.toSorted((left, right) => left - right),
  );
  assert.deepEqual([...new Set(report.findings.map(({ pack }) => pack))].toSorted(), ['kubernetes', undefined]);
  assert.equal(packs.merged([], documents), undefined);
});

const VERDICTS = [
  [['pass', 'pass'], 'pass'],
  [['fail', 'pass'], 'fail'],
  [['pass', 'error', 'fail'], 'error'],
];

for (const [verdicts, expected] of VERDICTS) {
  test(`${verdicts.join(' and ')} is ${expected}`, () => {
    const counts = { documents: 1, rules: 1, errors: 0, warnings: 0, infos: 0 };
    const reports = verdicts.map((verdict) => ({ report: { schemaVersion: 1, verdict, counts, findings: [] } }));
    assert.equal(packs.merged(reports, []).verdict, expected);
  });
}

const BROKEN = [
  ['an expression missing', { 'a.rego': 'package a\n\ndeny if {\n  input.x ==\n}\n' }, 'a.rego', /^\}$/],
  ['in a folder, at the end', { 'b/c.rego': 'package c\n\ndeny if "😀" ==\n' }, 'b/c.rego', /^=$/],
  ['after characters of two units', { 'c.rego': 'package c\n\n  deny if "😀" == }\n' }, 'c.rego', /^}$/],
  ['from a column on', { 'c.rego': 'package c\n\ndeny if "a" == }\n' }, 'c.rego', /^}$/],
  ['no rule', { 'd.rego': 'package d\n\nx := 1\n' }, 'd.rego', /package d/],
];

for (const [what, files, file, marked] of BROKEN) {
  test(`a policy that does not load has its place: ${what}`, async () => {
    const thrown = await loadPack(files).then(
      () => assert.fail('it loads'),
      (error) => error,
    );
    const problem = packs.policyProblem(
      { name: thrown.name, message: thrown.message, at: thrown.at, help: thrown.help },
      files,
    );
    assert.equal(problem.file, file, thrown.at);
    assert.match(files[file].slice(problem.from, problem.to), marked);
    assert.equal(problem.message, thrown.message);
  });
}

test("what is no policy's fault is no problem of it", () => {
  assert.equal(packs.policyProblem({ name: 'InternalError', message: '' }, OWN), undefined);
});

test('a rule that failed says where', async () => {
  const files = { 'f.rego': 'package f\n\ndeny contains "x" if {\n  semver.compare(input.v, "1.0.0") == 0\n}\n' };
  const { findings } = (await loadPack(files)).check([{ v: 'no' }], { now: 0 });
  assert.equal(placeOfRule(findings[0], files)?.line, 4, findings[0].message);
});

const READS = [
  { at: '/metadata/labels', absent: true },
  { at: '/kind' },
  { at: '/metadata/name' },
  { at: '/apiVersion' },
];

for (const [what, finding, expected] of [
  [
    'its second and third read',
    { document: 0, at: '/kind', reads: READS.slice(1) },
    ['4 /metadata/name', '1 /apiVersion'],
  ],
  ['those behind an absent place', { document: 0, at: '/metadata', reads: READS }, ['2 /kind', '4 /metadata/name']],
  ['an absent place', { document: 0, at: '/kind', reads: [READS[1], READS[0]] }, ['4 /metadata/labels']],
  ['none where the policy names the place', { document: 0, at: '/apiVersion', reads: READS }, []],
  ['none of a finding without reads', { document: 0, at: '/kind' }, []],
  ['none of the set as a whole', { reads: READS }, []],
]) {
  test(`what a finding also read: ${what}`, async () => {
    const text = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
    const { documents } = await readDocuments(text, jsonProblems);
    assert.deepEqual(
      alsoRead(documents, finding).map(({ at, line }) => `${line} ${at}`),
      expected,
    );
  });
}

test('the METADATA of the rule of each finding', async () => {
  const pack = await loadPack({
    'team.rego': `package team

# METADATA
# title: Alone
deny contains "a" if input.kind

# METADATA
# title: Named
# custom: { id: named }
warn contains {"id": "named", "message": "m"} if input.kind

# METADATA
# title: Other
# custom: { id: other }
warn contains {"id": "other", "message": "m"} if input.kind

warn_plain contains "plain" if input.kind
`,
  });
  const { findings } = pack.check([{ kind: 'Namespace' }], { now: 0 });
  const found = findings.map((finding) => [finding.rule, packs.annotationOf(pack.rules(), finding)?.title]);
  assert.deepEqual(found.toSorted(), [
    ['named', 'Named'],
    ['other', 'Other'],
    ['team.deny', 'Alone'],
    ['team.warn_plain', undefined],
  ]);
});

const RULES = {
  'one.rego': 'package one\n\ndefault allow := false\nwarn contains {"code": "Some_Id"} if input.a\n',
  'two.rego':
    'package two\n\n# METADATA\n# short_id: "x1"\ndeny contains {"id": "policy-other"} if input.b\nallow if input.c\n',
};

for (const [what, finding, place] of [
  ['its id', { code: 'policy-some-id', rule: 'two.allow' }, 'one.rego:4'],
  ['its id, that has the prefix', { code: 'policy-other' }, 'two.rego:5'],
  ['its annotation', { code: 'policy-violation', rule: 'x1' }, 'two.rego:4'],
  ['its head', { code: 'policy-violation', rule: 'two.allow' }, 'two.rego:6'],
  ['a default', { code: 'policy-violation', rule: 'one.allow' }, 'one.rego:3'],
  ['a rule that is not there', { code: 'policy-violation', rule: 'three.allow' }, undefined],
]) {
  test(`the place of a rule by ${what}`, () => {
    const found = placeOfRule({ message: '', ...finding }, RULES);
    assert.equal(found && `${found.file}:${found.line}`, place);
  });
}

test('the place of a rule is that of the files as they are now', () => {
  const finding = { code: 'policy-some-id', message: '' };
  assert.equal(placeOfRule(finding, RULES).line, 4);
  assert.equal(placeOfRule(finding, { ...RULES, 'one.rego': `# moved\n${RULES['one.rego']}` }).line, 5);
});

const OPTIONS = [
  ['empty texts', { data: '', params: ' \n' }, { data: {}, params: {} }],
  ['objects', { data: '{"a":1}', params: '{"b":2}' }, { data: { a: 1 }, params: { b: 2 } }],
  ['a list as data', { data: ' [1] ', params: '' }, { field: 'data', range: [1, 4] }],
  ['cut short', { data: '', params: '{"b":' }, { field: 'params' }],
  ['a key twice', { data: '{"a":1,"a":2}', params: '' }, { field: 'data' }],
];

for (const [what, input, expected] of OPTIONS) {
  test(`data and parameters: ${what}`, async () => {
    const read = await packs.packOptions(input, jsonProblems);
    if (!expected.field) return assert.deepEqual(read, expected);
    assert.equal(read.problem.field, expected.field);
    assert.ok(read.problem.message.length > 0 && read.problem.to <= input[expected.field].length);
    if (expected.range) assert.deepEqual([read.problem.from, read.problem.to], expected.range);
  });
}
