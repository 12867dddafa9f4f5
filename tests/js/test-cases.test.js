// Case folders as tests: what they may expect, how a wrong expectation fails, and how --update writes one.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { compile } from '../../pkg/node.js';
import { folder, NOW, recorded, run, SECRET, URL_ } from './setup.js';

const gate = await compile('sub2api', { keys: [{ secret: SECRET }] });
const FORGED = String(recorded(gate)).replace(/(?<=-signature: )../i, '00');
const OWN = { contract: 'sub2api', now: NOW, keys: [{ secret: SECRET }] };
const REJECT = { verdict: 'reject', status: 403, codes: ['signature-mismatch'] };

/** Case folders in cases/: { name: [case.json, request, verdict.json] }. */
function cases(t, folders) {
  const cwd = folder(t);
  for (const [name, [found, request = recorded(gate), verdict]] of Object.entries(folders)) {
    mkdirSync(join(cwd, 'cases', name), { recursive: true });
    writeFileSync(join(cwd, 'cases', name, 'case.json'), typeof found === 'string' ? found : JSON.stringify(found));
    writeFileSync(join(cwd, 'cases', name, 'request.http'), request);
    if (verdict !== undefined) writeFileSync(join(cwd, 'cases', name, 'verdict.json'), verdict);
  }
  return cwd;
}

const testing = (cwd, ...args) => run(['test', 'cases', ...args], { cwd });
const jsonOf = async (cwd, ...args) => JSON.parse((await testing(cwd, '-f', 'json', ...args)).stdout);
const read = (cwd, ...path) => readFileSync(join(cwd, 'cases', ...path), 'utf8');

test('a case that expects a reject passes when the request is rejected', async (t) => {
  const cwd = cases(t, {
    forged: [{ ...OWN, expect: REJECT }, FORGED],
    good: [{ ...OWN, expect: { verdict: 'accept', status: 200, codes: [] } }],
    some: [{ ...OWN, expect: { verdict: 'reject' } }, FORGED],
  });
  const { code, stdout } = await testing(cwd);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /3 cases: 3 passed/);
});

test('a wrong expectation fails and shows the difference, and nothing of the message or the key', async (t) => {
  const cwd = cases(t, {
    codes: [{ ...OWN, expect: { codes: ['signature-missing', 'signature-mismatch'] } }, FORGED],
    status: [{ ...OWN, expect: { verdict: 'accept', status: 200 } }, FORGED],
    extra: [{ ...OWN, expect: { codes: [] } }, FORGED],
  });
  const { code, stdout } = await testing(cwd);
  assert.equal(code, 1);
  assert.match(stdout, /cases\/codes\n.*\n {2}= without `signature-missing`\n/);
  assert.match(stdout, /expected accept 200, but it is reject 403/);
  assert.match(stdout, /with `signature-mismatch`, which was not expected/);
  assert.doesNotMatch(stdout, /user-123|replace-with/);
  const { counts, tests } = await jsonOf(cwd);
  assert.equal(counts.failed, 3);
  const of = (name) => tests.find((one) => one.folder === `cases/${name}`).difference;
  assert.deepEqual(of('codes'), { codes: { missing: ['signature-missing'], extra: [] } });
  assert.deepEqual(of('status').status, { expected: 200, actual: 403 });
});

test('a whole verdict is compared member by member, whatever its spaces are', async (t) => {
  const written = gate.checkText(parsed(), { now: NOW });
  const pretty = JSON.stringify(JSON.parse(written), null, 2);
  const other = JSON.stringify({ ...JSON.parse(written), event: { type: 'another' }, more: 1 });
  const cwd = cases(t, { same: [OWN, undefined, `${pretty}\n`], other: [OWN, undefined, other] });
  const { code, stdout } = await testing(cwd, '-v');
  assert.equal(code, 1);
  assert.match(stdout, /✓ cases\/same/);
  assert.match(stdout, /it differs from the file at \/event.*\/more/);
});

function parsed() {
  const text = String(recorded(gate));
  const [head, body] = text.split('\r\n\r\n');
  const [start, ...lines] = head.split('\r\n');
  const [method, url] = start.split(' ');
  return { method, url, headers: lines.map((line) => line.split(/: (.*)/s).slice(0, 2)), body: Buffer.from(body) };
}

test('what keeps one case from being judged keeps no other', async (t) => {
  const { keys, ...keyless } = OWN;
  const cwd = cases(t, {
    'a-nothing': [OWN],
    'b-keyless': [{ ...keyless, expect: REJECT }],
    'c-contract': [{ ...OWN, contract: './none.json', expect: REJECT }],
    'd-json': ['{'],
    'e-cut': [{ ...OWN, expect: REJECT }, 'POST / HTTP/1.1\r\n'],
    'f-member': [{ ...OWN, expect: { verdic: 'accept' } }],
    'g-word': [{ ...OWN, expect: { verdict: 'deny' } }],
    'h-time': [{ ...OWN, now: NOW * 1000, expect: REJECT }],
    'i-verdict': [OWN, undefined, '{'],
    'j-empty': [{ ...OWN, expect: {} }],
    'k-good': [{ ...OWN, expect: { verdict: 'accept' } }],
  });
  const { code, stdout } = await testing(cwd);
  assert.equal(code, 3);
  assert.match(stdout, /11 cases: 1 passed, 10 could not be evaluated/);
  for (const said of [
    /a-nothing[\s\S]*it expects nothing, so it tests nothing[\s\S]*--update/,
    /b-keyless[\s\S]*add the key that signed the request to `keys` in case\.json/,
    /c-contract[\s\S]*none\.json: cannot read/,
    /d-json[\s\S]*it is not a JSON object/,
    /e-cut[\s\S]*no empty line ends the headers/,
    /f-member[\s\S]*did you mean `verdict`/,
    /g-word[\s\S]*use one of accept, ignore, reject/,
    /h-time[\s\S]*milliseconds/,
    /i-verdict[\s\S]*it is not JSON/,
    /j-empty[\s\S]*it has verdict, status, codes/,
  ])
    assert.match(stdout, said);
  assert.doesNotMatch(stdout, /replace-with/);
});

test('a case without a time is judged when it was signed', async (t) => {
  const { now, ...timeless } = OWN;
  const cwd = cases(t, { old: [{ ...timeless, expect: { verdict: 'accept' } }] });
  assert.equal((await testing(cwd)).code, 0);
});

test('rules and cases are one run, in every format', async (t) => {
  const cwd = cases(t, { forged: [{ ...OWN, expect: { verdict: 'accept' } }, FORGED], nothing: [OWN] });
  writeFileSync(join(cwd, 'cases', 'p.rego'), 'package p\n\ndeny contains "x" if input.x\n');
  writeFileSync(join(cwd, 'cases', 'p_test.rego'), 'package p\n\ntest_x if count(deny) == 1 with input as {"x": 1}\n');
  const { code, stdout } = await testing(cwd);
  assert.equal(code, 3);
  assert.match(stdout, /1 test of 1 pack, 2 cases: 1 passed, 1 failed, 1 could not be evaluated/);
  const junit = (await testing(cwd, '-f', 'junit')).stdout;
  assert.match(junit, /<testsuite name="cases" tests="3" failures="1" errors="1"/);
  assert.match(junit, /classname="cases" name="forged" file="cases\/forged\/request.http"/);
  assert.match((await testing(cwd, '-f', 'tap')).stdout, /not ok \d - cases: forged/);
  assert.match((await testing(cwd, '-f', 'github')).stdout, /::error .*forged/);
  const sarif = JSON.parse((await testing(cwd, '-f', 'sarif')).stdout);
  assert.deepEqual(sarif.runs[0].results.map(({ ruleId }) => ruleId).sort(), ['test-error', 'test-failed']);
  assert.equal((await testing(cwd, '-f', 'jsonl')).stdout.trim().split('\n').length, 3);
  assert.match((await testing(cwd, '--filter', 'forged')).stdout, /1 case/);
});

test('the policies of a contract in a case are no pack, and a folder with another case.json is no case', async (t) => {
  const cwd = cases(t, { good: [{ ...OWN, expect: { verdict: 'accept' } }] });
  writeFileSync(join(cwd, 'cases/good/orders.rego'), 'package x\n\ndeny contains "x" if input.x\n');
  mkdirSync(join(cwd, 'cases/else'));
  writeFileSync(join(cwd, 'cases/else/case.json'), '[]');
  const { code, stderr } = await testing(cwd);
  assert.deepEqual([code, stderr], [0, '']);
});

const HOOK = { id: 'li', uri: `http://example.com${URL_}`, enabled: true, contract: 'sub2api' };

test('a case of a registry expects a verdict, or the whole outcome', async (t) => {
  const hooked = { registry: './hooks.json', now: NOW, keys: { li: [{ secret: SECRET }] } };
  const to = (host) => String(recorded(gate)).replace('HTTP/1.1\r\n', `HTTP/1.1\r\nhost: ${host}\r\n`);
  const good = to('example.com');
  const refused = good.replace(/(?<=-signature: )../i, '00');
  const expect = { verdict: 'accept', status: 200, codes: [] };
  const cwd = cases(t, {
    good: [{ ...hooked, expect }, good],
    refused: [{ ...hooked, expect: REJECT }, refused],
    wrong: [{ ...hooked, expect }, refused],
    nobody: [{ ...hooked, expect }, to('other.example')],
    whole: [hooked, refused],
    untimed: [{ ...hooked, now: undefined, expect }, good],
    lost: [{ registry: './none.json', expect }, good],
    both: [{ ...hooked, contract: 'sub2api', expect }, good],
    number: [{ registry: 5, expect }, good],
  });
  const registry = JSON.stringify({ version: 1, hooks: [HOOK] });
  for (const name of ['good', 'refused', 'wrong', 'nobody', 'whole', 'untimed'])
    writeFileSync(join(cwd, 'cases', name, 'hooks.json'), registry);
  writeFileSync(join(cwd, 'cases/whole/outcome.json'), '{}');
  assert.equal((await testing(cwd, '--update', '--filter', 'whole')).code, 0);
  const { hook, verdict, disable } = JSON.parse(read(cwd, 'whole/outcome.json'));
  assert.deepEqual([hook, verdict.status, disable.failures], ['li', 403, 1]);
  const { tests } = await jsonOf(cwd);
  assert.deepEqual(
    tests.map(({ name, outcome, message }) => [name.slice(6), outcome, message]),
    [
      ['both', 'error', 'it has `contract` and `registry`'],
      ['good', 'pass', undefined],
      ['lost', 'error', 'registry cases/lost/none.json: cannot read: it does not exist'],
      ['nobody', 'fail', 'expected accept 200, but it is reject 404; with `hook-unknown`, which was not expected'],
      ['number', 'error', '`registry` is no text'],
      ['refused', 'pass', undefined],
      ['untimed', 'pass', undefined],
      ['whole', 'pass', undefined],
      ['wrong', 'fail', 'expected accept 200, but it is reject 403; with `signature-mismatch`, which was not expected'],
    ],
  );
});

test('a case expects the error that its contract or its registry is refused with', async (t) => {
  const bad = { contract: './c.json' };
  const cwd = cases(t, {
    code: [bad],
    hooks: [{ registry: './hooks.json' }],
    judged: [OWN],
    nothing: [bad],
    other: [bad],
    place: [bad],
    two: [{ ...OWN, expect: REJECT }],
    unmet: [{ ...bad, expect: REJECT }],
  });
  const errors = { code: 'contract-grammar', other: 'key-missing', judged: 'key-missing', hooks: 'key-missing' };
  const put = (name, file, value) => writeFileSync(join(cwd, 'cases', name, file), JSON.stringify(value));
  for (const name of ['code', 'nothing', 'other', 'place', 'unmet'])
    put(name, 'c.json', { contract: 'c', version: 1, signature: null, kees: 1 });
  put('hooks', 'hooks.json', { version: 1, hooks: [HOOK] });
  for (const [name, code] of Object.entries(errors)) put(name, 'error.json', { code });
  put('place', 'error.json', { code: errors.code, at: '/kees/1' });
  put('nothing', 'error.json', {});
  put('two', 'error.json', { code: 'key-missing' });
  const { tests } = await jsonOf(cwd);
  const said = Object.fromEntries(
    tests.map(({ name, outcome, message = '' }) => [name.slice(6), `${outcome} ${message}`.trim()]),
  );
  assert.deepEqual(said, {
    code: 'pass',
    hooks: 'pass',
    judged: 'fail expected the error `key-missing`, but it is accept 200',
    nothing: 'error it has no `code`, so it tests nothing',
    other: 'fail expected the error `key-missing`, but it is the error `contract-grammar`',
    place: 'fail it differs from the file at /at',
    two: 'error error.json expects an error, and `expect` an answer',
    unmet: said.unmet,
  });
  assert.match(said.unmet, /^error unknown member `kees`/);
  assert.equal((await testing(cwd, '--update', '--filter', 'nothing')).code, 0);
  assert.match(read(cwd, 'nothing/error.json'), /^\{"code":"/);
  assert.equal((await testing(cwd, '--filter', 'nothing')).code, 0);
});

test('a folder without tests and cases is not green', async (t) => {
  const cwd = folder(t);
  mkdirSync(join(cwd, 'empty'));
  const { code, stderr } = await run(['test', 'empty'], { cwd });
  assert.equal(code, 3);
  assert.match(stderr, /no test was found[\s\S]*case\.json/);
});

test('--update writes what is expected where it is, and adds `expect` where nothing is', async (t) => {
  const cwd = cases(t, {
    whole: [OWN, FORGED, '{"verdict":"accept","findings":[]}\n'],
    part: [`{\n  "expect": { "status": 200 },\n  "now": ${NOW},\n  ${JSON.stringify(OWN).slice(1, -1)}\n}\n`, FORGED],
    none: [`{\n    ${JSON.stringify(OWN).slice(1, -1)}\n}\n`, FORGED],
    line: [OWN, FORGED],
    right: [{ ...OWN, expect: { codes: [], verdict: 'accept' } }],
    broken: [{ ...OWN, contract: './none.json' }],
  });
  const before = read(cwd, 'right', 'case.json');
  const { code, stdout } = await testing(cwd, '--update');
  assert.equal(code, 3);
  assert.match(stdout, /cases\/whole\n {2}= verdict\.json now: reject 403 \(signature-mismatch\)/);
  assert.match(stdout, /cases\/none\n {2}= expect now: reject 403 \(signature-mismatch\)/);
  assert.match(read(cwd, 'whole', 'verdict.json'), /^\{"schemaVersion":1,.*"reject".*\}\n$/);
  assert.match(read(cwd, 'part', 'case.json'), /^\{\n {2}"expect": \{ "status": 403 \},\n {2}"now"/);
  const added = '"expect": { "verdict": "reject", "status": 403, "codes": [ "signature-mismatch" ] }';
  assert.ok(read(cwd, 'none', 'case.json').endsWith(`,\n    ${added}\n}\n`), read(cwd, 'none', 'case.json'));
  assert.ok(read(cwd, 'line', 'case.json').endsWith(`, ${added}}`), read(cwd, 'line', 'case.json'));
  assert.equal(read(cwd, 'right', 'case.json'), before);
  assert.ok(!existsSync(join(cwd, 'cases/none/verdict.json')));
  const again = await testing(cwd);
  assert.match(again.stdout, /6 cases: 5 passed, 1 could not be evaluated/);
});

test('--update is refused where CI is set', async (t) => {
  const cwd = cases(t, { none: [OWN] });
  const before = read(cwd, 'none', 'case.json');
  const { code, stderr } = await run(['test', 'cases', '--update'], { cwd, env: { CI: 'true' } });
  assert.equal(code, 2);
  assert.match(stderr, /--update is refused where CI is set/);
  assert.equal(read(cwd, 'none', 'case.json'), before);
  assert.equal((await run(['test', 'cases', '--update'], { cwd, env: { CI: 'false' } })).code, 0);
});

test('a case of a pack judges documents', async (t) => {
  const cwd = folder(t);
  for (const name of ['yaml', 'json', 'wrong', 'missing']) mkdirSync(join(cwd, 'cases', name), { recursive: true });
  const write = (path, value) => writeFileSync(join(cwd, 'cases', path), value);
  mkdirSync(join(cwd, 'team'));
  writeFileSync(
    join(cwd, 'team/p.rego'),
    'package p\n\ndeny contains {"id": "x", "message": "x"} if input.x > data.params.most\n',
  );
  const own = { pack: '../../team', params: { most: 1 } };
  write('yaml/case.json', JSON.stringify({ ...own, expect: { verdict: 'fail', codes: ['policy-x'] } }));
  write('yaml/input.yaml', 'x: 1\n---\nx: 2\n');
  write('json/case.json', JSON.stringify({ ...own, expect: { verdict: 'pass' } }));
  write('json/input.json', '[{ "x": 1 }]');
  write('wrong/case.json', JSON.stringify({ ...own, expect: { status: 200 } }));
  write('wrong/input.json', '[]');
  write('missing/case.json', JSON.stringify({ ...own, pack: './none', expect: { verdict: 'pass' } }));
  write('missing/input.json', '[]');
  const { code, stdout } = await testing(cwd, '-v');
  assert.equal(code, 3);
  assert.match(stdout, /✓ cases\/json[\s\S]*there is no such folder[\s\S]*unknown member `status`[\s\S]*✓ cases\/yaml/);
});
