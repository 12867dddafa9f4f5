// What a walk leaves out: what .gitignore and .countersignignore say, `--exclude`, and the configuration's `exclude`.

import { dirname, join, relative, resolve, sep } from 'node:path';

import { gitRoot, NAMES } from './config-find.js';
import { readText } from './files.js';
import { decide, fits, inside, patternsOf } from './ignore.js';
import { kindOf } from './walk.js';

const FILES = ['.gitignore', '.countersignignore'];
const NEVER = new Set(['node_modules']);

export class Leaving {
  /** What was left out: { path, by }. A folder counts once. */
  left = [];
  /** Links that are not followed: { file, reason }. */
  links = [];
  #excludes;
  #own;
  #lists = new Map(); // folder -> its lists and those of the folders above it, the nearest last: { folder, rules }

  /**
   * @param excludes lists of patterns, { folder, rules, name } @param own files of ours that are no documents, such as
   * the waivers
   */
  constructor(excludes = [], own = []) {
    this.#excludes = excludes;
    this.#own = new Set(own.map((path) => resolve(path)));
  }

  /** A folder that the user names is read, also where a pattern of a folder above leaves it out. */
  enter(folder) {
    const path = resolve(folder);
    const root = gitRoot(path) ?? highest(path);
    this.#lists.set(root, listsIn(root));
    const above = path === root ? [] : relative(root, path).split(sep);
    above.reduce((current, name) => {
      const inner = join(current, name);
      const isOut = decided(this.#lists.get(current), inner, true)?.isOut;
      this.#lists.set(inner, [...(isOut ? [] : this.#lists.get(current)), ...listsIn(inner)]);
      return inner;
    }, root);
  }

  /** Whether an entry of a folder is left out. @param entry of readdir */
  takesOut(folder, entry) {
    const path = join(folder, entry.name);
    const by = this.#by(resolve(path), entry);
    if (by !== undefined && by !== '') this.left.push({ path, by, isFolder: entry.isDirectory() });
    return by !== undefined;
  }

  /** Whether `--exclude` or the configuration leaves out a file. */
  excludes(path) {
    const by = this.#excludes.find(({ folder, rules }) => fits(rules, inside(folder, path)));
    if (by !== undefined) this.left.push({ path, by: by.name, isFolder: false });
    return by !== undefined;
  }

  /** With -v: each path that was left out. */
  tell({ io, verbose }) {
    const lines = new Set(this.left.map(({ path, by }) => `left out: ${path} (${by})\n`));
    if (verbose) for (const line of lines) io.stderr.write(line);
  }

  /** Files that are read all the same. */
  forget(paths) {
    this.left = this.left.filter(({ path }) => !paths.includes(path));
  }

  /** '' for what is never a document, and need not be told. */
  #by(path, entry) {
    const isFolder = entry.isDirectory();
    if (NEVER.has(entry.name) || entry.name === '.git' || FILES.includes(entry.name)) return '';
    if (entry.name.startsWith('.')) return 'hidden';
    if (!isFolder && (NAMES.includes(entry.name) || this.#own.has(path))) return '';
    for (const { folder, rules, name } of this.#excludes)
      if (decide(rules, inside(folder, path), isFolder)?.isOut) return name;
    const found = decided(this.#listsOf(dirname(path)), path, isFolder);
    return found?.isOut ? found.from : undefined;
  }

  #listsOf(folder) {
    if (!this.#lists.has(folder))
      this.#lists.set(folder, [...(this.#lists.get(dirname(folder)) ?? []), ...listsIn(folder)]);
    return this.#lists.get(folder);
  }
}

/** Outside of a repository, the files of the working directory count, and none above. */
function highest(path) {
  const here = resolve('.');
  return path === here || path.startsWith(join(here, sep)) ? here : path;
}

function decided(lists, path, isFolder) {
  for (const { folder, rules } of lists.toReversed()) {
    const found = decide(rules, relative(folder, path).replaceAll(sep, '/'), isFolder);
    if (found !== undefined) return found;
  }
  return undefined;
}

function listsIn(folder) {
  return FILES.flatMap((name) => {
    const text = textOf(join(folder, name));
    return text === undefined ? [] : [{ folder, rules: patternsOf(text, relative('.', join(folder, name)) || name) }];
  });
}

function textOf(path) {
  return kindOf(path)?.isFile() ? readText(path) : undefined;
}
