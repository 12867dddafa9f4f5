// What arguments stand for: files, folders and patterns; for `countersign check` also standard input and paths in
// commits.

import { resolve, sep } from 'node:path';

import { Unevaluated } from '../read/unevaluated.js';
import { filesInCommit, isAddress, isInCommit, trackedThough } from './git.js';
import { inside, strictPatterns } from './ignore.js';
import { Leaving } from './leaving.js';
import { UsageError } from './outcome.js';
import { filesOf, kindOf } from './walk.js';

const GONE = 'a list of changed files may name what is gone: give it as --files-from FILE';

/** What the walk of a run leaves out. */
export function leavingOf({ exclude = [], settings, waivers, baseline, writes }) {
  const refuse = (message, help) => new UsageError(`--exclude: ${message}`, help);
  const own = { folder: resolve('.'), name: '--exclude', rules: strictPatterns(exclude, '--exclude', refuse) };
  const files = [...settings.files, waivers, baseline, writes].filter((file) => file !== undefined);
  return new Leaving(exclude.length > 0 ? [...settings.exclude, own] : settings.exclude, files);
}

/** The sources of an argument: { file, path, bytes }. Standard input has no path, and only what a commit holds, bytes. */
export function sourcesOf(argument, wanted, leaving) {
  if (isAddress(argument))
    throw new Unevaluated(
      'it is an address, and nothing is fetched',
      { file: argument },
      'curl -sf URL | countersign check -',
    );
  if (isInCommit(argument))
    return filesInCommit(argument, (name, path) => wanted(path) && !isHidden(name)).filter(
      ({ path }) => !leaving.excludes(path),
    );
  if (isMissing(argument)) throw new Unevaluated('cannot read: it does not exist', { file: argument }, GONE);
  return filesAt(argument, wanted, leaving).map((file) => ({ file, path: file === '-' ? undefined : resolve(file) }));
}

/** The files of an argument, without what `leaving` leaves out. */
export function filesAt(argument, wanted, leaving) {
  const files = filesOf(argument, wanted, leaving);
  return kindOf(argument)?.isDirectory() ? withTracked(files, argument, wanted, leaving) : files;
}

/** Whether an argument names something that is not there. */
export function isMissing(argument) {
  return argument !== '-' && !/[*?[{]/.test(argument) && !isInCommit(argument) && kindOf(argument) === undefined;
}

function isHidden(name) {
  return name.split('/').some((part) => part.startsWith('.') || part === 'node_modules');
}

/** What git tracks is in the repository, whatever .gitignore says: nobody may hide a file from the check that way. */
function withTracked(files, folder, wanted, leaving) {
  const ignored = leaving.left.filter(({ by }) => /(?:^|[/\\])\.gitignore:\d+$/.test(by));
  if (ignored.length === 0) return files;
  const isIgnored = (file) => ignored.find(({ path }) => file === path || file.startsWith(path + sep));
  const found = trackedThough(folder).filter((file) => {
    const entry = isIgnored(file);
    if (entry === undefined || !wanted(file) || isHidden(inside(resolve(entry.path), file)) || files.includes(file))
      return false;
    return !leaving.excludes(file);
  });
  leaving.forget(found);
  return found.length === 0 ? files : [...files, ...found].sort();
}
