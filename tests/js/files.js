// A folder with files, for one test.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { folder } from './setup.js';

/** Writes files into a folder, a new one unless one is given: { path: text }. A path that ends in / is a folder. */
export function tree(t, files, home = folder(t)) {
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, text);
  }
  return home;
}
