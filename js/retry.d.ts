import type { Message } from './gate.js';

/**
 * Computes how long to wait after a response: from Retry-After (seconds or any HTTP date, RFC 9110), else from
 * X-RateLimit-Reset, else the default. Whatever the headers contain, the wait is within the bounds and fits a timer.
 * @throws {TypeError} on misuse: an unknown option, milliseconds instead of seconds, a bound that is too long for a
 * timer
 */
export function retryDelay(headers: Message['headers'], options?: DelayOptions): Delay;

export interface DelayOptions {
  /** The time to count from: a Date or Unix seconds. @default the clock */
  now?: Date | number;
  /** The tenant and the bot that the request was for. Their ids are the names in `quotas`. @default {} */
  context?: Context;
  /**
   * The longest waits per tenant and per bot. They can only shorten `maxSeconds`. If both have one, the bot's is used.
   * @default {}
   */
  quotas?: Quotas;
  /**
   * What `Retry-After: 0` means, and a number below 0. With `stop`, never send again: some receivers' contracts say so.
   * With `now`, 0 is at once, and a number below 0 counts as malformed. @default "now"
   */
  retryAfterZero?: 'now' | 'stop';
  /** The longest wait in seconds, up to 2,147,483. @default 3600 */
  maxSeconds?: number;
  /** The wait in seconds if no header gives one. @default 60 */
  defaultSeconds?: number;
}

/** Whom a request is for. */
export interface Context {
  tenant_id?: string;
  bot_id?: string;
}

export interface Quotas {
  tenants?: Record<string, Quota>;
  bots?: Record<string, Quota>;
}

export interface Quota {
  /** The longest wait, in seconds. */
  maxSeconds: number;
}

export interface Delay {
  /** How long to wait from now. Never negative and never too long for a timer. 0 means at once. */
  milliseconds: number;
  /** What decided the wait. */
  reason: DelayReason;
  /** Whether to send the request again at all. */
  retry: boolean;
  /** What shortened the wait. Absent if nothing did. */
  bounded?: 'maximum' | 'quota';
}

/**
 * Why a wait is what it is; the list is complete. The wait is the default one for `rate-limit-reset-huge`, `-malformed`
 * and `-zero`, `retry-after-malformed`, `retry-after-negative` and `missing-reset-header`.
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
  | 'retry-after-negative'
  | 'retry-after-past'
  | 'retry-after-seconds'
  | 'retry-after-zero';

/**
 * Computes how long to wait without help from a response: exponential backoff with equal jitter, between half of
 * `baseMilliseconds * 2 ** attempt` and all of it. `attempt` is 0 after the first failure.
 */
export function backoff(attempt: number, options: BackoffOptions): Delay;

export interface BackoffOptions {
  /**
   * Decides the jitter. Use something that differs between senders, such as the id of the delivery. 7 is the same as
   * "7".
   */
  seed: string | number;
  /** The longest wait for attempt 0. @default 500 */
  baseMilliseconds?: number;
  /** The longest wait for any attempt, up to 2,147,483,647. @default 60000 */
  maxMilliseconds?: number;
}

/**
 * A circuit breaker. Call it without an answer to ask whether a request may be sent, and with the response to record
 * it. It returns the next state, which the caller keeps.
 * @throws {TypeError} on misuse, and for a state that it did not return
 */
export function breaker(state: Breaker | null | undefined, answer?: Answer, options?: BreakerOptions): Breaker;

export interface BreakerOptions {
  /** The time: a Date or Unix seconds. @default the clock */
  now?: Date | number;
}

/** A `Response`, or its parts. */
export interface Answer {
  /**
   * The HTTP status, or 0 if no response came (as in `Response.error()`). 0 and 500 to 599 are failures. So is 429,
   * unless its headers say how long to wait.
   */
  status: number;
  /** @default none */
  headers?: Message['headers'];
}

/** The state of a circuit breaker, as plain JSON. */
export interface Breaker {
  state: 'closed' | 'open' | 'half-open';
  /** Whether the request may be sent. While half-open, only the request that asked may be sent: the probe. */
  allow: boolean;
  /** How many failures in a row there were. Five open the breaker. */
  failures: number;
  /** When the next probe may be sent, in Unix seconds. Absent if the breaker is closed. */
  probeAt?: number;
  /** What opened the breaker: a 429 with neither Retry-After nor X-RateLimit-Reset, or too many failures. */
  reason?: 'missing-reset-header' | 'too-many-failures';
}

/**
 * A limiter of your own, for when the server does not say when to come back: a sliding window. Asks whether a request
 * may be sent, and counts it if it may. It returns the next state, which the caller keeps. In no stretch of
 * `windowSeconds` are more than `limit` requests allowed.
 * @throws {TypeError} on misuse, and for a state that it did not return
 */
export function limiter(state: Limiter | null | undefined, options: LimiterOptions): Limiter;

export interface LimiterOptions {
  /** The time: a Date or Unix seconds. @default the clock */
  now?: Date | number;
  /** How many requests may be sent in any window, at least 1. */
  limit: number;
  /** The length of the window, in seconds, from 1 to 86,400. */
  windowSeconds: number;
}

/** The state of a limiter, as plain JSON. It has at most 61 slices. */
export interface Limiter {
  /** Whether the request may be sent. If so, it is counted. */
  allow: boolean;
  /** How long to wait before asking again. 0 if the request may be sent. */
  waitMilliseconds: number;
  /** What was sent in the window, oldest first: when each slice began, in Unix seconds, and how many. */
  sent: { at: number; count: number }[];
}

/** Returns the reason and the labels for a counter for a 406 or 415, and `null` for every other status. */
export function negotiation(response: Answer): NegotiationFailure | null;

export interface NegotiationFailure {
  /** 406: the server has nothing that matches Accept. 415: it does not support the format of the request. */
  reason: 'accept_header_mismatch' | 'content_type_mismatch';
  labels: { reason: 'accept_header_mismatch' | 'content_type_mismatch'; status_code: '406' | '415' };
  /** The counter's name. */
  metric: 'api_version_negotiation_failures_total';
}
