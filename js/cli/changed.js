// `--changed`: everything is judged, since rules compare documents, and only what is in changed files is reported.

import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

import { counted } from '../report/pretty.js';
import { changedFiles, isRef } from './git.js';
import { hint } from './hints.js';
import { UsageError } from './outcome.js';
import { isMissing } from './sources.js';

export class Changed {
  #ref;
  #files;
  #real = new Map(); // path -> its real one, as git has it
  #left = { findings: 0, problems: 0 };

  constructor({ changed: ref, paths, io }) {
    const named = ref === '' && paths.find((path) => isMissing(path) && isRef(path));
    if (named)
      throw new UsageError(`--changed: \`${named}\` is a branch or commit, and no path`, `write --changed=${named}`);
    const { ref: against, files } = changedFiles(ref, io.env);
    this.#ref = against;
    this.#files = files;
  }

  /** Whether a file changed. What is not in a file is always reported. @param path undefined for what is not in one */
  has(path) {
    if (path === undefined) return true;
    if (!this.#real.has(path)) this.#real.set(path, realOf(path));
    return this.#files.has(this.#real.get(path));
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

function realOf(path) {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
