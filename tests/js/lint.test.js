// Every rule of lint triggers alone, is explained, and is known to the types: tests/cases/lint has a folder for each
// code.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { compile } from '../../pkg/node.js';
import { ROOT, run } from './setup.js';

const LINT = join(ROOT, 'tests/cases/lint');
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const codes = readdirSync(LINT)
  .filter((name) => /^lint-[a-z0-9]+(-[a-z0-9]+)*$/.test(name))
  .sort();

test('the folders are the lint codes of the types', () => {
  const types = readFileSync(join(ROOT, 'js/codes.d.ts'), 'utf8');
  const union = [...types.matchAll(/^ {2}\| '(lint-[a-z0-9-]+)'/gm)].map(([, code]) => code).sort();
  assert.ok(union.length >= 14);
  assert.deepEqual(codes, union);
});

// A token signs nothing, so its time, or the lack of one, is a weakness too.
const BESIDE = { 'lint-static-token': ['lint-time-unsigned'] };

for (const code of codes) {
  test(`${code} triggers as it should`, async () => {
    const folder = join(LINT, code);
    const { contract, keys } = json(join(folder, 'case.json'));
    const gate = await compile(json(join(folder, contract)), { keys });
    assert.deepEqual(
      gate.lint.map((finding) => finding.code),
      [code, ...(BESIDE[code] ?? [])],
    );
    const [{ stage, severity, at, help }] = gate.lint;
    assert.deepEqual([stage, severity], ['contract', 'warning']);
    assert.ok(at.startsWith('/') && help.length > 0);
    gate.free();
    const { code: exit, stdout } = await run(['explain', code]);
    assert.equal(exit, 0);
    assert.ok(stdout.startsWith(`${code}\n`) && stdout.includes('help: ') && stdout.length > 200, stdout);
  });
}

test('lint shows the two requests that collide, on the screen and in JSON', async () => {
  for (const name of ['discord', 'sendgrid', 'square', 'hubspot-v2', 'hubspot-v3', 'twilio', 'feishu']) {
    const { stdout } = await run(['lint', name]);
    assert.match(stdout.replace(/\s+/g, ' '), /`[^`]+` \+ `[^`]+` and `[^`]+` \+ `[^`]+` are the same bytes/, name);
    const { findings } = JSON.parse((await run(['lint', '-f', 'json', name])).stdout);
    const { requests } = findings.find(({ code }) => code === 'lint-ambiguous');
    assert.equal(requests.length, 2);
    assert.notDeepEqual(requests[0], requests[1]);
  }
});
