/**
 * The client: a fetch that sends again, breaks and counts; deliveries of webhooks; DPoP proofs and PKCE challenges.
 * `countersign/client`, or `countersign/client/slim` without Rego.
 */

import type { Context, Delay, DelayReason, Quotas } from './retry.js';
import type { Registry, Settlement } from './registry.js';

/**
 * Makes a client. Keep one for all calls: it remembers which receivers fail.
 * @throws {TypeError} on misuse: an unknown option, a number out of range
 */
export function createClient(options?: ClientOptions): Client;

export interface ClientOptions {
  /** Sends a request. @default the platform's fetch */
  fetch?: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Waits; rejects if the signal is aborted. For tests. @default setTimeout */
  sleep?: (milliseconds: number, options: { signal?: AbortSignal | null }) => Promise<void>;
  /** The time, for tests: a Date or Unix seconds. @default the clock */
  now?: () => Date | number;
  /**
   * How often a request may be sent again, from 0 to 100. The failures of one call count once for the circuit, so they
   * do not open it. @default 5
   */
  retries?: number;
  /** What a call may take in all, waits included, in milliseconds. A wait that is longer is not begun. @default 120000 */
  totalMilliseconds?: number;
  /** What one attempt may take until the head of its answer is there, in milliseconds. @default 30000 */
  attemptMilliseconds?: number;
  /** The longest waits per tenant and per bot, as in `retryDelay`. @default {} */
  quotas?: Quotas;
  /** What `Retry-After: 0` and a negative one mean, as in `retryDelay`. @default "now", in a delivery the contract's */
  retryAfterZero?: 'now' | 'stop';
  /** The longest wait that a receiver may ask for, in seconds. @default 3600, in a delivery the contract's */
  maxSeconds?: number;
  /** The ceiling of backoff after the first failure, in milliseconds. @default 500 */
  baseMilliseconds?: number;
  /** The longest wait by backoff, in milliseconds. @default 60000 */
  maxMilliseconds?: number;
  /**
   * How many requests go to a receiver that answered 429 and named no reset time, in which time, until a probe shows
   * that it is well again. `null`: none but the probes. @default { requests: 10, windowSeconds: 60 }
   */
  limit?: { requests?: number; windowSeconds?: number } | null;
  /** Called after each attempt. If it throws, the error is logged and nothing else changes. @default nothing */
  onAttempt?: (event: AttemptEvent) => void;
}

export interface Client {
  /**
   * Like fetch. Sends again what failed if that cannot do harm; the last answer is returned as it came, whatever its
   * status. If no answer came, throws what fetch threw.
   * @throws {CircuitOpenError} if nothing was sent, or nothing more, because the receiver is not asked for now
   */
  fetch(input: string | URL | Request, init?: ClientRequestInit): Promise<Response>;
  /**
   * Sends a message to a hook of a registry, signed by the hook's contract, until the registry says that it has
   * arrived, that sending it again would not help, or the client's bounds are reached. Then `action` is `retry`, and
   * `delay` says when. It never throws for what a receiver answered, nor for no answer.
   * @throws {CircuitOpenError} if nothing was sent because the receiver is not asked for now
   * @throws {ContractError} if the hook's key cannot sign, or a part to sign is missing from the message
   * @throws {TypeError} on misuse, such as the id of no hook or of a disabled one
   */
  deliver(
    registry: Registry<object | undefined>,
    id: string,
    message: Record<string, unknown> | readonly unknown[] | string | Uint8Array,
    options?: DeliveryOptions,
  ): Promise<DeliveryResult>;
}

/** What fetch takes, and what the client takes beside. */
export interface ClientRequestInit extends RequestInit {
  /** The tenant and the bot that the request is for: they choose the quota. @default {} */
  context?: Context;
  /** Binds each attempt to a key by a proof of its own (RFC 9449). Redirects are then not followed. @default none */
  dpop?: {
    key: DpopKey;
    /** The access token, or a function that gives the current one. Without it: a request for a token. */
    token?: string | (() => string | Promise<string>);
  };
  /**
   * Whether handling the request twice does no harm. If not, it is sent again only after an answer that says that it
   * was not handled: 408, 425, 429. @default true for GET, HEAD, OPTIONS, TRACE, PUT and DELETE
   */
  idempotent?: boolean;
  /** The name of the circuit. @default the origin of the URL */
  receiver?: string;
}

export interface DeliveryOptions {
  /** The tenant and the bot that the message is for. @default {} */
  context?: Context;
  /** How many signatures in a row were refused before: `disable.failures` of the hook's last delivery. @default 0 */
  failures?: number;
  /** More headers, such as the event's type. They may be signed. @default the content type */
  headers?: HeadersInit;
  /** Whether a receipt is needed, if the hook does not say. @default the message's `needCallback` */
  receipt?: boolean;
  /** The name of the circuit. @default the origin of the hook's address */
  receiver?: string;
  /** Ends the delivery. @default none */
  signal?: AbortSignal | null;
}

/** What became of a delivery: the settlement of the last answer. */
export interface DeliveryResult extends Settlement {
  /** The status of the last answer; 0 if none came. */
  status: number;
  /** How often it was sent. */
  attempts: number;
}

/** One request that was sent, after its answer. */
export interface AttemptEvent {
  /** The name of the circuit: the origin, unless the call named another. */
  receiver: string;
  method: string;
  context: Context;
  /** 0 for the first. */
  attempt: number;
  /** The status of the answer; 0 if none came. */
  status: number;
  /** From the request to the head of its answer. */
  milliseconds: number;
  /** What decides when to send again. Absent if the answer was no failure. */
  reason?: DelayReason;
  /** The wait before the next attempt; if the circuit is open, at least until the next probe. Absent if there is none. */
  waitMilliseconds?: Delay['milliseconds'];
  /** What opened the circuit, if this answer did. */
  opened?: 'missing-reset-header' | 'too-many-failures';
}

/** Nothing was sent, or nothing more, because the receiver is not asked for now. */
export class CircuitOpenError extends Error {
  private constructor();
  readonly name: 'CircuitOpenError';
  readonly receiver: string;
  /** What opened the circuit; `window-full` if the client's own limit leaves no room in time. */
  readonly reason: 'missing-reset-header' | 'too-many-failures' | 'window-full';
  /** When a call has a chance again. */
  readonly waitMilliseconds: number;
  /** The status of the answer before, if the call had one. */
  readonly status?: number;
}

/**
 * Makes a key for DPoP proofs: ECDSA over P-256, made by WebCrypto. The private key cannot be read, and ends with the
 * process.
 */
export function createDpopKey(options?: DpopKeyOptions): Promise<DpopKey>;

export interface DpopKeyOptions {
  /** A key of your own, such as one from IndexedDB. @default a new one */
  keyPair?: CryptoKeyPair;
  /** Whether the new private key can be read. @default false */
  extractable?: boolean;
}

/** A key for proofs. Only `createDpopKey` makes one. */
export interface DpopKey {
  /** The public key, as a JSON Web Key. */
  readonly jwk: Readonly<{ kty: 'EC'; crv: 'P-256'; x: string; y: string }>;
  /** Its thumbprint (RFC 7638): `cnf.jkt` of the tokens that are bound to it. */
  readonly jkt: string;
  /** Makes a proof for one request. `client.fetch` does so itself. */
  proof(options: ProofOptions): Promise<string>;
}

export interface ProofOptions {
  method: string;
  /** The whole URL; query and fragment do not count. */
  url: string | URL;
  /** The access token, which `ath` binds the proof to. @default none */
  token?: string;
  /** The nonce that the server gave. @default none */
  nonce?: string;
  /** `iat`: a Date or Unix seconds. @default the clock */
  now?: Date | number;
}

/** Makes a verifier and its S256 challenge for an authorization request (RFC 7636). */
export function pkceChallenge(): Promise<PkceChallenge>;

export interface PkceChallenge {
  /** `code_verifier` of the token request: 43 characters. Keep it until then. */
  verifier: string;
  /** `code_challenge` of the authorization request. */
  challenge: string;
  /** `code_challenge_method`. */
  method: 'S256';
}
