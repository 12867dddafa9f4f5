/** The result of a check: a union by `verdict`. */

import type { FindingCode, StageName } from './codes.js';
import type { Finding } from './finding.js';

/** The canonical message of a contract, if its type was not named. Undefined if the contract has no `shape`. */
export type AnyMessage = Record<string, unknown> | undefined;

/**
 * The result of `check`. After `verdict.verdict === 'accept'`, event and message can be read. Members without a value
 * are left out.
 */
export type Verdict<Message extends object | undefined = AnyMessage> =
  | AcceptVerdict<Message>
  | IgnoreVerdict
  | RejectVerdict;

/** The message may pass. */
export interface AcceptVerdict<Message extends object | undefined = AnyMessage> extends VerdictBase {
  verdict: 'accept';
  /**
   * The reply to a handshake: send this JSON instead of calling the handler. It may contain a MAC for the sender: do
   * not log it.
   */
  answer?: Record<string, unknown>;
  /** Absent if the contract has no `route`, or its places hold no value. */
  event?: RoutedEvent;
  /** The canonical message. Absent, and undefined, if the contract has no `shape`. */
  message: Message;
  /** For your replay store. Absent if the contract has no replay key, or the message has no id. */
  replay?: ReplayKey;
  deadLetter?: undefined;
}

/** A duplicate that the contract ignores: answer 200, and do not handle it again. */
export interface IgnoreVerdict extends VerdictBase {
  verdict: 'ignore';
  /** The key that was seen before. */
  replay: ReplayKey;
  answer?: undefined;
  event?: undefined;
  message?: undefined;
  deadLetter?: undefined;
}

/** The message may not pass: at least one finding is an error. */
export interface RejectVerdict extends VerdictBase {
  verdict: 'reject';
  /** Present only if the message is a duplicate and nothing else failed. */
  replay?: ReplayKey;
  /** The message is authentic: keep it. Present only if the contract has `deadLetter`. Keeping the bytes is up to you. */
  deadLetter?: DeadLetterReport;
  answer?: undefined;
  event?: undefined;
  message?: undefined;
}

/** The members of every verdict. */
interface VerdictBase {
  schemaVersion: 1;
  /** The contract's name. */
  contract: string;
  /**
   * The HTTP status to reply with: that of the first failed stage, or 200. Absent, like `statusText`, if the contract
   * checks responses.
   */
  status?: number;
  statusText?: string;
  /**
   * The version whose conditions in the contract match, for any verdict, if the request could be read that far. Absent
   * if the contract declares no versions.
   */
  apiVersion?: string;
  /** All stages, in the order in which they run. */
  stages: { stage: StageName; result: 'pass' | 'fail' | 'warn' | 'skipped' }[];
  /** The verified signature. Present for any verdict if a signature was verified. */
  signature?: SignatureReport;
  /** In the order of the stages. */
  findings: Finding[];
}

/** What the contract's `route` read. */
export interface RoutedEvent {
  type?: string;
  version?: string;
  id?: string;
  /** The most specific schema that judged it: its file, or its `$id`. */
  schema?: string;
  /** Where the payload is: a JSON Pointer into the body. */
  payload?: string;
}

/** What a replay store must remember. */
export interface ReplayKey {
  key: string;
  /** The earliest time to forget the key, in Unix seconds. */
  forgetAfter: number;
  /** What the contract does with a duplicate. */
  onDuplicate: 'ignore' | 'reject';
}

export interface SignatureReport {
  /** The id of the key that verified. */
  key: string;
  /** Only what every valid request signs. */
  covers: string[];
  /** What the contract reads although it is not signed. */
  leaves: string[];
}

export interface DeadLetterReport {
  /** The code of the first error. */
  reason: FindingCode;
  /** The place of the first error. */
  at?: string;
  /** Of the body as it came, in hex. */
  sha256: string;
  /** The length of the body, in bytes. */
  bytes: number;
}

/** What decides, and what a handler needs. */
type Decided = 'verdict' | 'status' | 'answer' | 'event' | 'message' | 'replay';

/** The result of `decide`: a verdict without its report. */
export type Decision<Message extends object | undefined = AnyMessage> =
  | Pick<AcceptVerdict<Message>, Decided>
  | Pick<IgnoreVerdict, Decided>
  | Pick<RejectVerdict, Decided>;
