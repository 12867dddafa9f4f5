// Paths by which a file is known from run to run, wherever in the repository the command runs.

import { dirname, relative, resolve, sep } from 'node:path';

import { gitRoot } from './config-find.js';

let root;

/** For each run. Outside of a git repository, paths start at the folder of this file, or without one where it runs. */
export function pathsStartAt(file) {
  const here = process.cwd();
  root = gitRoot(here) ?? (file === undefined ? here : dirname(resolve(file)));
}

/** The path of a file from the root, with slashes, however it was given. What is no file keeps its name. */
export function pathOf(file) {
  return file === '<stdin>' ? file : relative(root, resolve(file)).split(sep).join('/');
}

/** The path of a document's file. That of a file in a commit is where it is in the working tree. */
export function pathOfDocument({ path, file }) {
  return pathOf(path ?? file);
}

/** The whole path for one from the root. */
export function fromRoot(path) {
  return resolve(root, path);
}
