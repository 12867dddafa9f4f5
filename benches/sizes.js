// The bytes of each module, and of the script of a Worker that holds it.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { bundledWorker } from '../tests/edge/bundled.js';
import { packed } from '../tests/packaging/packed.js';
import { report, valueRow } from './figures.js';

const PACKAGE = new URL('../pkg/', import.meta.url);
const WORKERS = ['guarded', 'guarded-slim'];
const KB = 1000;

async function sizes(name, bytes, goal) {
  const size = await packed(bytes);
  const row = (how, wanted) =>
    valueRow(`${name}, ${how}`, undefined, { median: Math.round(size[how] / KB) }, 'KB', wanted);
  return [row('raw'), row('gzip'), row('brotli', goal)];
}

const modules = readdirSync(PACKAGE)
  .filter((name) => name.endsWith('_bg.wasm'))
  .map((name) => [name.replace('_bg.wasm', ''), readFileSync(new URL(name, PACKAGE))]);
const scripts = WORKERS.map(async (name) => {
  const entry = fileURLToPath(new URL(`workers/${name}.js`, import.meta.url));
  const { 'worker.js': text } = await bundledWorker(entry, { minify: true });
  return sizes(`${name}.js, minified`, Buffer.from(text));
});
const rows = await Promise.all([...modules.map(([name, bytes]) => sizes(name, bytes, `brotli, ${name}`)), ...scripts]);
report('bytes', rows.flat());
