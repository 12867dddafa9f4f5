// What esbuild makes of an entry for a runtime: modules by name, each .wasm that is imported beside the script.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { build } from 'esbuild';

const OPTIONS = { bundle: true, format: 'esm', target: 'es2022', write: false, logLevel: 'silent' };

/** @returns { 'worker.js': text, 'core_bg.wasm': bytes, … }, as tests/edge/workerd.js takes it */
export async function bundledWorker(entry, { minify = false } = {}) {
  const modules = {};
  // As a Worker's bundler does: the import stays, and the file is deployed as a compiled module.
  const setup = ({ onResolve, resolve }) =>
    onResolve({ filter: /\.wasm$/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (pluginData === 'asked') return undefined;
      const found = await resolve(path, { kind, resolveDir, pluginData: 'asked' });
      if (found.errors.length > 0) return found;
      const name = basename(found.path);
      modules[name] = readFileSync(found.path);
      return { path: `./${name}`, external: true };
    });
  const { outputFiles } = await build({
    ...OPTIONS,
    minify,
    entryPoints: [entry],
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*'],
    plugins: [{ name: 'wasm', setup }],
  });
  return { 'worker.js': outputFiles[0].text, ...modules };
}

/** The text of one script; what it fetches stands beside it. */
export async function bundledPage(entry) {
  const { outputFiles } = await build({ ...OPTIONS, entryPoints: [entry], platform: 'browser' });
  return outputFiles[0].text;
}
