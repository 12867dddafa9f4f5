// The tarball, installed into an empty folder without a registry.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const PACKAGE = join(ROOT, 'pkg');

/** { home, installed, packed, tarball, remove() }: the folder, the package in it, and what npm says of the tarball. */
export function install() {
  const home = mkdtempSync(join(tmpdir(), 'countersign-packed-'));
  const npm = (args, cwd) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const pack = (folder) => JSON.parse(npm(['pack', '--json', '--pack-destination', home], folder))[0];
  const packed = pack(PACKAGE);
  writeFileSync(join(home, 'package.json'), '{"private":true,"type":"module"}');
  // The dependencies come from this checkout, so that no registry is asked.
  const { dependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const needed = Object.keys(dependencies).map((name) => join(ROOT, 'node_modules', name));
  const tarball = join(home, packed.filename);
  npm(['install', '--offline', '--no-audit', '--no-fund', ...needed, tarball], home);
  const remove = () => rmSync(home, { recursive: true, force: true });
  return { home, installed: join(home, 'node_modules/countersign'), packed, tarball, remove };
}
