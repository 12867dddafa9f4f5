import type { Message } from './gate.js';

/**
 * How long an answer asks to wait: by Retry-After (seconds or any HTTP date, RFC 9110), else by X-RateLimit-Reset, else
 * the default. Whatever the headers hold, the wait is within its bounds and fits a timer.
 * @throws {TypeError} on misuse alone: an unknown option, milliseconds for seconds, a bound that no timer takes
 */
export function retryDelay(headers: Message['headers'], options?: DelayOptions): Delay;

export interface DelayOptions {
  /** The time to count from: a Date, or Unix seconds. @default the clock */
  now?: Date | number;
  /** Whom the request was for, by the names in `quotas`. @default {} */
  context?: { tenant_id?: string; bot_id?: string };
  /**
   * The longest waits by tenant and by bot, whose own counts where both have one. They shorten `maxSeconds`. @default
   * {}
   */
  quotas?: { tenants?: Record<string, Quota>; bots?: Record<string, Quota> };
  /**
   * What `Retry-After: 0` means: send at once, or never again, where the receiver's contract says so. @default "now"
   */
  retryAfterZero?: 'now' | 'stop';
  /** The longest wait, up to 2,147,483. @default 3600 */
  maxSeconds?: number;
  /** The wait where no header says one. @default 60 */
  defaultSeconds?: number;
}

export interface Quota {
  /** The longest wait. */
  maxSeconds: number;
}

export interface Delay {
  /** From now on: never negative, and never more than a timer takes. 0 is at once. */
  milliseconds: number;
  /** What decided it. */
  reason: DelayReason;
  /** Whether to send again at all. */
  retry: boolean;
  /** What cut it, where it would have been longer. */
  bounded?: 'maximum' | 'quota';
}

/**
 * A closed list. `…-huge`, `-malformed` and `-zero` of X-RateLimit-Reset, `retry-after-malformed` and
 * `missing-reset-header` are the default.
 */
export type DelayReason =
  | 'backoff'
  | 'missing-reset-header'
  | 'rate-limit-reset'
  | 'rate-limit-reset-delta'
  | 'rate-limit-reset-huge'
  | 'rate-limit-reset-malformed'
  | 'rate-limit-reset-milliseconds'
  | 'rate-limit-reset-past'
  | 'rate-limit-reset-zero'
  | 'retry-after-date'
  | 'retry-after-huge'
  | 'retry-after-malformed'
  | 'retry-after-past'
  | 'retry-after-seconds'
  | 'retry-after-zero';

/**
 * How long to wait on one's own: exponential with equal jitter, between half of `baseMilliseconds * 2 ** attempt` and
 * the whole.
 * `attempt` is 0 after the first failure.
 */
export function backoff(attempt: number, options: BackoffOptions): Delay;

export interface BackoffOptions {
  /** Decides the jitter: what differs from sender to sender, such as the delivery's id. 7 is "7". */
  seed: string | number;
  /** The longest wait of attempt 0. @default 500 */
  baseMilliseconds?: number;
  /** The longest wait of all attempts, up to 2,147,483,647. @default 60000 */
  maxMilliseconds?: number;
}

/**
 * A circuit breaker. Without an answer it is asked whether a request may go; with one it is told what came back. It
 * gives the next state, which is the caller's to keep.
 * @throws {TypeError} on misuse, and on a state that it never gave
 */
export function breaker(state: Breaker | null | undefined, answer?: Answer, options?: BreakerOptions): Breaker;

export interface BreakerOptions {
  /** A Date, or Unix seconds. @default the clock */
  now?: Date | number;
}

/** What came back: a `Response`, or its parts. */
export interface Answer {
  /** 429, 500 to 599, and 0 where no answer came (as `Response.error()`), are failures. */
  status: number;
  /** @default none */
  headers?: Message['headers'];
}

/** Plain JSON. */
export interface Breaker {
  state: 'closed' | 'open' | 'half-open';
  /** May the next request go? While half-open only the one that asked may: the probe. */
  allow: boolean;
  /** One after the other, up to now. Five open it. */
  failures: number;
  /** When the next probe may go, in Unix seconds, unless it is closed. */
  probeAt?: number;
  /** What opened it: a 429 whose headers say no wait, or failures. */
  reason?: 'missing-reset-header' | 'too-many-failures';
}

/** What a 406 or 415 says, with the labels of a counter; `null` for every other status. */
export function negotiation(response: Answer): NegotiationFailure | null;

export interface NegotiationFailure {
  /** 406: nothing the server has is what Accept named. 415: it does not take the request's format. */
  reason: 'accept_header_mismatch' | 'content_type_mismatch';
  labels: { reason: 'accept_header_mismatch' | 'content_type_mismatch'; status_code: '406' | '415' };
  /** The counter's name. */
  metric: 'api_version_negotiation_failures_total';
}
