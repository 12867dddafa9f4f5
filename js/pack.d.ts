/** Packs of Rego policies that check documents. */

import type { Severity } from './codes.js';
import type { OneOf, ShippedPack } from './shipped.js';

/**
 * Loads a pack of Rego policies: a shipped pack by its name, or your own as an object of paths and texts.
 * @throws {ContractError} when a policy does not load
 */
export function loadPack<Name extends string>(
  source: OneOf<ShippedPack, Name> | Record<string, string>,
  options?: PackLoadOptions,
): Promise<Pack>;

export interface PackLoadOptions {
  /** Limits for a check. @default see each limit */
  limits?: PackLimits;
}

/** Limits for a pack. Reaching a limit is an error, never a pass. */
export interface PackLimits {
  /** The most bytes that one call of a builtin function may produce. @default 1048576 */
  builtinBytes?: number;
  /** The most items that one call of a builtin function may produce. @default 100000 */
  builtinItems?: number;
  /** The most steps that all evaluations of one check may take together. @default 50000000 */
  checkSteps?: number;
  /** How deep a document may be nested. @default 96 */
  documentDepth?: number;
  /** The most documents in one check, including those in lists. @default 20000 */
  documents?: number;
  /** The most findings that one check reports. @default 10000 */
  findings?: number;
  /** The most bytes in one module. @default 1048576 */
  policyBytes?: number;
  /** The most characters in one line of a module. @default 4096 */
  policyColumns?: number;
  /** How deep a literal may be nested in a module. @default 8 */
  policyDepth?: number;
  /** The most lines in one module. @default 20000 */
  policyLines?: number;
  /** The most steps that one rule may take on one document. @default 2000000 */
  policySteps?: number;
}

/** A loaded pack. Only `loadPack` makes one. */
export class Pack {
  private constructor();
  /** Checks the documents as one set. Synchronous. */
  check(documents: Doc[], options?: PackCheckOptions): Report;
  /** Frees the memory now. Otherwise it is freed when the pack is garbage-collected. */
  free(): void;
  [Symbol.dispose](): void;
}

export interface PackCheckOptions {
  /** Members under `data.`. @default {} */
  data?: unknown;
  /** `data.params`. @default {} */
  params?: Record<string, unknown>;
  /** `data.now`, as a Date or in Unix seconds. @default the clock */
  now?: Date | number;
}

/** A document: any JSON value. */
export type Doc = unknown;

export interface Report {
  schemaVersion: 1;
  /** `error` means that a rule could not be evaluated. That never counts as a pass. */
  verdict: 'pass' | 'fail' | 'error';
  /** `documents` counts the items of lists, but not the lists. */
  counts: { documents: number; rules: number; errors: number; warnings: number; infos: number };
  findings: PackFinding[];
}

export interface PackFinding {
  code: `policy-${string}` | `limit-${string}` | 'rule-error';
  /** The rule that reported it. */
  rule: string;
  severity: Severity;
  message: string;
  /** A JSON Pointer into the document. */
  at?: string;
  /** The index of the document, from 0. Absent if the finding is about the whole set. */
  document?: number;
  resource?: { kind?: string; namespace?: string; name?: string };
  /** Identifies the finding. It stays the same if the resource moves within the files. */
  fingerprint: string;
  help?: string;
}
