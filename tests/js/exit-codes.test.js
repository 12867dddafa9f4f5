// Every exit code of docs/cli.md, by each command that can end with it, and which counts where two are true.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { run as commandLine } from '../../pkg/cli/run.js';
import { tree } from './files.js';
import { ROOT, run } from './setup.js';

const FILES = {
  '.git/': '',
  'good.yaml': 'kind: Good\n',
  'bad.yaml': 'kind: Bad\n',
  'odd.yaml': 'kind: Odd\n',
  'broken.yaml': 'a: [\n',
  'empty/': '',
  'gone.txt': 'gone.yaml\n',
  'team/a.rego':
    'package team\n\ndeny contains "bad" if input.kind == "Bad"\n\nwarn contains "odd" if input.kind == "Odd"\n',
  'stuck/a.rego': 'package stuck\n\ndeny contains "x" if { input.kind == "Bad"; to_number("x") > 1 }\n',
  'tested/a.rego': 'package a\n\nx := 1\n',
  'tested/a_test.rego': 'package a_test\n\ntest_a if data.a.x == 1\n',
  'failing/a.rego': 'package a\n\nx := 1\n',
  'failing/a_test.rego': 'package a_test\n\ntest_a if data.a.x == 2\n',
  'weak.json': '{ "contract": "weak", "version": 1, "signature": null }',
};

const CASES = {
  0: [
    'check --pack ./team good.yaml',
    'check --pack ./team --fail-on never bad.yaml',
    'check --pack ./team odd.yaml',
    'check --pack ./team --allow-empty empty',
    'check --pack ./team --files-from gone.txt',
    'test tested',
    'lint stripe',
    'list',
    'explain signature-mismatch',
    'completion bash',
    'init --dry-run',
    '--version',
    '--help',
    'check --help',
  ],
  1: [
    'check --pack ./team bad.yaml',
    'check --pack ./team good.yaml bad.yaml',
    'check --pack ./team --fail-on warning odd.yaml',
    'test failing',
    'lint --fail-on warning ./weak.json',
  ],
  2: [
    '',
    'chek',
    'check',
    'check --pakc x good.yaml',
    'check --fail-on sometimes good.yaml',
    'check --pack ./nowhere good.yaml',
    'check --config nowhere.yaml good.yaml',
    'check --exclude [ good.yaml',
    'check --pack ./team --set a good.yaml',
    'check -f json -f jsonl good.yaml',
    'check -f json=nowhere/report.json --pack ./team good.yaml',
    'verify --key secret x.http',
    'completion fish',
    'init somewhere',
    'explain nothing-like-it-at-all',
  ],
  3: [
    'check --pack ./team gone.yaml',
    'check --pack ./team broken.yaml',
    'check --pack ./team empty',
    'check --pack ./team none*.yaml',
    'check good.yaml',
    'check --pack ./stuck bad.yaml',
    'test empty',
    'verify --contract stripe empty',
    'list nothinglikeit',
    // Before 1: what could not be read may hide more.
    'check --pack ./team bad.yaml broken.yaml',
  ],
};

for (const [code, lines] of Object.entries(CASES))
  test(`exit code ${code}`, async (t) => {
    const cwd = tree(t, FILES);
    for (const line of lines) {
      const ended = await run(line.split(' ').filter(Boolean), { cwd });
      assert.equal(ended.code, Number(code), `countersign ${line}\n${ended.stdout}${ended.stderr}`);
      if (code === '2' || code === '3') assert.match(ended.stderr + ended.stdout, /error/, line);
    }
  });

test('exit code 4: a bug of ours, said without the values that it met', async () => {
  let said = '';
  const broken = () => {
    throw new Error('it broke');
  };
  const io = { stdout: { write: broken }, stderr: { write: (text) => (said += text) }, env: {} };
  assert.equal(await commandLine(['--version'], io), 4);
  assert.match(said, /internal error: it broke; please report it/);
});

test('the table of the documents has each of them', () => {
  const codes = [...readFileSync(join(ROOT, 'docs/cli.md'), 'utf8').matchAll(/^\| (\d) \| /gm)].map(([, code]) => code);
  assert.deepEqual(codes, [...Object.keys(CASES), '4']);
});
