// What the page on kube-linter's checks names is a rule of the pack, and its table is whole.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { loadPack } from '../../pkg/node.js';
import { ROOT } from './setup.js';

const rows = readFileSync(join(ROOT, 'docs/kubernetes-checks.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| kube-linter'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, check, here]) => ({ check, here }));

test('each of its 63 checks has a row, with a rule of the pack or a reason', async () => {
  assert.equal(new Set(rows.map(({ check }) => check)).size, 63);
  const pack = await loadPack('kubernetes');
  const codes = new Set(pack.rules().flatMap(({ annotations }) => annotations.map(({ id }) => `policy-${id}`)));
  pack.free();
  for (const { check, here } of rows) {
    const named = [...here.matchAll(/`(policy-[\w-]+)`/g)].map(([, code]) => code);
    if (!here.startsWith('not checked: ')) assert.ok(named.length > 0, check);
    assert.deepEqual(
      named.filter((code) => !codes.has(code)),
      [],
      check,
    );
  }
});
