// The reader of schemas that is only ever sure: what it takes, the engine takes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { compile } from '../../pkg/node.js';
import { surelyHolds } from '../../pkg/cli/schema-holds.js';
import { ROOT } from './setup.js';

const read = (file) => readFileSync(join(ROOT, file), 'utf8');
const pack = (name) => JSON.parse(read(`policies/deployment/${name}/params.schema.json`));
const OTHERS = [null, true, false, 0, 1.5, '', 'x', 'error', 'off', [], ['x'], [1], {}, { x: 1 }, { files: ['a'] }];

/** Every value with one part of it replaced, removed or added. */
function* mutants(value) {
  yield* OTHERS;
  if (value === null || typeof value !== 'object') return;
  for (const key of Object.keys(value)) {
    for (const one of mutants(value[key])) yield Object.assign(structuredClone(value), { [key]: one });
    const without = structuredClone(value);
    if (Array.isArray(without)) without.splice(Number(key), 1);
    else delete without[key];
    yield without;
    if (!Array.isArray(value)) yield { ...value, [`${key}x`]: value[key] };
  }
}

/** Of the page, but for what has a pattern, which is the engine's. */
const { contracts, ...config } = parse(/```yaml\n(# [\s\S]*?)```/.exec(read('docs/config.md'))[1]);

const SAMPLES = {
  config: [JSON.parse(read('policies/config.schema.json')), config],
  kubernetes: [
    pack('kubernetes'),
    {
      exemptNamespaces: ['a'],
      keys: [{ name: 'a', created: 'b' }],
      kubernetes: { level: 'baseline', off: 'a,b', digests: true },
    },
  ],
  'coze-migration': [pack('coze-migration'), { deadline: '2024-08-31', hosts: ['a', 'b'] }],
  'api-lifecycle': [pack('api-lifecycle'), { retired: [{ paths: ['/a/'], warn: '2025-01-01', gone: null }] }],
};

for (const [name, [schema, sample]] of Object.entries(SAMPLES))
  test(`${name}: what it is sure of, the engine takes, and it is sure of most that the engine takes`, async () => {
    const gate = await compile({ contract: 'value', version: 1, signature: null, schema });
    const takes = (value) => {
      const body = new TextEncoder().encode(JSON.stringify(value));
      const headers = { 'content-type': 'application/json' };
      return gate.check({ method: 'POST', url: '/', headers, body }).verdict === 'accept';
    };
    const counts = { sure: 0, unsure: 0, refused: 0 };
    for (const value of [sample, ...mutants(sample)]) {
      const [sure, taken] = [surelyHolds(schema, value), takes(value)];
      assert.ok(taken || !sure, JSON.stringify(value));
      counts[sure ? 'sure' : taken ? 'unsure' : 'refused'] += 1;
    }
    gate.free();
    assert.ok(counts.sure > 10 && counts.refused > 30, JSON.stringify(counts));
    assert.ok(counts.unsure < counts.sure, JSON.stringify(counts));
  });

test('it is not sure of what it does not know, of circles, and of names that every object has', () => {
  assert.equal(surelyHolds({ type: 'string', format: 'date' }, 'x'), false);
  assert.equal(surelyHolds({ anyOf: [{}] }, 'x'), false);
  assert.equal(surelyHolds({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }, 'x'), false);
  assert.equal(surelyHolds({ $ref: '#/$defs/toString' }, 'x'), false);
  assert.equal(surelyHolds({ properties: {}, additionalProperties: false }, { constructor: 1 }), false);
  assert.equal(surelyHolds(true, 'x'), false);
  assert.equal(surelyHolds(SAMPLES.config[0], { contracts }), false);
  assert.equal(surelyHolds({ type: 'object', properties: { a: { type: 'string' } } }, { a: 'x' }), true);
});
