import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { CODES, explanation, TEXTS, THROWN } from '../../pkg/codes/codes.js';
import { GATE } from '../../pkg/codes/gate.js';
import { ROOT, run } from './setup.js';

const read = (path) => readFileSync(join(ROOT, path), 'utf8');
const types = read('js/codes.d.ts');
const union = (name) =>
  [...new RegExp(`type ${name} =([^;]+);`).exec(types)[1].matchAll(/'([^']+)'/g)].map(([, code]) => code).sort();
const matches = (text, expression) => [...text.matchAll(expression)].map(([, code]) => code).sort();

test('the core, the types and the explanations know the same codes', () => {
  const core = matches(read('src/finding/code.rs'), /=> "([a-z0-9-]+)", "/g);
  assert.ok(core.length > 30);
  assert.deepEqual(union('FixedCode'), core);
  assert.deepEqual(Object.keys(CODES).sort(), core);
});

test('so do the types and the explanations for what the gate says itself', () => {
  assert.deepEqual(union('GateCode'), Object.keys(GATE).sort());
});

test('so they do for what is thrown', () => {
  const core = matches(read('src/error.rs'), /=> "([a-z-]+)", "/g);
  assert.ok(core.length > 10);
  assert.deepEqual(union('ContractErrorCode'), core);
  assert.deepEqual(Object.keys(THROWN).sort(), core);
});

test("the schema family lists the core's keywords", () => {
  const words = new Set(matches(read('src/schema/message.rs') + read('src/schema.rs'), /"([a-z]+(?:-[a-z]+)*)"/g));
  const listed = union('SchemaCode').map((code) => code.slice('schema-'.length));
  for (const keyword of listed) assert.ok(words.has(keyword), `no finding has the code schema-${keyword}`);
});

test('every code has a meaning and a mend', () => {
  for (const [code, parts] of Object.entries(TEXTS)) {
    assert.equal(parts.length, 2, code);
    assert.match(parts[0], /^[A-Z`].*\.$/, code);
    assert.match(parts[1], /^[a-z].*[^.]$/, code);
  }
  assert.match(explanation('schema-min-length').means, /keyword/);
  assert.equal(explanation('schema-'), undefined);
  assert.equal(explanation('toString'), undefined);
});

test('every code is explained in Chinese as well, and the command line prints it', async () => {
  const chinese = JSON.parse(read('js/codes/zh-CN.json'));
  assert.deepEqual(Object.keys(chinese).sort(), Object.keys(TEXTS).sort());
  for (const [code, [means, fix]] of Object.entries(chinese)) {
    assert.match(means, /\p{Script=Han}/u, code);
    assert.match(fix, /\p{Script=Han}/u, code);
  }
  const squeezed = (text) => text.replace(/\s/g, '');
  for (const [code, [means, fix]] of [
    ['signature-mismatch', chinese['signature-mismatch']],
    ['limit-rego-steps', chinese['limit-']],
    ['contract-route', chinese['contract-route']],
  ]) {
    const { stdout } = await run(['explain', code, '--lang', 'zh-CN']);
    assert.equal(squeezed(stdout), squeezed(`${code}${means}处理办法：${fix}`));
    assert.equal((await run(['explain', code], { env: { LANG: 'zh_CN.UTF-8' } })).stdout, stdout);
  }
});

test('reports are in English, and the command says where the Chinese is', async () => {
  const { code, stderr } = await run(['verify', '--contract', 'stripe', '--lang', 'zh-CN', 'request.http']);
  assert.equal(code, 2);
  assert.match(stderr, /output is in English\n {2}help: countersign explain CODE --lang zh-CN/);
});
