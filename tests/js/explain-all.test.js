// `countersign explain` knows every rule of every pack that ships, and every code: none gets the text of its family.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { loadPack, shipped } from '../../pkg/api/node.js';
import { CODES, FAMILIES, THROWN } from '../../pkg/codes/codes.js';
import { ROOT, run } from './setup.js';

const GENERIC = Object.values(FAMILIES).map(([means]) => means.slice(0, 40));

/** What is printed for each name, in one run. */
async function explained(names) {
  const { code, stdout, stderr } = await run(['explain', ...names], { env: { COLUMNS: '120' } });
  assert.equal(code, 0, stderr);
  return stdout.replace(/\s+/g, ' ');
}

/** The codes that a pack's cases have met. */
function metIn(pack) {
  const folder = join(ROOT, 'tests/cases', pack);
  const reports = readdirSync(folder).map((name) => join(folder, name, 'report.json'));
  const findings = reports.filter(existsSync).flatMap((path) => JSON.parse(readFileSync(path, 'utf8')).findings);
  return [...new Set(findings.map(({ code }) => code))];
}

for (const name of await shipped.names('pack')) {
  test(`every rule of ${name} says what it demands and how to comply`, async () => {
    const pack = await loadPack(name);
    const rules = pack.rules();
    pack.free();
    const annotations = rules.flatMap((rule) => rule.annotations);
    const without = (member) => annotations.filter((one) => !one[member]).map(({ id }) => id);
    assert.deepEqual([without('id'), without('title'), without('remedy')], [[], [], []]);
    const text = await explained(annotations.map(({ id }) => `policy-${id}`));
    for (const { id, title } of annotations) assert.ok(text.includes(`policy-${id} ${title}`), id);
    for (const generic of GENERIC) assert.ok(!text.includes(generic), generic);
    assert.ok((await explained(rules.map(({ path }) => path))).includes('rule: '));
  });

  test(`every code that ${name} reports in its cases is a rule's, or is explained by itself`, async () => {
    const ids = (await loadPack(name))
      .rules()
      .flatMap(({ annotations }) => annotations.map(({ id }) => `policy-${id}`));
    for (const code of metIn(name))
      assert.ok(ids.includes(code) || Object.hasOwn(CODES, code) || !code.startsWith('policy-'), code);
  });
}

test('every code by itself, of findings and of errors', async () => {
  const codes = [...Object.keys(CODES), ...Object.keys(THROWN)];
  const text = await explained(codes);
  for (const code of codes) assert.ok(text.includes(code), code);
  for (const generic of GENERIC) assert.ok(!text.includes(generic), generic);
});
