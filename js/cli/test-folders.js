// Finds the packs below a folder.

import { dirname } from 'node:path';

import { readText } from './files.js';
import { UsageError } from './outcome.js';
import { filesAt } from './sources.js';
import { kindOf } from './walk.js';

/**
 * The packs below a folder: { folder, modules }, each topmost folder that contains .rego files, with those that
 * `leaving` does not leave out. If one of them imports a package of another, they belong together, and the folder
 * itself is the pack.
 */
export function packsBelow(folder, leaving) {
  const stat = kindOf(folder);
  if (stat === undefined) throw new UsageError(`${folder}: there is no such folder`);
  if (!stat.isDirectory())
    throw new UsageError(`${folder}: it is a file`, 'give the folder of the pack; --filter TEXT picks tests by name');
  const modules = filesAt(folder, (path) => path.endsWith('.rego'), leaving);
  const folders = topmost(new Set(modules.map((path) => dirname(path))));
  const packs = folders.map((top) => ({ folder: top, modules: modules.filter((path) => isIn(path, top)) }));
  const named = packs.map((pack) => namesIn(pack.modules));
  const isShared = named.some((pack) =>
    named.some((other) => other !== pack && pack.imports.some((name) => !has(pack, name) && has(other, name))),
  );
  return isShared ? [{ folder, modules }] : packs;
}

function topmost(folders) {
  return [...folders].filter((one) => ![...folders].some((other) => other !== one && isIn(one, other))).sort();
}

function isIn(path, folder) {
  return folder === '.' || path.startsWith(folder.replace(/[/\\]?$/, '/')) || path.startsWith(`${folder}\\`);
}

/** The packages that modules declare, and what they import of `data`. */
function namesIn(paths) {
  const texts = paths.map(readText);
  const all = (pattern) => texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name));
  return { packages: all(/^package\s+([\w.]+)/gm), imports: all(/^import\s+data\.([\w.]+)/gm) };
}

/** Whether a name is a package, or something in one. */
function has({ packages }, name) {
  return packages.some((one) => name === one || name.startsWith(`${one}.`) || one.startsWith(`${name}.`));
}
