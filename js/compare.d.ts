/** Two versions side by side. */

import type { FindingCode, Severity } from './codes.js';
import type { CheckOptions, Gate, RawAnswer, RawRequest, Verdict } from './gate.js';

/**
 * Judges one message by two gates at the same time: do the sender and the handler get the same from both?
 * @throws {TypeError} on misuse alone, as `Gate.check`
 */
export function compare(a: Gate, b: Gate, message: RawRequest | RawAnswer, options?: CheckOptions): Comparison;

export interface Comparison {
  schemaVersion: 1;
  /** There are no `differences`, and none can have been left out. */
  agree: boolean;
  a: ComparedVerdict;
  b: ComparedVerdict;
  /** What the sender or the handler would feel. Never holds a value of the message. */
  differences: Difference[];
  /**
   * What changes nothing for them: the API's version, and warnings and notes that one verdict alone has; and that
   * nothing was compared.
   */
  notes: Difference[];
  /** Not all is listed: more than 100 members of the message differ, or a verdict has more errors than its gate's `limits.findings`. */
  capped: boolean;
}

export type ComparedVerdict = Pick<Verdict, 'contract' | 'verdict' | 'status' | 'apiVersion'>;

export type Side = 'a' | 'b';

export type Difference =
  | { kind: 'verdict'; a: Verdict['verdict']; b: Verdict['verdict'] }
  /** One is absent where it judges answers. */
  | { kind: 'status'; a?: number; b?: number }
  /**
   * A finding that one verdict alone has: its code at that place with that severity. `property` names a missing member
   * of what stands there.
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
  /** Both accept, and take it for another event, or read its payload elsewhere. */
  | { kind: 'event'; at: '/type' | '/id' | '/payload' }
  /**
   * Where `at` is empty, one alone gives a replay key. The contract's name, with which a key begins, counts for
   * nothing.
   */
  | { kind: 'replay'; at: '' | '/key' | '/onDuplicate'; only?: Side }
  /**
   * Both refuse it at the signature or the time, so message, event and answer were never compared: look at keys and
   * `now`.
   */
  | { kind: 'unjudged'; a: 'signature' | 'freshness'; b: 'signature' | 'freshness' }
  /**
   * A member of the canonical message, or of the handshake's reply, that one alone has, or that is not the same in
   * both. The order of members counts for nothing.
   */
  | { kind: 'message' | 'answer'; at: string; only?: Side }
  | { kind: 'apiVersion'; a?: string; b?: string };
