/** Registries: many hooks at one receiver. */

import type { Bundle, Contract } from './contract.js';
import type { CheckOptions, Key, Limits, RawAnswer, RawRequest, Verdict } from './gate.js';

/**
 * Loads a registry of hooks (`hooks.json`) and compiles the contract of every enabled hook.
 * @throws {ContractError} when the registry, a hook's contract or a key cannot be used; `at` points into the registry
 */
export function loadRegistry(document: HookRegistry, options?: RegistryOptions): Promise<Registry>;

export interface RegistryOptions {
  /**
   * Contracts that hooks name and that are not shipped, by that name, each with its schema and policy files, or as a
   * bundle. @default {}
   */
  contracts?: Record<string, Bundle | { contract: Contract; files?: Record<string, string> }>;
  /**
   * The keys of every enabled hook, by its id; where the registry says that they stand is for the command line alone.
   * @default {}
   */
  keys?: Record<string, Key[]>;
  /** What a check may cost, for every hook. @default each limit's own */
  limits?: Limits;
}

/** `hooks.json`, held to `policies/registry.schema.json`. */
export interface HookRegistry {
  /** The version of this language: 1. A `number`, so that an imported hooks.json fits. */
  version: number;
  hooks: Hook[];
}

export interface Hook {
  /** Lower-case letters, digits and hyphens. */
  id: string;
  /** Where the hook stands: http or https, without credentials, query and fragment. */
  uri: string;
  /** What it is for, for people. */
  note?: string;
  enabled: boolean;
  /** Why it is disabled: told to whoever calls it. Of a disabled hook, which must have it. */
  reason?: string;
  /** A shipped contract's name, or a file beside the registry. Of an enabled hook, which must have it. */
  contract?: string;
  /** Where the key stands, never the key itself. */
  key?: { env: string } | { file: string };
  /** Whether a receipt is needed: `needCallback` of each message must say the same. @default as each message says */
  receipt?: boolean;
  /** JSON Pointers into the message's `data`: what the hook asked for, with all below. @default all */
  data?: string[];
  /** `data.params.receiver` of the contract's policy. @default absent */
  receiver?: string;
  /** After so many refused signatures in a row the hook is to be disabled. @default never */
  disableAfter?: number;
}

/** A loaded registry. Made by `loadRegistry` alone. */
export class Registry {
  private constructor();
  /** Picks the hook by the request's host and path, and judges the request by its contract. Synchronous. */
  check(request: RawRequest | RawAnswer, options?: RegistryCheckOptions): HookOutcome;
  /** As `check`, the outcome's canonical text: the same bytes in every runtime. */
  checkText(request: RawRequest | RawAnswer, options?: RegistryCheckOptions): string;
  /** Gives the memory back now; else that happens when the registry is collected. */
  free(): void;
  [Symbol.dispose](): void;
}

export interface RegistryCheckOptions extends CheckOptions {
  /**
   * Refused signatures in a row before this request, by the id of a hook of this registry: `disable.failures` of its
   * last outcome. @default {}
   */
  failures?: Record<string, number>;
}

export interface HookOutcome {
  schemaVersion: 1;
  /** The hook's id; absent where no hook stands at the request's address. */
  hook?: string;
  note?: string;
  verdict: Verdict;
  /** What the sender should see. */
  answer: HookAnswer;
  /** Whether the hook is to be disabled now. */
  disable: HookDecision;
}

export interface HookDecision {
  decision: boolean;
  /** Refused signatures in a row, this request with them: to give to the next check. */
  failures: number;
  reason: string;
}

export interface HookAnswer {
  status: number;
  contentType?: 'application/json' | 'application/problem+json';
  /** A receipt, a problem (RFC 9457) or a handshake's answer. */
  body?: HookReceipt | HookProblem | Record<string, unknown>;
}

export interface HookReceipt {
  received: true;
  /** Of the event, where the contract names one. */
  id?: string;
  /** The message came before. */
  duplicate?: true;
}

/** Where signature or freshness failed, the sender learns nothing from it but the status. */
export interface HookProblem {
  type: 'about:blank' | `urn:countersign:code:${string}`;
  title: string;
  status: number;
  detail?: string;
  at?: string;
}
