/** Packs of Rego policies over documents. */

import type { Severity } from './codes.js';
import type { ShippedName } from './contract.js';

/**
 * Loads a pack of Rego policies: a shipped one by name, or your own as path and text.
 * @throws {ContractError} when a policy does not load
 */
export function loadPack(source: ShippedName | Record<string, string>, options?: PackLoadOptions): Promise<Pack>;

export interface PackLoadOptions {
  /** What a check may cost. @default each limit's own */
  limits?: PackLimits;
}

/** What a pack may cost. Reaching a limit is an error, never a pass. */
export interface PackLimits {
  /** Bytes that one call of a builtin function may produce. @default 1048576 */
  builtinBytes?: number;
  /** Items that one call of a builtin function may produce. @default 100000 */
  builtinItems?: number;
  /** Steps that all evaluations of one check may take together. @default 50000000 */
  checkSteps?: number;
  /** How deep a document may be nested. @default 96 */
  documentDepth?: number;
  /** Documents of one check, with those in lists. @default 20000 */
  documents?: number;
  /** Findings that are reported of one check. @default 10000 */
  findings?: number;
  /** Bytes of one module. @default 1048576 */
  policyBytes?: number;
  /** Characters of one line of a module. @default 4096 */
  policyColumns?: number;
  /** How deep a literal may be nested in a module. @default 8 */
  policyDepth?: number;
  /** Lines of one module. @default 20000 */
  policyLines?: number;
  /** Steps that one rule may take on one document. @default 2000000 */
  policySteps?: number;
}

/** A loaded pack. Made by `loadPack` alone. */
export class Pack {
  private constructor();
  /** Judges documents as one set. Synchronous. */
  check(documents: Doc[], options?: PackCheckOptions): Report;
  /** Gives the memory back now; else that happens when the pack is collected. */
  free(): void;
  [Symbol.dispose](): void;
}

export interface PackCheckOptions {
  /** Members under `data.`. @default {} */
  data?: unknown;
  /** `data.params`. @default {} */
  params?: Record<string, unknown>;
  /** `data.now`: a Date, or Unix seconds. @default the clock */
  now?: Date | number;
}

/** A document: any JSON value. */
export type Doc = unknown;

export interface Report {
  schemaVersion: 1;
  /** `error`: a rule failed to evaluate, which never counts as a pass. */
  verdict: 'pass' | 'fail' | 'error';
  /** `documents` with those in lists, without the lists. */
  counts: { documents: number; rules: number; errors: number; warnings: number; infos: number };
  findings: PackFinding[];
}

export interface PackFinding {
  code: `policy-${string}` | `limit-${string}` | 'rule-error';
  /** The rule that speaks. */
  rule: string;
  severity: Severity;
  message: string;
  /** A JSON Pointer into the document. */
  at?: string;
  /** Which of the documents, counted from 0; absent when it is about the set. */
  document?: number;
  resource?: { kind?: string; namespace?: string; name?: string };
  /** The same wherever the resource stands in the files. */
  fingerprint: string;
  help?: string;
}
