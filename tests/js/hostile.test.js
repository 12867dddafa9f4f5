// Policies and documents made to hang or break the evaluator, through the module: each ends in a clear error or a
// finding, never in a trap, and never in a pass.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compile, ContractError, loadPack } from '../../pkg/node.js';

const rule = (body, more = '') => `package p\n\nimport rego.v1\n\n${more}\ndeny contains "found" if {\n\t${body}\n}\n`;
const chain = (length, link) => Array.from({ length }, (_, index) => link(index)).join('\n');

/** The codes of a pack's findings, or the code it is refused with. */
async function judged(text, documents = [{}], options = {}) {
  let pack;
  try {
    pack = await loadPack({ 'p.rego': text }, options);
  } catch (error) {
    assert.ok(error instanceof ContractError, `${error.stack}`);
    return [error.code];
  }
  const report = pack.check(documents, { now: 0 });
  pack.free();
  if (report.verdict === 'pass') return ['pass'];
  return [...new Set(report.findings.map((finding) => finding.code))];
}

const hostile = {
  'literals nested 90 deep': [rule(`x := ${'['.repeat(90)}1${']'.repeat(90)}`), ['policy-p']],
  'literals nested 140 deep': [rule(`x := ${'{"a":'.repeat(140)}1${'}'.repeat(140)}`), ['contract-policy']],
  'a literal in a comment and in a string': [rule(`x := "${'['.repeat(40)}" # ${'['.repeat(40)}`), ['policy-p']],
  'parentheses 20 deep': [rule(`x := ${'('.repeat(20)}1${')'.repeat(20)}`), ['policy-p', 'contract-policy']],
  'parentheses 5,000 deep': [rule(`x := ${'('.repeat(5000)}1${')'.repeat(5000)}`), ['contract-policy']],
  'five thousand minus signs': [rule(`x := ${'-'.repeat(5000)}1`), ['contract-policy']],
  'five thousand operands': [
    rule(`x := ${'1 + '.repeat(5000)}1`),
    ['contract-policy', 'policy-p', 'limit-policy-calls'],
  ],
  'a thousand bodies deep': [rule(`${'every x in [1] {'.repeat(1000)} true ${'}'.repeat(1000)}`), ['contract-policy']],
  'a thousand rules in a chain': [
    rule('r999 == 1', `r0 := 1\n${chain(999, (index) => `r${index + 1} := r${index}`)}`),
    ['policy-p', 'limit-policy-calls'],
  ],
  'ten thousand rules in a chain': [
    rule('r9999 == 1', `r0 := 1\n${chain(9999, (index) => `r${index + 1} := r${index}`)}`),
    ['limit-policy-calls', 'contract-policy'],
  ],
  'functions in a chain': [
    rule('f2000(1)', `f0(x) := x\n${chain(2000, (index) => `f${index + 1}(x) := f${index}(x)`)}`),
    ['policy-p', 'limit-policy-calls', 'contract-policy', 'rule-error'],
  ],
  'a rule that is its own condition': [rule('r', 'r if r'), ['contract-policy', 'rule-error', 'limit-policy-calls']],
  'two rules that wait for each other': [
    rule('a', 'a if b\nb if a'),
    ['contract-policy', 'rule-error', 'limit-policy-calls'],
  ],
  'a long line': [rule(`x := "${'a'.repeat(2000)}"`), ['policy-p']],
  'a very long line': [rule(`x := "${'a'.repeat(50_000)}"`), ['policy-p']],
  'twenty thousand rules': [
    rule(
      'true',
      chain(20000, (index) => `r${index} := ${index}`),
    ),
    ['policy-p'],
  ],
  'numbers.range': [rule('count(numbers.range(1, 1000000000)) > 0'), ['limit-builtin-items']],
  'numbers.range_step': [rule('count(numbers.range_step(1, 1000000000, 0)) > 0'), ['rule-error']],
  'a huge width': [rule('sprintf("%1000000000d", [1])'), ['policy-p']],
  'a huge precision': [rule('sprintf("%.1000000000f", [1.5])'), ['policy-p']],
  'strings.count of nothing': [rule('strings.count("abc", "") == 4'), ['policy-p']],
  'object.subset of an empty array': [rule('object.subset([1], [])'), ['policy-p']],
  'a product of a hundred million': [
    rule('some i in numbers.range(1, 10000)\n\tsome j in numbers.range(1, 10000)\n\ti * j == 7919 * 7927'),
    ['limit-policy-steps'],
  ],
  'a comprehension of a hundred million': [
    rule('count([1 | some i in numbers.range(1, 10000); some j in numbers.range(1, 10000)]) > 0'),
    ['limit-policy-steps'],
  ],
  'an exploding pattern': [rule(`regex.match("(a+)+$", "${'a'.repeat(1000)}b")`), ['pass']],
  'a pattern that is too large': [rule('regex.match("((a{1000}){1000}){1000}", "a")'), ['rule-error']],
  'a clock': [rule('time.now_ns() == 0'), ['policy-p']],
  'a random number': [rule('rand.intn("x", 10) >= 0'), ['rule-error', 'contract-policy']],
  'the network': [rule('http.send({"url": "http://127.0.0.1", "method": "GET"})'), ['rule-error', 'contract-policy']],
  'the environment': [rule('count(opa.runtime()) > 0'), ['rule-error', 'contract-policy', 'pass']],
  'a byte order mark and CRLF': [`\ufeff${rule('true')}`.replaceAll('\n', '\r\n'), ['policy-p']],
  'a package named like a builtin': [rule('true').replace('package p', 'package count'), ['policy-count']],
  'no package': ['deny contains "x" if true', ['contract-policy']],
  nothing: ['', ['contract-policy']],
};

for (const [name, [text, expected]] of Object.entries(hostile)) {
  test(name, async () => {
    const codes = await judged(text);
    assert.ok(codes.length > 0 && codes.every((code) => expected.includes(code)), `${codes} is not of ${expected}`);
  });
}

test('after all of it the same instance still judges', async () => {
  assert.deepEqual(await judged(rule('input.x == 1'), [{ x: 1 }]), ['policy-p']);
});

test('deep documents are findings', async () => {
  for (const depth of [98, 200, 1000]) {
    const document = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    assert.deepEqual(await judged(rule('input'), [document]), ['limit-document-depth'], `${depth}`);
  }
});

test('a budget ends at the same step every time', async () => {
  const text = rule('some i in numbers.range(1, 100)\n\ti == 100');
  const least = async (steps) => (await judged(text, [{}], { limits: { policySteps: steps } }))[0];
  let [low, high] = [1, 100_000];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await least(middle)) === 'policy-p') high = middle;
    else low = middle + 1;
  }
  for (let round = 0; round < 3; round += 1) {
    assert.equal(await least(low), 'policy-p');
    assert.equal(await least(low - 1), 'limit-policy-steps');
  }
});

test("a contract's policy is held to the same limits", async () => {
  const contract = {
    contract: 'c',
    version: 1,
    signature: null,
    policy: [{ file: 'p.rego', text: hostile['a product of a hundred million'][0] }],
  };
  const gate = await compile(contract);
  const verdict = gate.check(
    { method: 'POST', url: '/', headers: {}, body: new TextEncoder().encode('{}') },
    { now: 0 },
  );
  assert.deepEqual([verdict.verdict, verdict.status, verdict.findings[0].code], ['reject', 403, 'limit-policy-steps']);
});
