// The tarball as a user gets it: packed, installed into an empty folder without a registry, imported and run.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { publint } from 'publint';

import { install, PACKAGE, ROOT } from './installation.js';

const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
const { home, installed, packed, remove } = install();

after(remove);

const node = (source) =>
  spawnSync(process.execPath, ['--input-type=module', '--eval', source], { cwd: home, encoding: 'utf8' });

test('it imports, and a contract compiles', () => {
  const { stdout, stderr, status } = node(`
    import * as countersign from 'countersign';
    const gate = await countersign.compile('sub2api', { keys: [{ secret: 'replace-with-real-secret' }] });
    console.log(Object.keys(countersign).sort().join(), gate.lint.length >= 0);
  `);
  assert.equal(status, 0, stderr);
  assert.equal(
    stdout,
    'ContractError,Gate,InternalError,Pack,Registry,backoff,breaker,compare,compile,init,limiter,loadPack,' +
      'loadRegistry,negotiation,pkce,retryDelay true\n',
  );
});

test('its bin runs', () => {
  const bin = join(home, 'node_modules/.bin/countersign');
  assert.match(execFileSync(bin, ['--version'], { encoding: 'utf8' }), new RegExp(`^${manifest.version}`));
  assert.equal(spawnSync(bin, ['nothing']).status, 2);
  assert.equal(spawnSync(bin, ['lint', 'sub2api']).status, 0);
});

test('the receiver that the READMEs name runs where it is installed', async (t) => {
  const receiver = spawn(process.execPath, [join(installed, 'examples/receive.js'), 'envelope', '--port', '0']);
  t.after(() => receiver.kill());
  const [text] = await once(receiver.stdout, 'data');
  const answer = await fetch(/http:\S+/.exec(text)[0], { method: 'POST', body: '{}' });
  assert.equal((await answer.json()).verdict, 'reject');
});

test('every file that a shipped document links is shipped', () => {
  for (const name of packed.files.map(({ path }) => path).filter((path) => path.endsWith('.md'))) {
    const links = [...readFileSync(join(installed, name), 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(
      ([, link]) => link,
    );
    for (const link of links) assert.ok(existsSync(join(installed, name, '..', link)), `${name}: ${link}`);
  }
});

test('every path of exports is there, and nothing else can be imported', () => {
  // Null closes a path.
  const paths = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry ?? {}).flatMap(paths));
  for (const path of Object.values(manifest.exports).flatMap(paths)) {
    if (!path.includes('*')) readFileSync(join(installed, path));
  }
  for (const [specifier, works] of [
    ['countersign/package.json', true],
    ['countersign/policies/webhook/sub2api/contract.json', true],
    ['countersign/core_bg.wasm', true],
    ['countersign/slim_bg.wasm', true],
    ['countersign/edge_bg.wasm', true],
    ['countersign/contracts/sub2api', true],
    ['countersign/stores/redis', true],
    ['countersign/stores/lease', false],
    ['countersign/api/api.js', false],
    ['countersign/client/sender.js', false],
    ['countersign/cli/main.js', false],
  ]) {
    const { status } = node(
      `import.meta.resolve('${specifier}'); import { createRequire } from 'node:module'; ` +
        `createRequire(process.cwd() + '/x.js').resolve('${specifier}')`,
    );
    assert.equal(status === 0, works, specifier);
  }
});

test('publint finds nothing', async () => {
  const { messages } = await publint({ pkgDir: PACKAGE, strict: true });
  assert.deepEqual(messages, []);
});

test('the types compile for a user', () => {
  mkdirSync(join(home, 'types'), { recursive: true });
  cpSync(join(ROOT, 'tests/packaging/use.ts'), join(home, 'types/use.ts'));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const args = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--lib',
    'es2022,dom,dom.iterable,esnext.disposable',
    'use.ts',
  ];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...args], {
    cwd: join(home, 'types'),
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout);
});

test('it ships what it needs, no tests, and no path or host of a machine', () => {
  const names = packed.files.map(({ path }) => path);
  for (const name of [
    'core.js',
    'core_bg.wasm',
    'edge_bg.wasm',
    'slim_bg.wasm',
    'node.js',
    'contracts/sub2api.js',
    'contracts/sub2api.d.ts',
    'client.d.ts',
    'client/index.js',
    'edge.d.ts',
    'index.d.ts',
    'cli/main.js',
    'package.json',
    'policies/webhook/sub2api/contract.json',
    'docs/client.md',
    'docs/registry.md',
    'docs/retry.md',
    'examples/receive.js',
  ]) {
    assert.ok(names.includes(name), name);
  }
  assert.deepEqual(
    names.filter((name) => /_test\.rego$|(^|\/)(cases|tests)\/|case\.json$/.test(name)),
    [],
  );
  for (const path of readdirSync(installed, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )) {
    const text = readFileSync(join(path.parentPath ?? path.path, path.name), 'latin1');
    assert.doesNotMatch(text, /\/(root|home|Users)\/[\w.-]+\/|registry\.npmjs\.org/, path.name);
    assert.ok(!text.includes(ROOT), path.name);
  }
});

test('the lock file names no host, but where its packages ask for money', () => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'), (name, value) =>
    name === 'funding' ? undefined : value,
  );
  assert.doesNotMatch(JSON.stringify(lock), /"resolved"|:\/\//);
});

test('what is developed with is pinned', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const [name, version] of Object.entries(devDependencies))
    assert.match(version, /^\d+\.\d+\.\d+(?:-[\w.]+)?$/, name);
});
