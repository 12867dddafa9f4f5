// What a command found, for the formats that other programs read.

import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';

import { gitRoot } from './config-find.js';
import { failing } from './outcome.js';

/**
 * @param options of the command line
 * @param found { verdict, units, findings } and what else a Result has; `pathIn`: where in the working tree a file is
 * that is named otherwise, as one in a commit is
 * @returns {import('../report/result.js').Result}
 */
export function resultOf(command, { failOn, io }, { pathIn = new Map(), ...found }) {
  const pathOf = pathsFrom(rootOf(io.env), pathIn);
  return {
    command,
    version: version(),
    ruleOf: () => undefined,
    isFailing: (finding) => failing([finding], failOn),
    pathOf,
    ...found,
  };
}

/** The METADATA of rules by the codes of their findings. */
export function rulesByCode(packs) {
  let known;
  return (code) => {
    known ??= new Map(packs.flatMap(({ pack }) => pack.rules()).flatMap(codesOf));
    return known.get(code);
  };
}

function codesOf({ annotations }) {
  return annotations.flatMap((one) =>
    one.id === undefined ? [] : [[`policy-${one.id.replace(/^policy-/, '')}`, one]],
  );
}

export function version() {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

/** Where GitHub and GitLab look for the files that a report names: the root of the repository. */
function rootOf({ GITHUB_WORKSPACE: github, CI_PROJECT_DIR: gitlab }) {
  return github ?? gitlab ?? gitRoot(process.cwd()) ?? process.cwd();
}

/** A path from the root, with slashes; outside of it the whole path. */
function pathsFrom(root, pathIn) {
  const here = process.cwd();
  return (file) => {
    if (file === '<stdin>') return file;
    // Of a file of many messages, one is named by its number.
    const whole = file.replace(/(\.(?:har|http))#\d+$/, '$1');
    const path = pathIn.get(whole) ?? (isAbsolute(whole) ? whole : join(here, whole));
    const inside = relative(root, path);
    if (inside === '') return '.';
    return inside.startsWith('..') || isAbsolute(inside) ? path : inside.split(sep).join('/');
  };
}
