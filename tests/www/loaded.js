// A TypeScript module of the playground as a browser gets it, bundled and imported.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** @param entry its path in the repository, such as `www/src/contract/edit.ts` */
export async function loaded(entry) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-www-'));
  try {
    const outfile = join(folder, 'module.mjs');
    await build({
      absWorkingDir: ROOT,
      entryPoints: [entry],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2023',
      loader: { '.css': 'empty' },
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
