/** Packs of Rego policies that check documents. */

import type { Severity } from './codes.js';
import type { OneOf, ShippedPack } from './shipped.js';

/**
 * Loads a pack of Rego policies: a shipped pack by its name, or your own as an object of paths and texts.
 * @throws {ContractError} when a policy or a template does not load: `also` has the other mistakes
 */
export function loadPack<Name extends string>(
  source: OneOf<ShippedPack, Name> | Record<string, string>,
  options?: PackLoadOptions,
): Promise<Pack>;

export interface PackLoadOptions {
  /** The data of the pack itself: members under `data.`. What a check is given is merged over it. @default {} */
  data?: Record<string, unknown>;
  /** Limits for a check. @default see each limit */
  limits?: PackLimits;
  /** The packages whose rules judge, such as `main` for policies of conftest. @default all */
  namespaces?: string[];
  /** The Rego that every module is written in. @default each module shows it: v1, or v0 if only that parses */
  rego?: RegoVersion;
  /** Gatekeeper's ConstraintTemplates and the constraints for them, parsed, in any order. @default [] */
  templates?: Record<string, unknown>[];
}

/** `v0` is Rego before OPA 1.0: `deny[msg] { … }`. */
export type RegoVersion = 'v0' | 'v1';

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
  /** How deep a module may be nested, in levels of terms and bodies. @default 128 */
  policyDepth?: number;
  /** The most bytes that the values of one evaluation may take. @default 134217728 */
  policyMemory?: number;
  /** The most steps that one rule may take on one document. @default 2000000 */
  policySteps?: number;
}

/** A loaded pack. Only `loadPack` makes one. Everything but loading is synchronous. */
export class Pack {
  private constructor();
  /** Checks the documents as one set. */
  check(documents: Doc[], options?: PackCheckOptions): Report;
  /** Runs the pack's rules named `test_…`. */
  test(options?: PackTestOptions): TestReport;
  /** Which lines of the modules and of the templates are reached when the documents are checked. */
  coverage(documents: Doc[], options?: PackCheckOptions): Coverage;
  /**
   * How a rule is evaluated on one document, expression by expression.
   * @param rule its path (`team.images.deny`), the kind of its constraints, or the code or id of its findings
   * @throws {ContractError} when there is no such rule
   */
  trace(rule: string, document: Doc, options?: PackTraceOptions): Trace;
  /**
   * Why a rule gave nothing: the expressions past which it never went.
   * @param rule its path (`team.images.deny`), the kind of its constraints, or the code or id of its findings
   * @throws {ContractError} when there is no such rule
   */
  why(rule: string, documents: Doc[], options?: PackCheckOptions): Why;
  /** The rules that judge, with what their METADATA says. */
  rules(): PackRule[];
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

export interface PackTestOptions extends PackCheckOptions {
  /** Whether to measure which lines the tests reach. @default false */
  coverage?: boolean;
  /** Only the tests with this text in their name. @default all */
  filter?: string;
}

export interface PackTraceOptions extends PackCheckOptions {
  /** The set that the document is one of: the same object must be in it. @default only the document */
  documents?: Doc[];
  /** The most events in the trace. @default 10000 */
  events?: number;
}

/** A document: any JSON object or array. */
export type Doc = unknown;

export interface Report {
  schemaVersion: 1;
  /** `error` means that a rule could not be evaluated. That never counts as a pass. */
  verdict: 'pass' | 'fail' | 'error';
  /** `documents` counts the items of lists, but not the lists. */
  counts: { documents: number; rules: number; errors: number; warnings: number; infos: number };
  findings: PackFinding[];
  /** The modules that were read as Rego v0. Absent if there is none. */
  modules?: { file: string; version: 'v0' }[];
}

export interface PackFinding {
  code: PackCode;
  /** The rule that reported it: the id in its METADATA, or its path. */
  rule: string;
  severity: Severity;
  message: string;
  /** A JSON Pointer into the document: the place that the policy names, or else the first of `reads`. */
  at?: string;
  /** The index of the document, from 0. Absent if the finding is about the whole set. */
  document?: number;
  resource?: { kind?: string; namespace?: string; name?: string };
  /**
   * Identifies the finding. It stays the same if the resource moves within the files. `countersign check` reports one
   * of its own, which also stays the same if named items of lists change places.
   */
  fingerprint: string;
  help?: string;
  /** The rule's own facts. */
  facts?: Record<string, string | number | boolean | null>;
  /** The places in the document that the finding rests on, the likeliest cause first. Absent if there is none. */
  reads?: PackRead[];
}

/** `rule-unmet`, `rule-data-missing`, `rule-name` and `rule-not` warn of rules that judged nothing, or not all. */
export type PackCode =
  | `policy-${string}`
  | `limit-${string}`
  | 'rule-error'
  | 'rule-unmet'
  | 'rule-data-missing'
  | 'rule-name'
  | 'rule-not';

export interface PackRead {
  /** A JSON Pointer into the document. */
  at: string;
  /** There is nothing at this place, and the finding rests on that. */
  absent?: true;
}

export interface TestReport {
  schemaVersion: 1;
  counts: { tests: number; passed: number; failed: number; errors: number; skipped: number };
  tests: PackTest[];
  /** If it was asked for. */
  coverage?: Coverage;
}

export interface PackTest {
  /** Package and rule: `team.images_test.test_latest`. */
  name: string;
  /** `error` means that it could not be evaluated, and `skip` that its name begins with `todo_`. */
  outcome: 'pass' | 'fail' | 'error' | 'skip';
  /** Where the test stands. Line and column count from 1. */
  file: string;
  line: number;
  column: number;
  /** Why it could not be evaluated. */
  message?: string;
  /** Where a test that failed stopped. */
  stuck?: RuleStop;
  /** The cases of a table test, by name. */
  cases?: { name: string; outcome: PackTest['outcome'] }[];
  /** What the test printed, line by line. */
  printed?: string[];
}

/** A place in a policy. Line and column count from 1. */
export interface PolicyPlace {
  file: string;
  line: number;
  column: number;
}

/** An expression past which a rule did not go. */
export interface RuleStop extends PolicyPlace {
  /** The expression, in one line. */
  text: string;
  /** Why it does not hold. */
  reason: string;
  /** In how many documents the rule stopped here. Absent in a test. */
  documents?: number;
  /** What may be meant, such as a similar name that the documents have. */
  help?: string;
  /** The variables in it with their last values, as Rego writes them, cut to 200 characters. */
  values?: { name: string; value: string }[];
}

/** A first and a last line, both included, from 1. */
export type LineRange = [first: number, last: number];

export interface Coverage {
  /** Lines reached, of those with something to reach: 0 to 100. Files of tests are not counted. */
  percent: number;
  files: FileCoverage[];
}

export interface FileCoverage {
  file: string;
  /** 0 to 100. */
  percent: number;
  covered: LineRange[];
  notCovered: LineRange[];
  /** Bodies and expressions: `entered` if it was never evaluated, `held` if it was, and never held. */
  never: (PolicyPlace & { what: 'entered' | 'held' })[];
}

export interface Trace {
  schemaVersion: 1;
  /** What the rule gave, as Rego writes it, cut to 200 characters. Absent if it is undefined. */
  value?: string;
  events: TraceEvent[];
  /** Whether there were more events than `events` allows. */
  truncated: boolean;
  /** What the rule printed, line by line. */
  printed: string[];
}

export interface TraceEvent extends PolicyPlace {
  kind: 'enter' | 'exit' | 'undefined' | 'fail' | 'redo';
  /** How many rules and functions are open. */
  depth: number;
  /** The expression, in one line. */
  text: string;
}

export interface Why {
  schemaVersion: 1;
  /** The path of the rule. */
  rule: string;
  /** How many documents were looked at, including the items of lists. */
  documents: number;
  /** For how many of them the rule gave something. */
  holds: number;
  /** Where it stopped, most documents first. */
  stops: RuleStop[];
}

/** A rule that judges, and where its first body stands; or a template of Gatekeeper, by the kind of its constraints. */
export interface PackRule extends PolicyPlace {
  /** `team.images.deny`. */
  path: string;
  /** The METADATA above the rule, in the order of the text. */
  annotations: PackAnnotation[];
  /** The severity of a finding that names none. */
  severity: Severity;
}

/** What METADATA says, and where the rule below it stands. */
export interface PackAnnotation extends PolicyPlace {
  /** The id of the findings that this is about: their code is `policy-ID`. */
  id?: string;
  title?: string;
  description?: string;
  severity?: Severity;
  /** How to fix it. */
  remedy?: string;
  /** Addresses of its sources. */
  relatedResources?: string[];
  /** `set` for a rule that judges all documents together. */
  subject?: string;
}
