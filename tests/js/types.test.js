// The types: files of tests/types that must compile, but for the lines marked with @ts-expect-error; and every verdict
// and finding of the cases as a literal, so that each has the members that its type demands, and none that it does not
// know.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';

import { CASES, cases, prepared } from './replay.js';
import { ROOT } from './setup.js';

const USES = join(ROOT, 'tests/types');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const STRICT = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2022'];

/** What the compiler says of the files, line by line. */
function compiled(files, options) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [TSC, ...STRICT, ...options, ...files], {
    encoding: 'utf8',
  });
  assert.equal(status === 0, stdout === '', stderr);
  return stdout.split('\n').filter((line) => line !== '');
}

/** A folder for modules. */
function folder() {
  const home = mkdtempSync(join(tmpdir(), 'countersign-types-'));
  writeFileSync(join(home, 'package.json'), '{"type":"module"}');
  return home;
}

/** Options for files that need no platform: there are no types but ours. */
const alone = (home) => ['--lib', 'es2022', '--typeRoots', home, '--skipLibCheck'];

const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const files = (name) =>
  readdirSync(CASES, { recursive: true })
    .filter((path) => path.endsWith(`/${name}`))
    .map((path) => ({ path, value: json(join(CASES, path)) }));
const VERDICTS = [
  ...files('verdict.json'),
  ...files('outcome.json').map(({ path, value }) => ({ path, value: value.verdict })),
];

/** What TypeScript sees of a value: its literals where they decide, and the types of the rest. */
const formOf = (value) =>
  JSON.stringify(value, (name, inner) =>
    ['code', 'verdict', 'stage', 'severity', 'result'].includes(name) || typeof inner === 'object'
      ? inner
      : typeof inner,
  );

/** One of each form, since equal forms compile equally. */
const distinct = (found) => [...new Map(found.map((one) => [formOf(one.value), one])).values()];

/** Declares each { path, text } as one of `type`, and gives the compiler's errors with the path of each. */
function declared(sections) {
  const home = folder();
  try {
    const all = Object.entries(sections).flatMap(([type, found]) => found.map((one) => ({ type, ...one })));
    const lines = all.map(({ type, text }, index) => `export const _${index}: ${type} = ${text};`);
    const types = `import type { Finding, ShippedContract, ShippedPack, Verdict } from '${ROOT}pkg/index.js';`;
    const file = join(home, 'cases.ts');
    writeFileSync(file, [...lines, types].join('\n'));
    return compiled([file], alone(home)).map((error) => {
      const [, line, said] = /cases\.ts\((\d+),\d+\): (.*)/.exec(error) ?? [];
      return said === undefined ? error : `${all[line - 1].path}: ${said}`;
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

test('what must compile compiles, and what must not does not', () => {
  const uses = readdirSync(USES).filter((name) => name.endsWith('.ts'));
  assert.ok(uses.length > 3);
  const options = ['--types', 'node', '--lib', 'es2023,dom,dom.iterable,esnext.disposable'];
  assert.deepEqual(
    compiled(
      uses.map((name) => join(USES, name)),
      options,
    ),
    [],
  );
});

test('the ts examples of the documents compile', () => {
  const pages = readdirSync(join(ROOT, 'docs')).map((name) => readFileSync(join(ROOT, 'docs', name), 'utf8'));
  const examples = [...pages.join('\n').matchAll(/^```ts\n(.*?)^```/gms)].map(([, source]) => source);
  assert.ok(examples.length > 0);
  const home = folder();
  try {
    const files = examples.map((source, index) => {
      const file = join(home, `example-${index}.ts`);
      writeFileSync(file, source.replace(`from 'countersign'`, `from '${ROOT}pkg/index.js'`));
      return file;
    });
    assert.deepEqual(compiled(files, alone(home)), []);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test('every verdict and every finding of the cases is what its type says', () => {
  const lists = [
    ...VERDICTS.map(({ path, value }) => ({ path, value: value.findings })),
    ...files('shaped.json').map(({ path, value }) => ({ path, value: value.findings })),
    ...files('lint.json'),
  ];
  const findings = distinct(lists.flatMap(({ path, value }) => value.map((one) => ({ path, value: one }))));
  const verdicts = distinct(VERDICTS.map(({ path, value }) => ({ path, value: { ...value, findings: [] } })));
  assert.ok(findings.length > 200 && verdicts.length > 50, `${findings.length}, ${verdicts.length}`);
  // Undefined is not in JSON; a message may be undefined.
  const written = ({ path, value }) => {
    const text = JSON.stringify(value);
    const lacks = value.verdict === 'accept' && value.message === undefined;
    return { path, text: lacks ? text.replace('{', '{"message":undefined,') : text };
  };
  assert.deepEqual(declared({ Finding: findings.map(written), Verdict: verdicts.map(written) }), []);
});

test('a verdict has a status if its contract checks requests, and a message if it accepts and shapes one', async () => {
  let checked = 0;
  for (const { folder, found } of cases()) {
    const { kind, contract } = await prepared({ folder, found });
    const path = join(folder, 'verdict.json');
    const here = kind === 'contract' && !found.shape && readdirSync(folder).includes('verdict.json');
    if (!here) continue;
    const verdict = json(path);
    const name = relative(CASES, path);
    const accepts = verdict.verdict === 'accept';
    assert.equal(verdict.status === undefined, contract.response !== undefined, name);
    assert.equal(verdict.statusText === undefined, contract.response !== undefined, name);
    assert.equal(verdict.message !== undefined, accepts && contract.shape !== undefined, name);
    if (contract.route === undefined) assert.equal(verdict.event, undefined, name);
    checked += 1;
  }
  assert.ok(checked > 1000, `${checked}`);
});

test('the names of the types are the folders of what is shipped', () => {
  const named = (path) => {
    const folders = readdirSync(join(ROOT, path), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [{ path, text: JSON.stringify(Object.fromEntries(folders.map(({ name }) => [name, true]))) }];
  };
  const names = {
    'Record<ShippedContract, true>': named('policies/webhook'),
    'Record<ShippedPack, true>': named('policies/deployment'),
  };
  assert.deepEqual(declared(names), []);
});
