// Kyverno's own documents for its Pod Security policies get the finding that its tests expect. Where the two differ,
// EXPLAINED says for which documents and why.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { loadPack } from '../../pkg/node.js';
import { yamlDocuments } from '../../pkg/read/yaml-documents.js';
import { ROOT } from './setup.js';

const DATA = join(process.env.COUNTERSIGN_DATA ?? join(ROOT, '../shared/data'), 'k8s');
const isHere = existsSync(DATA);
const skip = isHere ? false : 'no data (k8s); set COUNTERSIGN_DATA to the folder that holds it';
if (!isHere) console.error(`*** skipped: ${skip} ***`);

/** The rule that judges what a policy of Kyverno's does. */
const RULES = {
  'disallow-capabilities': 'capabilities-baseline',
  'disallow-capabilities-strict': 'capabilities-restricted',
  'disallow-host-namespaces': 'host-namespaces',
  'disallow-host-path': 'host-path-volumes',
  'disallow-host-ports': 'host-ports',
  'disallow-host-ports-range': 'host-ports',
  'disallow-host-process': 'windows-host-process',
  'disallow-privilege-escalation': 'allow-privilege-escalation',
  'disallow-privileged-containers': 'privileged',
  'disallow-proc-mount': 'proc-mount',
  'disallow-selinux': 'se-linux-options',
  'require-run-as-non-root-user': 'run-as-user',
  'require-run-as-nonroot': 'run-as-non-root',
  'restrict-apparmor-profiles': 'app-armor-profile',
  'restrict-seccomp': 'seccomp-profile-baseline',
  'restrict-seccomp-strict': 'seccomp-profile-restricted',
  'restrict-sysctls': 'sysctls',
  'restrict-volume-types': 'restricted-volumes',
};

/** Documents that Kyverno allows and the API server refuses: policy, names, how many, and why. */
const EXPLAINED = [
  ['disallow-host-ports-range', /^good/, 21, 'the policy allows the ports of a range, and the standard none'],
  ['disallow-capabilities-strict', /^addcap-good/, 30, 'good for one rule of the policy: they do not drop ALL'],
];

test('the documents of Kyverno get the findings that its tests expect', { skip }, async () => {
  const { entries } = JSON.parse(readFileSync(join(DATA, 'index.json'), 'utf8'));
  const pack = await loadPack('kubernetes');
  const differences = new Map(EXPLAINED.map(([policy]) => [policy, 0]));
  let judged = 0;
  for (const { suite, policy, file, level, perDoc } of entries) {
    if (suite !== 'kyverno-pss') continue;
    const documents = yamlDocuments(readFileSync(join(DATA, file), 'utf8'), file).map(({ value }) => value);
    const { findings } = pack.check(documents, { params: { kubernetes: { level } }, now: 1795219200 });
    const code = `policy-pss-${RULES[policy]}`;
    for (const { doc, name, expect } of perDoc) {
      judged += 1;
      const found = findings.some((finding) => finding.document === doc && finding.code === code);
      if (found === (expect === 'deny')) continue;
      const isExplained = EXPLAINED.some(([other, names]) => found && other === policy && names.test(name));
      assert.ok(isExplained, `${policy}: ${name} is ${found ? 'refused' : 'allowed'} here, and there not`);
      differences.set(policy, differences.get(policy) + 1);
    }
  }
  pack.free();
  assert.ok(judged > 900, `only ${judged} documents were judged`);
  assert.deepEqual(
    [...differences],
    EXPLAINED.map(([policy, , count]) => [policy, count]),
  );
});
