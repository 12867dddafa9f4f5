// What the page asks of the engine, and what it answers. Values that structured cloning carries.

import type { Diagnosis, Finding, Key, PackRule, Report, Shaped, SignedBytes } from '../../../pkg/index.js';

/** A message as it was received: a request, or a response if it has `status`. */
export interface Message {
  method?: string;
  url?: string;
  status?: number;
  headers: [string, string][];
  body: Uint8Array;
}

/** A contract and what it is compiled with. */
export interface Compiled {
  contract: unknown;
  files: Record<string, string>;
  keys: Key[];
  params?: Record<string, unknown>;
  origin?: string;
  limits?: Record<string, unknown>;
}

interface Checking {
  now: number;
  seen?: string[];
  stopAtFirst?: boolean;
  jkt?: string;
  nonces?: string[];
}

interface PackOptions {
  data?: unknown;
  params?: Record<string, unknown>;
  now: number;
}

export type Job =
  | { kind: 'check'; compiled: Compiled; message: Message; options: Checking }
  | { kind: 'explain'; compiled: Compiled; message: Message; now: number; otherKeys: Key[] }
  | { kind: 'sign'; compiled: Compiled; message: Message; now: number; nonce?: string }
  | { kind: 'shape'; compiled: Compiled; message: Message; now: number }
  | {
      kind: 'pack';
      files: Record<string, string>;
      documents: unknown[];
      options: PackOptions;
      limits?: Record<string, number>;
    }
  | { kind: 'json'; bytes: Uint8Array };

/** The canonical text of a verdict or report is what runtimes agree on byte by byte, so it comes along. */
export interface Answers {
  check: {
    text: string /** Of the check alone. */;
    milliseconds: number;
    skewSeconds?: number;
    lint: Finding[];
    signed?: SignedBytes;
  };
  explain: Diagnosis;
  sign: { method?: string; url?: string; status?: number; headers: [string, string][]; body: Uint8Array };
  shape: { text: string; shaped: Shaped; message?: string };
  pack: { report: Report; rules: PackRule[]; milliseconds: number };
  json: Finding[];
}

/** What was thrown: `ContractError`, `TypeError` (misuse) or `InternalError`. */
export interface Thrown {
  name: string;
  message: string;
  code?: string;
  at?: string;
  help?: string;
  /** The other mistakes in the same policies. */
  also?: Thrown[];
}

export type Asked = { id: number; job: Job };
export type Answered = { id: number; answer: unknown } | { id: number; thrown: Thrown };
