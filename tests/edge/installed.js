// A folder where the built package is installed as a user's would be, with modules of the tests beside it.

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('./', import.meta.url));
export const ROOT = join(HERE, '../../');
export const PACKAGE = join(ROOT, 'pkg');

export function installed(t, names) {
  const home = mkdtempSync(join(tmpdir(), 'countersign-edge-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(join(home, 'node_modules'));
  symlinkSync(PACKAGE, join(home, 'node_modules/countersign'));
  writeFileSync(join(home, 'package.json'), '{"private":true,"type":"module"}');
  for (const name of names) copyFileSync(join(HERE, name), join(home, name));
  return home;
}
