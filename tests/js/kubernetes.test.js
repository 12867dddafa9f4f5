// No document and no parameter of a wrong type breaks a rule of the pack of policies for Kubernetes.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { loadPack } from '../../pkg/node.js';
import { cases } from './replay.js';

const NOW = 1795219200;
const ODD = [null, true, 1.5, '', 'x', [], {}, [null], [[]], { a: 1 }];

let pack;
before(async () => {
  pack = await loadPack('kubernetes');
});
after(() => pack.free());

/** The value with every part of it, in turn, replaced by what is odd. */
function* broken(value) {
  yield* ODD;
  if (value === null || typeof value !== 'object') return;
  for (const [name, member] of Object.entries(value))
    for (const odd of broken(member)) {
      const copy = Array.isArray(value) ? [...value] : { ...value };
      copy[name] = odd;
      yield copy;
    }
}

const isDocument = (value) => value !== null && typeof value === 'object';
const problems = (report) => report.findings.filter(({ code }) => /^(?:rule-error|limit-)/.test(code));

for (const { folder, found } of cases()) {
  const input = join(folder, 'input.json');
  if (found.pack !== 'kubernetes' || !existsSync(input)) continue;
  test(`nothing in the documents of ${found.why} breaks a rule`, () => {
    const documents = JSON.parse(readFileSync(input, 'utf8'));
    for (const document of documents) {
      const report = pack.check([...broken(document)].filter(isDocument), { params: found.params, now: NOW });
      assert.deepEqual(problems(report), []);
    }
  });
}

test('no parameter breaks a rule', () => {
  const documents = [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { hostPID: true } }];
  const params = {
    require: 'encryption',
    exemptNamespaces: ['a'],
    keys: [{ name: 'key1', created: '2026-11-01' }],
    kubernetes: { level: 'baseline', version: 'v1.30', off: ['policy-pss-privileged'] },
    'kubernetes.level': 'restricted',
    'kubernetes.off': 'policy-pss-privileged',
  };
  for (const odd of broken(params)) {
    if (!isDocument(odd) || Array.isArray(odd)) continue;
    assert.deepEqual(problems(pack.check(documents, { params: odd, now: NOW })), []);
  }
});
