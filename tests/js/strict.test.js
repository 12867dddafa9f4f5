// Rules that judged nothing: counted, findings with --strict, and noted whenever a name is nearly one that is there.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { folder, run } from './setup.js';

const PODS = `apiVersion: v1
kind: Pod
metadata: { name: a }
spec:
  containers: [{ name: c, image: x, securityContext: { privileged: false } }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: b }
data: { a: b }
`;

async function checked(t, rego, ...args) {
  const cwd = folder(t);
  mkdirSync(join(cwd, 'team'));
  writeFileSync(join(cwd, 'team/p.rego'), `package team\n\n${rego}\n`);
  writeFileSync(join(cwd, 'pods.yaml'), PODS);
  const { code, stdout } = await run(['check', '--pack', './team', 'pods.yaml', '-f', 'json', ...args], { cwd });
  const { findings, counts } = JSON.parse(stdout);
  return { code, unmet: counts.unmet, found: findings.map((one) => `${one.severity} ${one.code}: ${one.help}`), cwd };
}

const MEANT = /did you mean `securityContext`\?$/;

// [rule, without --strict: what is found, with --strict: what is found, how many rules met no document]
const CASES = [
  ['deny contains "x" if input.items[_]', [], [/^error rule-unmet: each document/], 1],
  [
    'deny contains "x" if input.items[_]\n\nwarn contains "x" if input.others.x',
    [],
    [/^error rule-unmet/, /^error rule-unmet/],
    2,
  ],
  ['deny contains "x" if input.review.object', [/^warning rule-unmet: .*templates/], [/^error rule-unmet/], 1],
  ['deny contains "x" if input.request.object', [/^warning rule-unmet/], [/^error rule-unmet/], 1],
  ['deny contains "x" if input.sepc.x', [/^warning rule-unmet: did you mean `input\.spec`/], [/^error rule-unmet/], 1],
  ['deny contains "x" if data.lib.k8s.x[input.kind]', [/^warning rule-data-missing/], [/^error rule-data-missing/], 0],
  [
    'denny contains "x" if input.kind\n\ndeny contains "x" if input.kind == "No"',
    [/^warning rule-name/],
    [/^error rule-name/],
    0,
  ],
  [
    'Deny contains "x" if input.kind\n\ndeny contains "x" if input.kind == "No"',
    [/^warning rule-name/],
    [/^error rule-name/],
    0,
  ],
  [
    'warnings contains "x" if input.kind\n\ndeny contains "x" if input.kind == "No"',
    [/^warning rule-name/],
    [/^error/],
    0,
  ],
  ['deny contains "x" if input.spec.containers[_].securityContxt.privileged', [MEANT], [MEANT], 0],
  ['deny contains "x" if { some i; input[i].contents.kind == "Pod" }', [/--combine/], [/^info/], 0],
  ['deny contains "x" if { input.kind == "Pod"; input.spec.hostPID }', [], [], 0],
];

for (const [rego, lax, strict, unmet] of CASES) {
  test(rego, async (t) => {
    for (const [args, wanted] of [
      [[], lax],
      [['--strict'], strict],
    ]) {
      const { code, found, unmet: count } = await checked(t, rego, ...args);
      assert.equal(found.length, wanted.length, found.join('\n'));
      for (const [index, pattern] of wanted.entries()) assert.match(found[index], pattern);
      assert.equal(code, found.some((one) => one.startsWith('error')) ? 1 : 0);
      assert.equal(count, unmet);
    }
  });
}

test('the summary counts the rules that met no document', async (t) => {
  const { cwd } = await checked(t, 'deny contains "x" if input.items[_]\n\nwarn contains "y" if input.kind == "Pod"');
  const { stdout } = await run(['check', '--pack', './team', 'pods.yaml'], { cwd });
  assert.match(stdout, /against \.\/team \(2 rules, 1 met no document\): 1 warning/);
});

test('a rule that gives something, or reads the whole set, is not asked', async (t) => {
  const some = 'deny contains "x" if {\n\tinput.kind == "Pod"\n}\n\ndeny contains "y" if input.spec.contaners';
  assert.deepEqual((await checked(t, some)).found, ['error policy-team: undefined']);
  const set = '# METADATA\n# custom:\n#   subject: set\ndeny contains "x" if data.documents[_].sepc.x';
  assert.deepEqual((await checked(t, set)).found, []);
});

test("the data file in a pack's folder is read", async (t) => {
  const { cwd, found } = await checked(t, 'deny contains "x" if input.kind == data.team_kinds[_]');
  assert.match(found.join(), /rule-data-missing/);
  writeFileSync(join(cwd, 'team/data.json'), '{"team_kinds":["Pod"]}');
  const { stdout } = await run(['check', '--pack', './team', 'pods.yaml', '-f', 'json'], { cwd });
  assert.deepEqual(
    JSON.parse(stdout).findings.map(({ code }) => code),
    ['policy-team'],
  );
});
