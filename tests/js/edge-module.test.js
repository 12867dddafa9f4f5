// The module that only checks: the bytes of every case that it is for, and what it says where it lacks something.

import assert from 'node:assert/strict';
import { relative } from 'node:path';
import { test } from 'node:test';

import { ContractError } from '../../pkg/core/errors.js';
import * as core from '../../pkg/core.js';
import { compile, createGuard } from '../../pkg/edge/slim.js';
import * as edge from '../../pkg/edge.js';
import { Gate } from '../../pkg/node.js';
import { replay } from '../edge/replay-runner.js';
import { CASES, cases, expected, isChecked, prepared } from './replay.js';

const contract = { contract: 'orders', version: 1, signature: null };
const request = { method: 'POST', url: '/', headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') };

for (const one of cases()) {
  const sent = await prepared(one);
  if (!isChecked(sent, one.folder)) continue;
  test(relative(CASES, one.folder), async () => {
    const [file, text] = await replay({ compile, ContractError }, sent);
    assert.equal(text, expected(one.folder, file));
  });
}

test('what a gate lacks is refused, with the import that has it', async () => {
  const gate = await compile(contract);
  assert.ok(gate instanceof Gate);
  const kept = (bindings) => Object.getOwnPropertyNames(bindings.Gate.prototype);
  const lacks = kept(core)
    .filter((name) => !kept(edge).includes(name))
    .sort();
  assert.deepEqual(lacks, ['explain', 'lint', 'shape', 'sign', 'signedBytes']);
  for (const name of [...lacks, 'shapeText']) {
    assert.throws(() => (name === 'lint' ? gate.lint : gate[name](request)), {
      name: 'TypeError',
      message: `gate.${name} is not in countersign/edge/slim, which only checks: import compile from countersign/slim`,
    });
  }
  assert.equal(gate.check(request, { now: 0 }).verdict, 'accept');
});

test('a policy and a registry are refused at the start, with the import that takes them', async () => {
  const policy = [{ file: 'p.rego', text: 'package p\n' }];
  await assert.rejects(createGuard({ contracts: { orders: { ...contract, policy } } }), {
    name: 'ContractError',
    code: 'contract-policy',
    message: /no evaluator for Rego policies: import it without `\/slim`, from `countersign` or `countersign\/edge`/,
  });
  const registry = { version: 1, hooks: [] };
  await assert.rejects(createGuard({ registry, store: null }), {
    name: 'TypeError',
    message: 'a registry is not in countersign/edge/slim: import createGuard from countersign/edge',
  });
});

test('a pattern with a property of Unicode is refused at the start, with the import that takes it', async () => {
  const schema = { properties: { name: { pattern: '^\\p{L}+$' } } };
  await assert.rejects(compile({ ...contract, schema }), {
    name: 'ContractError',
    code: 'contract-schema',
    message: /needs the tables of Unicode, which this build leaves out: import `countersign\/edge` or `countersign`/,
  });
});

test('a guard takes gates of this module', async (t) => {
  const gate = await compile(contract);
  const guard = await createGuard({ contracts: { orders: gate }, store: null });
  t.after(() => guard.free());
  const judged = await guard.check(new Request('https://hooks.example.org/', { ...request, url: undefined }));
  assert.equal(judged.ok, true);
});
