// Reads the contracts and packs in the package, for runtimes with a file system. Without promises: they would take
// longer than reading.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { nearest } from '../base/nearest.js';
import { ContractError } from '../core/errors.js';
import { isName, noName } from './unknown-name.js';

const POLICIES = fileURLToPath(new URL('../policies/', import.meta.url));
const FOLDERS = {
  contract: join(POLICIES, 'webhook'),
  pack: join(POLICIES, 'deployment'),
};

/** A shipped contract with the files next to it. */
export async function contract(name) {
  const files = await filesOf('contract', name);
  const { 'contract.json': document, ...beside } = files;
  return { contract: JSON.parse(document), files: beside };
}

/** A shipped pack: its Rego files, and the schema of its parameters. */
export async function pack(name) {
  const { 'params.schema.json': schema, ...files } = await filesOf('pack', name);
  return {
    files: Object.fromEntries(Object.entries(files).filter(([path]) => path.endsWith('.rego'))),
    schema: schema && JSON.parse(schema),
  };
}

/** The README of a shipped contract or pack: in `language` if there is one, else undefined. English is always there. */
export async function readme(kind, name, language = 'en') {
  const known = await names(kind);
  if (!known.includes(name)) throw unknown(kind, name, known);
  const file = language === 'en' ? 'README.md' : `README.${language}.md`;
  return orAbsent(() => readFileSync(join(FOLDERS[kind], name, file), 'utf8'), undefined);
}

/** The names of the shipped contracts or packs; `kind` is `contract` or `pack`. */
export async function names(kind) {
  return orAbsent(() => readdirSync(FOLDERS[kind], { withFileTypes: true }), [])
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function orAbsent(read, absent) {
  try {
    return read();
  } catch (error) {
    if (error.code === 'ENOENT') return absent;
    throw error; // such as a missing permission in Deno
  }
}

async function filesOf(kind, name) {
  const known = await names(kind);
  // Only names that exist are accepted, so no name can lead out of the folder.
  if (!known.includes(name)) throw unknown(kind, name, known);
  const folder = join(FOLDERS[kind], name);
  const files = {};
  for (const path of readdirSync(folder, { recursive: true }).sort()) {
    if (/\.(json|rego)$/.test(path)) files[path.replaceAll('\\', '/')] = readFileSync(join(folder, path), 'utf8');
  }
  return files;
}

function unknown(kind, name, known) {
  if (!isName(name)) return noName(kind, name, known.join(', ') || 'none');
  const close = nearest(name, known);
  return new ContractError({
    code: 'contract-unknown',
    message: `there is no shipped ${kind} named \`${name}\``,
    help: close ? `did you mean \`${close}\`?` : `there are ${known.join(', ') || 'none'}; give your own as a document`,
  });
}
