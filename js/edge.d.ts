/** The guard: pre-validation in front of a handler. `countersign/edge`, and `countersign/edge/slim` without Rego. */

import type { FindingCode, StageName } from './codes.js';
import type { Bundle, Contract, ShippedName } from './contract.js';
import type { Gate, Key, Limits, RawRequest, Verdict } from './gate.js';
import type { ReplayStore } from './stores.js';

export type { ClaimOptions, CompleteOptions, ReleaseOptions, ReplayStore } from './stores.js';

/**
 * Compiles the contracts and gives a guard. Once, when the server starts.
 * @throws {ContractError} when a contract or a key cannot be used
 * @throws {TypeError} when the options contradict each other: a contract with a replay key and no store, a route to no
 * contract
 */
export function createGuard(options: GuardOptions): Promise<Guard>;

export interface GuardOptions {
  /**
   * What requests are held to, by a name of yours: a shipped contract's name (on a runtime with files), a document, a
   * bundle or a gate.
   */
  contracts: Record<string, ShippedName | Contract | Bundle | Gate>;
  /** The keys of each contract, by the same name; a gate has its own. @default {} */
  keys?: Record<string, Key[]>;
  /**
   * Which contract a request is for: a contract's name for all requests, a table of paths (`/hooks/stripe`, or
   * `/hooks/stripe/*` with all below it), or a function of the URL. What has no route is answered 404. Never chosen by
   * what the sender says in a header.
   * @default the one contract there is
   */
  route?: string | Record<string, string> | Route;
  /**
   * Where replay keys are kept, for contracts that have one: `memoryStore()`, `redisStore(client)`,
   * `durableObjectStore(binding)`,
   * `sqlStore(query)`. A key in it begins with the contract's name in `contracts`. Must be there where a contract has a
   * replay key; `null`: every copy is let through, said on purpose.
   */
  store?: ReplayStore | null;
  /**
   * Take a store that is only eventually consistent: duplicates that come close together are handled twice. @default
   * false
   */
  allowEventual?: boolean;
  /**
   * What happens while the store is down: `closed` answers 503, `open` lets the request through as `replay:
   * 'unchecked'`. @default "closed"
   */
  onStoreDown?: 'closed' | 'open';
  /**
   * The public `scheme://host` that senders call, where a proxy stands before the server. It stands for that of
   * `request.url`. A gate has its own. @default that of the request
   */
  origin?: string;
  /** What a request may cost. A gate has its own of `Limits`. @default each limit's own */
  limits?: GuardLimits;
  /** What a DPoP contract is told about the sender of a request. @default nothing */
  proof?: (url: URL, request: unknown) => Proof | Promise<Proof>;
  /** The clock, for tests: a Date, or Unix seconds. @default the clock */
  now?: () => Date | number;
  /**
   * Told of every request, once, before the handler. For logs and metrics; the exact codes are here alone. What it
   * throws is logged and changes nothing. @default nothing
   */
  onVerdict?: (event: VerdictEvent) => void;
  /** Told when a handler is done. @default nothing */
  onSettled?: (event: SettledEvent) => void;
  /** Told when the store fails. @default a line on the console */
  onStoreError?: (event: StoreErrorEvent) => void;
  /**
   * Keeps an authentic message that nobody may handle (a contract with `deadLetter`), and is waited for. When it
   * throws, the sender is answered 503 and sends again. Must be there where a contract has `deadLetter`; `null`: they
   * are lost, said on purpose.
   */
  onDeadLetter?: ((letter: DeadLetter) => void | Promise<void>) | null;
}

/**
 * A contract's name, where one that is not in `contracts` is no route; a gate of your own, with a name of its own (one
 * for each tenant), which keeps its messages apart from those of others; or nothing: 404. `request` is the platform's
 * own. Trust the path alone: the host is what the sender says.
 */
export type Route = (url: URL, request: unknown) => Chosen | Promise<Chosen>;

export type Chosen = string | { name: string; gate: Gate } | undefined | null;

export interface Proof {
  /** The thumbprint that the proof's key must have. Must be given where the access token is `opaque`, or nothing passes. @default any */
  jkt?: string;
  /** The nonces that the proof may carry. @default [] */
  nonces?: Iterable<string>;
}

export interface GuardLimits extends Limits {
  /** How long a handler may take before another copy of the message may be handled. @default 60 */
  leaseSeconds?: number;
  /** How long the store may take. @default 2000 */
  storeMilliseconds?: number;
  /** How long the body may take. @default 30000 */
  bodyMilliseconds?: number;
  /** What `Retry-After` says with 409 and 503. @default 5 */
  retryAfterSeconds?: number;
}

export interface Guard {
  /**
   * May this request reach the handler? Reads the body once. Throws what `route` and `proof` throw, and nothing on what
   * a sender did.
   */
  check(request: Request): Promise<Delivery | Refusal>;
  /**
   * The handler behind the guard: for a Worker's `fetch`, `Deno.serve`, `Bun.serve`. The request that it gets has the
   * body again, and
   * `delivery`. A Worker is asked to go on until the message is settled (`waitUntil` of its context), also where the
   * sender hangs up.
   */
  wrap<Rest extends unknown[]>(
    handler: (request: GuardedRequest, ...rest: Rest) => Response | Promise<Response>,
  ): (request: Request, ...rest: Rest) => Promise<Response>;
  /** As `check`, for servers without Fetch: what the adapters are made of. */
  receive(incoming: Incoming): Promise<Received | Refusal>;
  /** Gives the memory of the contracts back: once the server is closed, for a request that is on its way would fail. */
  free(): void;
}

/** A request that passed. */
export interface GuardedRequest extends Request {
  readonly delivery: Delivery;
}

/** A request that may reach the handler, by `check`. */
export interface Delivery extends Received {
  /** The request with its body again. */
  request: GuardedRequest;
}

/** A request that may reach the handler. */
export interface Received extends Judged {
  ok: true;
  verdict: Verdict;
  /** What it is. */
  event?: Verdict['event'];
  /** The canonical message, where the contract shapes one. */
  message?: Verdict['message'];
  /** The body as it came. */
  bytes: Uint8Array;
  /** The body, parsed: of a contract whose payload is JSON. */
  json(): unknown;
  /**
   * `claimed`: this copy and no other is handled. `unchecked`: the store is down. `none`: the contract has no key, the
   * message no id, or `store` is null.
   */
  replay: 'claimed' | 'unchecked' | 'none';
  /**
   * It was handled: further copies are duplicates. Once; false where the lease was lost or the store failed. `wrap` and
   * the adapters call it.
   */
  ack(status?: number): Promise<boolean>;
  /** It was not handled: the sender's next copy may be. Once, as `ack`. */
  release(status?: number): Promise<boolean>;
  /** `ack` for a status from 200 to 499, but not for 408, 425 and 429, which say to come again; else `release`. */
  settle(status: number): Promise<boolean>;
}

/** A request that may not, or that is answered without the handler: a duplicate, a handshake. */
export interface Refusal extends Judged {
  ok: false;
  /** Absent where no contract was asked: no route, a body that was parsed or did not arrive. */
  verdict?: Verdict;
  /** What to answer with, in parts. */
  answer: Answer;
  /** The same as a Response. */
  readonly response: Response;
}

export interface Judged {
  /** Of this one request: `urn:uuid:…`. In the answer, and in every event. */
  instance: string;
  /** Its name in `contracts`, or the one that the route gave. Absent: no route. */
  contract?: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A request of a server without Fetch. */
export interface Incoming extends Omit<RawRequest, 'body'> {
  /** The platform's own request, for `route` and `proof`. */
  request?: unknown;
  /**
   * Reads the body: all of it, or as much as is longer than `maxBytes`. Throws a BodyParsedError where somebody else
   * has read it.
   * `declared` is what Content-Length says, in bytes, where it is there and can be read.
   */
  read(maxBytes: number, declared?: number): Uint8Array | Promise<Uint8Array>;
}

/**
 * A body that a framework has parsed, whose bytes are lost: answered 500, with the mend. A mistake of the server's
 * author.
 */
export class BodyParsedError extends Error {
  constructor(mend: string);
  readonly name: 'BodyParsedError';
}

/**
 * One request, after its verdict. All but `instance`, `verdict` and the numbers are from closed lists: safe as labels.
 */
export interface VerdictEvent {
  instance: string;
  /** Its name in `contracts`, or the one that the route gave; `none` where there is no route. */
  contract: string;
  outcome: Outcome;
  /** The first stage that failed; `none`. */
  stage: StageName | 'none';
  /** The first error's code, such as `signature-mismatch`; `none`. Policies name codes of their own: `policy-…`. */
  code: FindingCode | 'none';
  /** What the sender is answered; absent where the handler answers. */
  status?: number;
  /** As the contract names it. */
  apiVersion?: string;
  /** From its arrival to the verdict, body and store included. workerd's clock stands still while it computes. */
  milliseconds: number;
  /** How far the signed time is from now, where the contract has one and it could be read: positive for the past. */
  skewSeconds?: number;
  /** Of the body; of one that is too long, a number above the contract's limit. */
  bodyBytes: number;
  /** The whole of it; absent where no contract was asked. On accept it holds the message: mind what you log. */
  verdict?: Verdict;
}

/**
 * `accept` reaches the handler · `answer` is a handshake · `reject` · `ignore` a duplicate · `busy` a copy that is
 * being handled ·
 * `unrouted` · `store-down` · `dead-letter-failed` it could not be kept · `body-parsed` · `aborted` the body did not
 * arrive.
 */
export type Outcome =
  | 'accept'
  | 'answer'
  | 'reject'
  | 'ignore'
  | 'busy'
  | 'unrouted'
  | 'store-down'
  | 'dead-letter-failed'
  | 'body-parsed'
  | 'aborted';

/** One delivery, after its handler. */
export interface SettledEvent {
  instance: string;
  contract: string;
  /**
   * `completed`: never again. `released`: the next copy is handled. `lost`: the lease had ended and another copy was
   * claimed. `failed`: the store failed.
   */
  result: 'completed' | 'released' | 'lost' | 'failed';
  /** Of the handler's answer; absent where it threw, or where `ack` was called without one. */
  status?: number;
  /** From the verdict to the end. */
  milliseconds: number;
}

export interface StoreErrorEvent {
  instance: string;
  contract: string;
  operation: 'claim' | 'complete' | 'release';
  /** What the store threw, or a timeout. */
  error: unknown;
}

export interface DeadLetter {
  instance: string;
  contract: string;
  /** Its `deadLetter` says why. */
  verdict: Verdict;
  /** The body as it came: yours to keep. */
  bytes: Uint8Array;
  method: string;
  url: string;
  headers: [string, string][];
}
