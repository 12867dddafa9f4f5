// The list of `--files-from`: names of files that changed, some of which may be gone or of kinds that nothing reads.

import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';

import { kindOfName } from '../read/kinds.js';
import { readText } from './files.js';
import { UsageError } from './outcome.js';
import { kindOf } from './walk.js';

const GONE = 'it does not exist';
const LINK = 'it is a link that leads nowhere';
const FOLDER = 'it is a folder';
const UNKNOWN = 'files of this name are not read';

/** { names, passed }: { file, path } of each file to read, and { file, reason } of each of the others. */
export function namesIn({ 'files-from': list, paths }, leaving) {
  const [names, passed] = [[], []];
  if (list === undefined) return { names, passed };
  if (list === '-' && paths.includes('-'))
    throw new UsageError('standard input cannot be both a list and a document', 'write the list to a file');
  for (const name of new Set(namesOf(readText(list)))) {
    const reason = reasonToPass(name);
    if (reason !== undefined) passed.push({ file: name, reason });
    else if (!leaving.excludes(resolve(name))) names.push({ file: name === '-' ? './-' : name, path: resolve(name) });
  }
  return { names, passed };
}

function namesOf(text) {
  if (text.includes('\0')) return text.split('\0').filter((name) => name !== '');
  const lines = text.split(/\r?\n/).filter((name) => name !== '');
  const quoted = lines.find((name) => /^".*"$/.test(name));
  if (quoted === undefined) return lines;
  throw new UsageError(
    `--files-from: ${quoted}: git writes some names in quotes, and no file has this name`,
    'add -z to the git command, or -c core.quotePath=false before it',
  );
}

function reasonToPass(name) {
  const stat = kindOf(name);
  if (stat === undefined) return isLink(name) ? LINK : GONE;
  if (stat.isDirectory()) return FOLDER;
  const kind = kindOfName(name);
  return kind === undefined || kind === 'hcl' ? UNKNOWN : undefined;
}

function isLink(name) {
  return lstatSync(name, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
