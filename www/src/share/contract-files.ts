// The files of the contract that a State names: those that ship, with the user's own in their place and beside them.

import type { Data } from '../data.js';
import type { State } from '../state.js';
import { isObject } from './state-form.js';

export type Contracts = Data['contracts'];

const MAIN = 'contract.json';

export function contractFiles({ shipped, files }: State['contract'], contracts: Contracts): Record<string, string> {
  return { ...shippedFiles(shipped, contracts), ...files };
}

function shippedFiles(name: string | undefined, contracts: Contracts): Record<string, string> {
  return name !== undefined && Object.hasOwn(contracts, name) ? (contracts[name]?.files ?? {}) : {};
}

/** The document; undefined where there is none that can be read. */
export function contractDocument(contract: State['contract'], contracts: Contracts): Record<string, unknown> | undefined {
  try {
    const document: unknown = JSON.parse(contractFiles(contract, contracts)[MAIN] ?? '');
    return isObject(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** The name of a contract that ships, where no file of it was changed. */
export function unchangedName({ shipped, files }: State['contract'], contracts: Contracts): string | undefined {
  if (shipped === undefined || !Object.hasOwn(contracts, shipped)) return undefined;
  const own = shippedFiles(shipped, contracts);
  return Object.entries(files).every(([name, text]) => Object.hasOwn(own, name) && own[name] === text) ? shipped : undefined;
}
