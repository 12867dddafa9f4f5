/** Compares two versions of a contract. */

import type { FindingCode, Severity } from './codes.js';
import type { CheckOptions, Gate, RawAnswer, RawRequest } from './gate.js';
import type { Verdict } from './verdict.js';

/**
 * Checks one message with two gates at the same point in time, and reports whether the sender and the handler would get
 * the same from both.
 * @throws {TypeError} on misuse, as in `Gate.check`
 */
export function compare(
  a: Gate<object | undefined>,
  b: Gate<object | undefined>,
  message: RawRequest | RawAnswer,
  options?: CheckOptions,
): Comparison;

export interface Comparison {
  schemaVersion: 1;
  /** True if there are no `differences`, and none can have been left out. */
  agree: boolean;
  a: ComparedVerdict;
  b: ComparedVerdict;
  /** What the sender or the handler would notice. It never contains a value from the message. */
  differences: Difference[];
  /**
   * What changes nothing for them: another API version, warnings and notes that only one verdict has, or that nothing
   * was compared.
   */
  notes: Difference[];
  /**
   * True if the list is not complete: more than 100 members of the message differ, or a verdict has more errors than
   * its gate's `limits.findings`.
   */
  capped: boolean;
}

export type ComparedVerdict = Pick<Verdict, 'contract' | 'verdict' | 'status' | 'apiVersion'>;

export type Side = 'a' | 'b';

export type Difference =
  | { kind: 'verdict'; a: Verdict['verdict']; b: Verdict['verdict'] }
  /** A contract for responses gives no status. */
  | { kind: 'status'; a?: number; b?: number }
  /**
   * A finding that only one verdict has, with its code, place and severity. `property` names a member that is missing
   * at that place.
   */
  | {
      kind: 'finding';
      only: Side;
      code: FindingCode;
      severity: Severity;
      message: string;
      at?: string;
      property?: string;
    }
  /** Both accept, but read a different event type or id, or read the payload from a different place. */
  | { kind: 'event'; at: '/type' | '/id' | '/payload' }
  /** If `at` is empty, only one of them gives a replay key. The contract's name at the start of the key is ignored. */
  | { kind: 'replay'; at: '' | '/key' | '/onDuplicate'; only?: Side }
  /** Both reject the signature or the time, so message, event and reply were not compared. Check the keys and `now`. */
  | { kind: 'unjudged'; a: 'signature' | 'freshness'; b: 'signature' | 'freshness' }
  /**
   * A member of the canonical message or of the handshake's reply that only one has, or that differs. The order of
   * members is ignored.
   */
  | { kind: 'message' | 'answer'; at: string; only?: Side }
  | { kind: 'apiVersion'; a?: string; b?: string };
