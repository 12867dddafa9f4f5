// Every example in the documents is run: `js` blocks as modules whose comments say what they print, `sh` blocks as a
// user would type them, `json` blocks as contracts that load, `rego` blocks as packs.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { standIn } from '../../pkg/cli/stand-in.js';
import { compile, loadPack } from '../../pkg/node.js';
import { ROOT } from './setup.js';
import { bash, home, program } from './shell.js';

const documents = [
  'README.md',
  'policies/contracts.md',
  'policies/engines.md',
  'docs/edge.md',
  'docs/registry.md',
  'docs/stores.md',
]
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n');

mkdirSync(join(home, 'node_modules'));
symlinkSync(join(ROOT, 'pkg'), join(home, 'node_modules', 'countersign'));
cpSync(join(ROOT, 'demo/manifests/good'), join(home, 'manifests'), { recursive: true });

function blocks(language) {
  const found = [...documents.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    (match) => match[1],
  );
  assert.ok(found.length > 0, `the documents have no ${language} example`);
  return found;
}

test('the js examples print what their comments say', async () => {
  for (const [index, source] of blocks('js').entries()) {
    const file = join(home, `example-${index}.mjs`);
    writeFileSync(file, source);
    const stdout = await program(file).end;
    const said = source
      .split('\n')
      .filter((line) => line.startsWith('// '))
      .map((line) => line.slice(3));
    assert.deepEqual(stdout.trimEnd().split('\n'), said);
  }
});

test('the sh examples pass', async () => {
  for (const source of blocks('sh')) {
    const { status, stdout, stderr } = await bash(source, ['-euo', 'pipefail']);
    assert.equal(status, 0, `${source}\n${stdout}${stderr}`);
  }
});

test('the json examples are contracts that load', async () => {
  for (const source of blocks('json')) {
    const contract = JSON.parse(source);
    const gate = await compile(contract, { keys: standIn(contract) });
    assert.deepEqual(gate.lint, [], contract.contract);
    gate.free();
  }
});

test('the rego example finds what it says', async () => {
  for (const source of blocks('rego')) {
    const pack = await loadPack({ 'team.rego': source });
    const containers = [
      { name: 'a', image: 'a:1' },
      { name: 'b', image: 'b:latest' },
    ];
    const report = pack.check([
      { kind: 'Deployment', metadata: { name: 'd' }, spec: { template: { spec: { containers } } } },
    ]);
    assert.deepEqual(
      report.findings.map(({ code, at }) => [code, at]),
      [['policy-image-latest', '/spec/template/spec/containers/1/image']],
    );
    pack.free();
  }
});
