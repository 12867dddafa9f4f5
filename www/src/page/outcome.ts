// The outcome of a run, before anything is drawn.

import type { Finding, PackRule, Shaped, SignedBytes, Verdict } from '../../../pkg/index.js';
import type { ContractRead } from '../contract/files.js';
import type { MergedReport } from '../deployment/packs.js';
import type { PackDocument } from '../deployment/read-documents.js';
import type { Answers, Thrown } from '../engine/protocol.js';
import type { ParsedMessage } from '../request/parse.js';

/** Something cannot be read, so nothing was judged. */
export interface Problem {
  where: 'message' | 'contract' | 'params' | 'data' | 'packParams' | 'documents';
  file?: string;
  message: string;
  help?: string;
  from: number;
  to: number;
}

/** What was read before anything was judged. */
export interface Read {
  parsed?: ParsedMessage;
  contract?: ContractRead;
}

export interface Judged {
  parsed: ParsedMessage;
  contract: ContractRead;
  /** A stand-in was taken for the key: the signature was not checked. */
  noKey: boolean;
  now: number;
}

export type Outcome =
  /** The engine is not here yet. */
  | { kind: 'loading' }
  | ({ kind: 'empty' } & Read)
  | ({ kind: 'problem'; problem: Problem } & Read)
  | ({ kind: 'thrown'; thrown: Thrown } & Read)
  | ({ kind: 'killed'; milliseconds: number } & Read)
  | ({
      kind: 'verdict';
      verdict: Verdict;
      text: string;
      milliseconds: number;
      skewSeconds?: number;
      signed?: SignedBytes;
      lint: Finding[];
    } & Judged)
  | ({ kind: 'signed'; message: Answers['sign'] } & Judged)
  | ({ kind: 'shaped'; text: string; shaped: Shaped; message?: string } & Judged)
  /** `text` is the report of the only pack as the core writes it, or else of all. */
  | {
      kind: 'report';
      report: MergedReport;
      rules: PackRule[];
      text: string;
      documents: PackDocument[];
      now: number;
      milliseconds: number;
    };
