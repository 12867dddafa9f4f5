// `--changed`: everything is judged, since rules compare documents, and only what is in changed files is reported.

import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';

import { counted } from '../report/pretty.js';
import { changedFiles, isRef } from './git.js';
import { hint } from './hints.js';
import { UsageError } from './outcome.js';
import { isMissing } from './sources.js';

export class Changed {
  #ref;
  #files;
  #folders;
  #found = new Map(); // path -> whether it changed
  #left = { findings: 0, problems: 0 };

  constructor({ changed: ref, paths, io }) {
    const named = ref === '' && paths.find((path) => isMissing(path) && isRef(path));
    if (named)
      throw new UsageError(`--changed: \`${named}\` is a branch or commit, and no path`, `write --changed=${named}`);
    const { ref: against, files, folders } = changedFiles(ref, io.env);
    this.#ref = against;
    this.#files = files;
    this.#folders = folders.map((folder) => join(folder, sep));
  }

  /** Whether a file changed. What is not in a file is always reported. @param path undefined for what is not in one */
  has(path) {
    if (path === undefined) return true;
    if (!this.#found.has(path))
      this.#found.set(
        path,
        realPathsOf(path).some((real) => this.#isChanged(real)),
      );
    return this.#found.get(path);
  }

  #isChanged(path) {
    return this.#files.has(path) || this.#folders.some((folder) => path.startsWith(folder));
  }

  findings(all) {
    return this.#kept(all, 'findings', ({ from }) => from?.path);
  }

  problems(all) {
    return this.#kept(all, 'problems', ({ place: { file } }) => file && file !== '<stdin>' && resolve(file));
  }

  #kept(all, kind, pathOf) {
    const kept = all.filter((one) => this.has(pathOf(one) || undefined));
    this.#left[kind] += all.length - kept.length;
    return kept;
  }

  /** How many findings and problems are in files that did not change, for the counts of the report. */
  get left() {
    return this.#left.findings + this.#left.problems;
  }

  tell(io, count) {
    const { findings, problems } = this.#left;
    const others = [findings && counted(findings, 'finding'), problems && counted(problems, 'problem')].filter(Boolean);
    const left = others.length > 0 ? `; ${others.join(' and ')} in the others not reported` : '';
    hint(io, `${counted(count, 'file')} changed since ${this.#ref}${left}`, {});
  }
}

/** A path as git has it. Of a link both it and what it leads to may have changed. */
function realPathsOf(path) {
  try {
    return [join(realpathSync(dirname(path)), basename(path)), realpathSync(path)];
  } catch {
    return [path];
  }
}
