// Finds the files for paths, folders and patterns, in the same order on every machine.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { Unevaluated } from '../read/unevaluated.js';
import { unreadable } from './files.js';

const SKIPPED = new Set(['node_modules']);
const TO_FOLDER = 'it is a link to a folder, which is not followed';
const NOWHERE = 'it is a link that leads nowhere';

/**
 * The files of one argument: `-`, a file, a folder (its files that `wanted` takes) or a pattern.
 * @param leaving what folders and patterns leave out, if not only what is hidden
 */
export function filesOf(argument, wanted, leaving) {
  if (argument === '-') return ['-'];
  const stat = kindOf(argument);
  if (stat?.isDirectory()) return walk(argument, entered(leaving, argument)).filter(wanted);
  if (stat) return [argument];
  if (!/[*?[{]/.test(argument)) throw new Unevaluated('cannot read: it does not exist', { file: argument });
  return matching(argument, leaving);
}

function entered(leaving, folder) {
  leaving?.enter(folder);
  return leaving;
}

/** An argument that matches nothing is a mistake, even if others match. */
export function nothingMatched(argument) {
  return new Unevaluated(
    'nothing matched',
    { file: argument },
    'hidden files, hidden folders, node_modules and what .gitignore, --exclude or the configuration name are not ' +
      'searched; -v says what was left out; with --allow-empty this is no error',
  );
}

/**
 * All files below a folder, sorted. Hidden folders are left out. Links to folders are not followed, so there are no
 * loops.
 */
export function walk(folder, leaving) {
  const found = [];
  const entries = entriesOf(folder).sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const entry of entries) {
    if (leaving ? leaving.takesOut(folder, entry) : isSkipped(entry)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...walk(path, leaving));
    else if (entry.isFile() || (entry.isSymbolicLink() && leadsToFile(path, leaving))) found.push(path);
  }
  return found;
}

function isSkipped({ name }) {
  return name.startsWith('.') || SKIPPED.has(name);
}

function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(error, folder);
  }
}

/** The stat of a path, or undefined if it does not exist. */
export function kindOf(path) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable(error, path);
  }
}

/** Links to folders, and those that lead nowhere or in a loop, are not followed; `leaving` keeps them. */
function leadsToFile(path, leaving) {
  const stat = statOf(path);
  if (stat?.isFile()) return true;
  leaving?.links.push({ file: path, reason: stat?.isDirectory() ? TO_FOLDER : NOWHERE });
  return false;
}

function statOf(path) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function matching(pattern, leaving) {
  const parts = pattern.split('/');
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => /[*?[{]/.test(part)),
  );
  const base = fixed.join('/') || (pattern.startsWith('/') ? '/' : '.');
  if (!existsSync(base)) return [];
  const expression = globExpression(pattern.replace(/^\.\//, ''));
  return walk(base, entered(leaving, base)).filter((path) => expression.test(path.replaceAll('\\', '/')));
}

/** `**` any folders, `*` and `?` within one name, `[…]` and `{a,b}`. */
export function globExpression(pattern) {
  let braces = 0;
  const opened = (change, written) => {
    braces += change;
    return written;
  };
  const source = pattern.replace(/\*\*\/?|\*|\?|\[[^\]]+\]|[{},]|[.+^$()|\\]/g, (part) => {
    if (part === '**/') return '(?:[^/]+/)*';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.startsWith('[')) return part.replace('[!', '[^');
    if (part === '{') return opened(1, '(?:');
    if (part === '}' && braces > 0) return opened(-1, ')');
    if (part === ',') return braces > 0 ? '|' : ',';
    return `\\${part}`;
  });
  try {
    return new RegExp(`^${source}$`, 'u');
  } catch {
    throw new Unevaluated('the pattern cannot be read', { file: pattern });
  }
}
