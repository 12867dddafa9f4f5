// Finds the configuration of a folder. Kept small, since every run asks.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { UsageError } from './outcome.js';

export const NAMES = ['countersign.yaml', 'countersign.json'];
/** What somebody may call it, and would wonder why nothing happens. */
const NEAR = ['countersign.yml', '.countersign.yaml', '.countersign.yml', '.countersign.json'];

/**
 * The configuration of a folder: in it, or above it up to the root of its git repository. Outside of one only the
 * folder itself counts: a file further up may be somebody else's.
 */
export function findConfig(folder) {
  const root = gitRoot(folder) ?? folder;
  for (let current = folder; ; current = dirname(current)) {
    const found = NAMES.filter((name) => existsSync(join(current, name)));
    if (found.length > 1) throw new UsageError(`${current} has ${found.join(' and ')}`, 'remove one of them');
    if (found.length === 1) return join(current, found[0]);
    const near = NEAR.find((name) => existsSync(join(current, name)));
    if (near !== undefined)
      throw new UsageError(
        `${join(current, near)} is no configuration: its name would have to be ${NAMES.join(' or ')}`,
        'rename it, or add --no-config',
      );
    if (current === root) return undefined;
  }
}

/** The folder that holds `.git`, if this folder is in one. In a worktree `.git` is a file. */
export function gitRoot(folder) {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, '.git'))) return current;
    if (current === dirname(current)) return undefined;
  }
}

/** What is said without a configuration. `files` are those that were read, the nearest first, and `named` its packs. */
export const NONE = {
  files: [],
  params: {},
  data: [],
  severities: {},
  overrides: [],
  exclude: [],
  named: [],
  placeOf: () => undefined,
  contracts: [],
};

/** The configuration of a run, if there is one: of `--config`, else of the working directory. */
export function configFile({ config, 'no-config': none }) {
  if (config !== undefined && none)
    throw new UsageError('--config and --no-config contradict each other', 'leave one of them out');
  if (config === '') throw new UsageError('--config names no file', 'write --config FILE');
  if (none) return undefined;
  return config ?? findConfig(process.cwd());
}
