// Loads a contract by name or file, with the schemas and policies next to it.

import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';

import { isBundle, opened } from '../api/bundle.js';
import { shipped } from '../api/node.js';
import { ContractError } from '../core/errors.js';
import { fileNames } from '../read/contract-needs.js';
import { Unevaluated } from '../read/unevaluated.js';
import { readBytes, readText } from './files.js';
import { inJson, usable } from './json-document.js';
import { UsageError } from './outcome.js';
import { kindOf } from './walk.js';

/**
 * Returns { contract, files, path, within }. `path` is set only for the user's own contracts; `within` is the pointer
 * to the contract in that file. Relative paths start at `from`.
 */
export async function loadContract(name, from = '.') {
  if (name === undefined) throw new UsageError('no contract given', 'use --contract NAME|FILE');
  if (isShippedName(name)) return shippedContract(name, from);
  const path = isAbsolute(name) ? name : join(from, name);
  if (kindOf(path)?.isDirectory())
    throw new UsageError(
      `contract ${path}: it is a folder`,
      `name the file in it, such as ${join(path, 'contract.json')}`,
    );
  const document = await readContract(path);
  if (isBundle(document)) return { ...(await named(path, () => opened(document))), path, within: '/contract' };
  return { contract: document, files: filesBeside(path, document), path, within: '' };
}

/** A name without a slash and a dot, as no file of the user's has it here. */
export function isShippedName(name) {
  return typeof name === 'string' && !/[/\\.]/.test(name);
}

/** If there is a file or folder with that name, the user may have meant it. */
async function shippedContract(name, from) {
  try {
    return await shipped.contract(name);
  } catch (error) {
    const candidate = ['.json', '.yaml', '.yml', '']
      .map((ending) => name + ending)
      .find((file) => kindOf(join(from, file)));
    if (!(error instanceof ContractError) || candidate === undefined) throw error;
    const file = kindOf(join(from, candidate)).isDirectory() ? `${candidate}/contract.json` : candidate;
    throw new UsageError(`there is no shipped contract named \`${name}\``, `for the file, write ./${file}`);
  }
}

/** The one document of a file of the user's configuration. */
export async function readContract(path, what = 'contract') {
  try {
    const found = await documentsIn(path);
    if (found.length !== 1) throw new Unevaluated(`it contains ${found.length} documents, not one`, { file: path });
    const [{ value }] = found;
    if (Array.isArray(value)) throw new Unevaluated(`a ${what} is one object, and this is a list`, { file: path });
    return value;
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    const { file, line, column } = error.place;
    const place = [file ?? path, line, column].filter((part) => part !== undefined).join(':');
    throw new UsageError(`${what} ${place}: ${error.message}`, error.help);
  }
}

async function documentsIn(path) {
  if (path.endsWith('.json')) return inJson(readBytes(path), path).map(usable);
  const { readDocuments } = await import('./documents.js');
  return readDocuments(path, { asJson: true });
}

function filesBeside(path, contract) {
  const folder = dirname(realpathSync(path));
  const files = {};
  for (const name of new Set(fileNames(contract))) {
    const text = textBeside(folder, name);
    if (text !== undefined) files[name] = text; // the core reports a missing file, with the place that names it
  }
  return files;
}

function textBeside(folder, name) {
  if (/^[a-z][a-z0-9+.-]+:/i.test(name)) return undefined; // an address: nothing is fetched
  if (isAbsolute(name) || leadsOut(folder, join(folder, name))) throw outside(name);
  let real;
  try {
    real = realpathSync(join(folder, name));
  } catch {
    return undefined;
  }
  if (leadsOut(folder, real)) throw outside(name); // by a link
  return readText(real);
}

function leadsOut(folder, path) {
  const inside = relative(folder, path);
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
}

function outside(name) {
  return new UsageError(
    `contract: \`${name}\` is outside the contract's folder`,
    `copy it next to the contract, as ${basename(name)}`,
  );
}

/** Adds to a contract error which of the user's files it is about. */
export async function named(name, work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ContractError && typeof name === 'string' && !error.code.startsWith('key-')) error.file = name;
    throw error;
  }
}
