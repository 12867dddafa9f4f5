// Every import path by every export condition: what bundlers, TypeScript and CommonJS make of it.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { after, test } from 'node:test';

import { build } from 'esbuild';

import { start } from '../edge/workerd.js';
import { install, ROOT } from './installation.js';

const CONDITIONS = ['workerd', 'deno', 'bun', 'node', 'browser', 'default'];
const RAW = ['./core_bg.wasm', './edge_bg.wasm', './slim_bg.wasm', './policies/*', './package.json'];
const { home, installed, tarball, remove } = install();
const { exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));

after(remove);

/** { path, types } of every import path that is code; of a pattern, all that have types. */
const PATHS = Object.entries(exports)
  .filter(([path, target]) => target !== null && !RAW.includes(path))
  .flatMap(([path, target]) => {
    const { types, default: module } = target.workerd ?? target;
    if (!path.includes('*')) return [{ path, types }];
    const names = readdirSync(join(installed, dirname(module)))
      .filter((name) => name.endsWith('.js'))
      .map((name) => basename(name, '.js'));
    const found = names.map((name) => ({ path: path.replace('*', name), types: types.replace('*', name) }));
    return found.filter((one) => readdirSync(join(installed, dirname(one.types))).includes(basename(one.types)));
  });

/** What a module of types declares that is a value. */
function declared(file) {
  const text = readFileSync(join(installed, file), 'utf8');
  const own = [...text.matchAll(/^export (?:declare )?(?:async )?(?:function|class|const) (\w+)/gm)].map(
    ([, name]) => name,
  );
  const named = [...text.matchAll(/^export \{ ([\w, ]+) \} from/gm)].flatMap(([, names]) => names.split(', '));
  const others = [...text.matchAll(/^export \* from '(.+)\.js';/gm)].flatMap(([, path]) =>
    declared(join(dirname(file), `${path}.d.ts`)),
  );
  return [...new Set([...own, ...named, ...others, ...(/^export default /m.test(text) ? ['default'] : [])])];
}

/** What esbuild makes of an import path: names, the package's files that are in it, and what is left to import. */
async function bundled(path, condition, names) {
  const specifier = join('countersign', path);
  const contents = `export { ${names.join(', ')} } from '${specifier}'; export * from '${specifier}';`;
  const { metafile } = await build({
    stdin: { contents, resolveDir: home },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
    metafile: true,
    outdir: home,
    logLevel: 'silent',
    conditions: condition === 'default' ? [] : [condition],
    external: ['node:*', '*.wasm'],
    absWorkingDir: home,
  });
  const [output] = Object.values(metafile.outputs);
  const files = Object.keys(metafile.inputs)
    .filter((file) => file.includes('node_modules'))
    .map((file) => relative('node_modules/countersign', file));
  return { names: output.exports, files, imports: output.imports.map((one) => one.path) };
}

test('every import path has types, and by every condition exactly what they declare', async () => {
  for (const { path, types } of PATHS) {
    const names = declared(types);
    assert.ok(names.length > 0, `${path} declares nothing`);
    for (const condition of CONDITIONS) {
      const found = await bundled(path, condition, names);
      assert.deepEqual(found.names.sort(), [...names].sort(), `${path} by ${condition}`);
    }
  }
  assert.ok(
    ['.', './slim', './edge', './edge/slim', './client', './client/slim', './contracts/stripe'].every((path) =>
      PATHS.some((one) => one.path === path),
    ),
  );
});

test('the conditions are asked in their order, and each gives its entry, in imports as in exports', async () => {
  for (const path of ['.', './slim']) assert.deepEqual(Object.keys(exports[path]), CONDITIONS);
  const runtimes = {
    workerd: 'workerd',
    deno: 'node',
    bun: 'node',
    node: 'node',
    browser: 'browser',
    default: 'browser',
  };
  for (const [condition, runtime] of Object.entries(runtimes)) {
    for (const [path, ending, module] of [
      ['.', '', 'core'],
      ['edge', '', 'core'],
      ['slim', '-slim', 'slim'],
      ['edge/slim', '-edge', 'edge'],
      ['client', '', 'core'],
      ['client/slim', '-slim', 'slim'],
    ]) {
      const name = { edge: 'createGuard', client: 'createClient' }[path.split('/')[0]] ?? 'compile';
      const { files, imports } = await bundled(path, condition, [name]);
      const entries = files.filter((file) => /^(workerd|node|browser)(-slim|-edge)?\.js$/.test(file));
      assert.deepEqual(entries, [`${runtime}${ending}.js`], `${path} by ${condition}`);
      if (runtime === 'workerd') assert.deepEqual(imports, [`./${module}_bg.wasm`], path);
      if (runtime === 'browser') assert.deepEqual(imports, [], path);
    }
  }
});

test('wrangler takes a Worker that imports it, and workerd runs what it makes', async (t) => {
  const place = join(home, 'worker');
  mkdirSync(place);
  writeFileSync(
    join(place, 'wrangler.toml'),
    'name = "hooks"\nmain = "worker.js"\ncompatibility_date = "2026-01-01"\n',
  );
  writeFileSync(
    join(place, 'worker.js'),
    `
    import { compile } from 'countersign';
    import { createGuard } from 'countersign/edge';
    import { redisStore } from 'countersign/stores/redis';
    import stripe from 'countersign/contracts/stripe';
    const gate = compile(stripe, { keys: [{ secret: 'whsec_0123456789abcdef0123456789' }] });
    const request = { method: 'POST', url: '/', headers: [], body: new Uint8Array() };
    const said = async () => [(await gate).check(request).verdict, typeof createGuard, typeof redisStore];
    export default { fetch: async () => Response.json(await said()) };
  `,
  );
  const env = { ...process.env, HOME: place, WRANGLER_SEND_METRICS: 'false', CI: '1' };
  execFileSync(join(ROOT, 'node_modules/.bin/wrangler'), ['deploy', '--dry-run', '--outdir', 'out'], {
    cwd: place,
    env,
    stdio: 'pipe',
  });
  const modules = readdirSync(join(place, 'out')).filter((name) => name.endsWith('.wasm'));
  assert.equal(modules.length, 1, `${modules}`);
  assert.ok(readFileSync(join(place, 'out', modules[0])).equals(readFileSync(join(installed, 'core_bg.wasm'))));
  const [module] = modules;
  const { url, stop } = await start({
    modules: Object.fromEntries(['worker.js', module].map((name) => [name, readFileSync(join(place, 'out', name))])),
  });
  t.after(stop);
  assert.deepEqual(await (await fetch(url)).json(), ['reject', 'function', 'function']);
});

test('no type resolves wrongly', () => {
  const paths = PATHS.map(({ path }) => path.replace('./', ''));
  const attw = join(ROOT, 'node_modules/.bin/attw');
  const { status, stdout, stderr } = spawnSync(
    attw,
    [tarball, '--profile', 'esm-only', '--no-color', '--no-emoji', '--entrypoints', ...paths],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stdout + stderr);
  for (const path of paths) assert.ok(stdout.includes(`"${join('countersign', path)}"`), path);
});

test('CommonJS has it where Node can require a module, and an error that says so elsewhere', () => {
  const source = "console.log(typeof require('countersign').compile, typeof require('countersign/edge').createGuard)";
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=commonjs', '--eval', source], {
    cwd: home,
    encoding: 'utf8',
  });
  if (process.features.require_module) assert.equal(stdout, 'function function\n', stderr);
  else assert.match(stderr, /ERR_REQUIRE_ESM/);
  const off = spawnSync(
    process.execPath,
    ['--no-experimental-require-module', '--input-type=commonjs', '--eval', source],
    { cwd: home, encoding: 'utf8' },
  );
  assert.match(off.stderr, /ERR_REQUIRE_ESM/);
});
