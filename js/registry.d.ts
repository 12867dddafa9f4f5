/** Registries: many hooks at one receiver. */

import type { Bundle, Contract } from './contract.js';
import type { About, CheckOptions, Gate, Key, Limits, RawAnswer, RawRequest } from './gate.js';
import type { Answer, Delay, DelayOptions } from './retry.js';
import type { AnyMessage, Verdict } from './verdict.js';

/**
 * Loads a registry of hooks (`hooks.json`) and compiles the contract of every enabled hook. `loadRegistry<Message>(…)`
 * names the type of the canonical messages of all hooks.
 * @throws {ContractError} if the registry, a hook's contract or a key cannot be used; `at` points into the registry
 */
export function loadRegistry<Message extends object | undefined = AnyMessage>(
  document: HookRegistry,
  options?: RegistryOptions,
): Promise<Registry<Message>>;

export interface RegistryOptions {
  /**
   * The contracts that hooks name and that are not shipped, by name: each with its schema and policy files, or as a
   * bundle. @default {}
   */
  contracts?: Record<string, Bundle | { contract: Contract; files?: Record<string, string> }>;
  /**
   * The keys of every enabled hook, by the hook's id. Only the command line reads the `key` members in the registry.
   * @default {}
   */
  keys?: Record<string, Key[]>;
  /** Limits for a check, the same for every hook. @default see each limit */
  limits?: Limits;
}

/** The document `hooks.json`. It must match `policies/registry.schema.json`. */
export interface HookRegistry {
  /** The version of the format: 1. Its type is `number` so that an imported hooks.json fits. */
  version: number;
  hooks: Hook[];
}

export interface Hook {
  /** Lower-case letters, digits and hyphens. */
  id: string;
  /** The hook's address: http or https, without credentials, query or fragment. */
  uri: string;
  /** What the hook is for, for people to read. */
  note?: string;
  enabled: boolean;
  /** Why the hook is disabled. Callers see it. Required for a disabled hook. */
  reason?: string;
  /** The name of a shipped contract, or a file next to the registry. Required for an enabled hook. */
  contract?: string;
  /** Where the key is stored. Never the key itself. */
  key?: { env: string } | { file: string };
  /**
   * Whether the sender needs a receipt. Each message's `needCallback` must have the same value. @default each message
   * decides
   */
  receipt?: boolean;
  /**
   * JSON Pointers into the message's `data`: the parts that the hook asked for, with everything inside them. @default
   * all
   */
  data?: string[];
  /** `data.params.receiver` for the contract's policy. @default absent */
  receiver?: string;
  /** The hook should be disabled after this many refused signatures in a row. @default never */
  disableAfter?: number;
}

/** A loaded registry. Only `loadRegistry` makes one. */
export class Registry<Message extends object | undefined = AnyMessage> {
  private constructor();
  /** Finds the hook by the request's host and path, and checks the request with its contract. Synchronous. */
  check(request: RawRequest | RawAnswer, options?: RegistryCheckOptions): HookOutcome<Message>;
  /** Like `check`, but returns the outcome as canonical text: the same bytes in every runtime. */
  checkText(request: RawRequest | RawAnswer, options?: RegistryCheckOptions): string;
  /** Like `check`, but also returns measurements for metrics. */
  measure(
    request: RawRequest | RawAnswer,
    options?: RegistryCheckOptions,
  ): { outcome: HookOutcome<Message>; skewSeconds?: number };
  /** Returns the id of the hook at the request's address, enabled or not. The body is not read. */
  pick(request: Omit<RawRequest, 'body'>): string | undefined;
  /** Returns what an enabled hook's contract requires of its receiver. */
  about(hook: string): About | undefined;
  /**
   * For the sender: decides what follows from the answer to a delivery. Has it arrived, is it to be sent again, or is
   * it lost? Should the hook be disabled? `hook` is the hook's id.
   * @throws {TypeError} on misuse, such as the id of no hook
   */
  settle(hook: string, answer: DeliveryAnswer, options?: SettleOptions): Settlement;
  /** Like `settle`, but returns the settlement as canonical text: the same bytes in every runtime. */
  settleText(hook: string, answer: DeliveryAnswer, options?: SettleOptions): string;
  /**
   * For the sender: the address of an enabled hook, and the gate of its contract, which signs the messages to it. The
   * registry frees the gate.
   * @throws {TypeError} for the id of no hook, or of a disabled one
   */
  hook(id: string): { uri: string; gate: Gate<Message> };
  /** Frees the memory now. Otherwise it is freed when the registry is garbage-collected. */
  free(): void;
  [Symbol.dispose](): void;
}

export interface RegistryCheckOptions extends CheckOptions {
  /**
   * How many signatures in a row were refused before this request, by the hook's id. Give `disable.failures` of the
   * hook's last outcome. @default {}
   */
  failures?: Record<string, number>;
}

export interface HookOutcome<Message extends object | undefined = AnyMessage> {
  schemaVersion: 1;
  /** The hook's id. Absent if there is no hook at the request's address. */
  hook?: string;
  note?: string;
  verdict: Verdict<Message>;
  /** The HTTP response for the sender. */
  answer: HookAnswer;
  /** Whether the hook should be disabled now. */
  disable: HookDecision;
}

/** What a receiver answered. If no answer came, `{ status: 0 }`. */
export interface DeliveryAnswer extends Answer {
  /** The body, if a receipt may be in it. @default none */
  body?: Uint8Array | ArrayBuffer | string | null;
}

/** The contract's `retry` section gives the defaults of `retryAfterZero`, `maxSeconds` and `defaultSeconds`. */
export interface SettleOptions extends DelayOptions {
  /** How many signatures in a row were refused before: `disable.failures` of the hook's last settlement. @default 0 */
  failures?: number;
  /**
   * Whether the message asked for a receipt: its `needCallback`. It counts if the hook has no `receipt`. @default false
   */
  receipt?: boolean;
}

export interface Settlement {
  schemaVersion: 1;
  /** The hook's id. */
  hook: string;
  note?: string;
  /** `done`: it has arrived. `retry`: send it again after `delay`. `drop`: sending it again would not help. */
  action: 'done' | 'retry' | 'drop';
  reason: SettlementReason;
  /** The status and the reason, to read. */
  message: string;
  /** Only with `retry`. */
  delay?: Delay;
  /** Whether the hook should be disabled now. */
  disable: HookDecision;
}

/** What an answer says about a delivery; the list is complete. `docs/registry.md` has the table. */
export type SettlementReason =
  | 'gone'
  | 'hook-disabled'
  | 'message-refused'
  | 'no-answer'
  | 'not-again'
  | 'receipt-missing'
  | 'received'
  | 'redirected'
  | 'signature-refused'
  | 'try-later';

export interface HookDecision {
  decision: boolean;
  /** How many signatures in a row were refused, including this time. Give it to the next check or settlement. */
  failures: number;
  reason: string;
}

export interface HookAnswer {
  status: number;
  contentType?: 'application/json' | 'application/problem+json';
  /** A receipt, a problem (RFC 9457) or the reply to a handshake. */
  body?: HookReceipt | HookProblem | Record<string, unknown>;
}

export interface HookReceipt {
  received: true;
  /** The event's id, if the contract says where it is. */
  id?: string;
  /** Present if the message was received before. */
  duplicate?: true;
  /** The text of the status, if the message was received before. */
  message?: string;
}

/** If the signature or freshness stage failed, it tells the sender nothing but the status. */
export interface HookProblem {
  type: 'about:blank' | `urn:countersign:code:${string}`;
  title: string;
  status: number;
  detail?: string;
  at?: string;
}
