// Lists of files: what is gone or of another kind is counted, and is no problem.

import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { GOOD, json } from './checked.js';
import { tree } from './files.js';
import { run } from './setup.js';

test('a list of files: what is gone, a folder or of another kind is counted and no problem', async (t) => {
  const cwd = tree(t, {
    'k/good.yaml': GOOD,
    'k/values.yaml': 'a: 1\n',
    'k/main.go': 'package x',
    'k/bad.yaml': 'a: {',
    'k/-': '',
  });
  symlinkSync('nowhere', join(cwd, 'k/link.yaml'));
  const names = ['k/good.yaml', 'k/values.yaml', 'k/main.go', 'k/gone.yaml', 'k/link.yaml', 'k', 'k/gone "x".yaml'];
  for (const separator of ['\n', '\0', '\r\n']) {
    const { counts, skipped } = await json(0, ['--files-from', '-'], { cwd, input: names.join(separator) + separator });
    assert.deepEqual([counts.files, counts.documents, counts.skipped], [2, 2, 6]);
    assert.deepEqual(
      skipped.map(({ file, reason }) => `${file}: ${reason}`),
      [
        'k/values.yaml: no pack of this run checks this kind of document',
        'k/main.go: files of this name are not read',
        'k/gone.yaml: it does not exist',
        'k/link.yaml: it is a link that leads nowhere',
        'k: it is a folder',
        'k/gone "x".yaml: it does not exist',
      ],
    );
  }
  writeFileSync(join(cwd, 'list'), 'README.md\n');
  assert.equal((await json(0, ['--files-from', 'list'], { cwd })).counts.documents, 0);
  writeFileSync(join(cwd, 'list'), 'k/bad.yaml\n');
  assert.match((await json(3, ['--files-from', 'list'], { cwd })).problems[0].file, /bad/);
  for (const [list, args, message] of [
    ['"k/\\303\\244.yaml"\n', ['--files-from', 'list'], /git writes some names in quotes/],
    ['', ['--files-from', '-', '-'], /cannot be both/],
  ]) {
    writeFileSync(join(cwd, 'list'), list);
    const { code, stderr } = await run(['check', ...args], { cwd, input: '' });
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
  assert.equal((await run(['check', 'k/values.yaml'], { cwd })).code, 3); // named, it is a mistake
});
