/**
 * The guard: checks requests before your handler. `countersign/edge`, or `countersign/edge/slim`, which only checks:
 * without Rego, registries, `\p{…}` in patterns, and of a gate `explain`, `lint`, `shape`, `sign` and `signedBytes`.
 */

import type { FindingCode, StageName } from './codes.js';
import type { Bundle, Contract } from './contract.js';
import type { Gate, Key, Limits, RawRequest } from './gate.js';
import type { HookReceipt, HookRegistry, RegistryOptions } from './registry.js';
import type { ShippedContract } from './shipped.js';
import type { ReplayStore } from './stores.js';
import type { AcceptVerdict, AnyMessage, DeadLetterReport, RejectVerdict, RoutedEvent, Verdict } from './verdict.js';

/** For gates of your own. From `countersign` or `countersign/slim` it would bring a second module. */
export { compile } from './gate.js';
export type { ClaimOptions, CompleteOptions, ReleaseOptions, ReplayStore } from './stores.js';

/**
 * Compiles the contracts and returns a guard. Call it once, when the server starts. The type of the messages that the
 * handler gets comes from the gates in `contracts`. `createGuard<Message>(…)` names it if there are none, or if a
 * `route` function returns gates of its own.
 * @throws {ContractError} if a contract or a key cannot be used
 * @throws {TypeError} if the options contradict each other, such as a contract with a replay key but no store, or a
 * route to a contract that does not exist
 */
export function createGuard<Contracts extends GuardContracts>(
  options: GuardOptions<Contracts>,
): Promise<Guard<MessageOf<Contracts[keyof Contracts]>>>;
export function createGuard<Message extends object | undefined = AnyMessage>(
  options: GuardOptions | RegistryGuardOptions,
): Promise<Guard<Message>>;

/**
 * Contracts by names that you choose. Each is the name of a shipped contract (in runtimes with a file system), a
 * document, a bundle or a gate.
 */
export type GuardContracts = Record<
  string,
  ShippedContract | (string & {}) | Contract | Bundle | Gate<object | undefined>
>;

/** The message of a gate. Of other contracts it is not known. */
type MessageOf<Given> = Given extends Gate<infer Message> ? Message : AnyMessage;

export interface GuardOptions<Contracts extends GuardContracts = GuardContracts> extends CommonOptions {
  contracts: Contracts;
  /** The keys of each contract, by the same names. A gate has its own. @default {} */
  keys?: Record<string, Key[]>;
  /**
   * `data.params` for the policies of each contract, by the same names: `{ envelope: { receiver: 'Barret Lee' } }`. A
   * gate has its own. @default {}
   */
  params?: Record<string, Record<string, unknown>>;
  /**
   * Which contract a request is for: the name of one contract for all requests, a table of paths (`/hooks/stripe`, or
   * `/hooks/stripe/*` to include everything below it), or a function of the URL. A request without a route gets 404. Do
   * not choose by a header: the sender controls it. @default the contract, if there is only one
   */
  route?: string | Record<string, string> | Route;
}

export interface RegistryGuardOptions extends CommonOptions {
  /**
   * The hooks, `hooks.json`. A request is for the hook at its host and path. Where events and deliveries name a
   * contract, it is the hook's id. A proxy in front of the server must keep the Host header, or give `origin`.
   */
  registry: HookRegistry;
  /** The contracts that hooks name and that are not shipped. @default {} */
  contracts?: RegistryOptions['contracts'];
  /** The keys of every enabled hook, by the hook's id. @default {} */
  keys?: Record<string, Key[]>;
  /**
   * Called when so many signatures in a row were refused that the hook should be disabled, once for each time. Anyone
   * can send rubbish to a receiver: take it as a reason to look. The guard counts for itself, from its start. @default
   * nothing
   */
  onDisable?: (event: DisableEvent) => void;
}

/** A hook that should be disabled. */
export interface DisableEvent {
  instance: string;
  /** The hook's id. */
  hook: string;
  /** How many signatures in a row were refused. */
  failures: number;
  reason: string;
}

interface CommonOptions {
  /**
   * Where replay keys are stored: `memoryStore()`, `redisStore(client)`, `durableObjectStore(binding)` or
   * `sqlStore(query)`. Keys in it start with the contract's name in `contracts`. Required if a contract has a replay
   * key. `null` lets every copy through on purpose.
   */
  store?: ReplayStore | null;
  /**
   * Accept a store that is only eventually consistent. Duplicates that arrive close together are then handled twice.
   * @default false
   */
  allowEventual?: boolean;
  /**
   * What happens while the store is down: `closed` replies 503, `open` lets the request through with `replay:
   * 'unchecked'`. @default "closed"
   */
  onStoreDown?: 'closed' | 'open';
  /**
   * The public `scheme://host` that senders call, if a proxy is in front of the server. It replaces the one in
   * `request.url`. A gate has its own. @default the request's
   */
  origin?: string;
  /** Limits for a request. A gate has its own `Limits`. @default see each limit */
  limits?: GuardLimits;
  /** Returns what a DPoP contract needs to know about the sender of a request. @default nothing */
  proof?: (url: URL, request: unknown) => Proof | Promise<Proof>;
  /** The time, for tests: a Date or Unix seconds. @default the clock */
  now?: () => Date | number;
  /**
   * Called once for every request, before the handler. Use it for logs and metrics: only here are the exact codes
   * available. If it throws, the error is logged and nothing else changes. @default nothing
   */
  onVerdict?: (event: VerdictEvent) => void;
  /** Called when a handler is done. @default nothing */
  onSettled?: (event: SettledEvent) => void;
  /** Called when the store fails. @default logs a line to the console */
  onStoreError?: (event: StoreErrorEvent) => void;
  /**
   * Stores an authentic message that was rejected, for contracts with `deadLetter`. The guard awaits it; if it throws,
   * the reply is 503 and the sender sends again. Required if a contract has `deadLetter`. `null` drops these messages
   * on purpose.
   */
  onDeadLetter?: ((letter: DeadLetter) => void | Promise<void>) | null;
}

/**
 * Returns the name of a contract; a gate of your own (such as one per tenant) with a name that keeps its messages apart
 * from others; or nothing, for a 404. A name that is not in `contracts` also gives 404. `request` is the platform's own
 * request. Trust only the path: the sender controls the host.
 */
export type Route = (url: URL, request: unknown) => Chosen | Promise<Chosen>;

export type Chosen = string | { name: string; gate: Gate<object | undefined> } | undefined | null;

export interface Proof {
  /**
   * The thumbprint that the proof's key must have. Required if the access token is `opaque`: otherwise nothing passes.
   * @default any
   */
  jkt?: string;
  /** The nonces that the proof may contain. @default [] */
  nonces?: Iterable<string>;
}

export interface GuardLimits extends Limits {
  /** How many seconds a handler may take. After that, another copy of the message may be handled. @default 60 */
  leaseSeconds?: number;
  /** How many milliseconds the store may take. @default 2000 */
  storeMilliseconds?: number;
  /** How many milliseconds the body may take to arrive. @default 30000 */
  bodyMilliseconds?: number;
  /** The `Retry-After` of 409 and 503 replies, in seconds. @default 5 */
  retryAfterSeconds?: number;
}

export interface Guard<Message extends object | undefined = AnyMessage> {
  /**
   * Checks whether a request may reach the handler. Reads the body once. It throws only what `route` and `proof` throw,
   * never because of what a sender did.
   */
  check(request: Request): Promise<Delivery<Message> | Refusal<Message>>;
  /**
   * Wraps a handler with the guard, for a Worker's `fetch`, `Deno.serve` or `Bun.serve`. The handler gets the request
   * with `delivery` added; its body can be read once more, and it can be sent on. A
   * Worker is kept running until the message is settled (with `waitUntil` of its context), even if the sender hangs up.
   */
  wrap<Rest extends unknown[]>(
    handler: (request: GuardedRequest<Message>, ...rest: Rest) => Response | Promise<Response>,
  ): (request: Request, ...rest: Rest) => Promise<Response>;
  /** Like `check`, for servers without Fetch. The adapters use it. */
  receive(incoming: Incoming): Promise<Received<Message> | Refusal<Message>>;
  /** Frees the memory of the contracts. Call it after the server is closed: requests still in progress would fail. */
  free(): void;
}

/** A request that passed, as the handler gets it. */
export interface GuardedRequest<Message extends object | undefined = AnyMessage> extends Request {
  readonly delivery: Delivery<Message>;
}

/** A request that may reach the handler, from `check`. */
export interface Delivery<Message extends object | undefined = AnyMessage> extends Received<Message> {
  /** The request once more, with a body of its own: made when you ask for it. */
  readonly request: GuardedRequest<Message>;
}

/** A request that may reach the handler. */
export interface Received<Message extends object | undefined = AnyMessage> extends Judged {
  ok: true;
  verdict: AcceptVerdict<Message>;
  /** The event's type, id and so on. */
  event?: RoutedEvent;
  /** The canonical message. Undefined if the contract has no `shape`. */
  message: Message;
  /** The body as it was received. */
  bytes: Uint8Array;
  /** Returns the parsed body, if the contract's payload is JSON. */
  json(): unknown;
  /**
   * `claimed`: only this copy is handled. `unchecked`: the store is down. `none`: the contract has no replay key, the
   * message has no id, or `store` is null.
   */
  replay: 'claimed' | 'unchecked' | 'none';
  /**
   * The receipt that the sender needs, if a hook of a registry gives one. `wrap` and the adapters send it if the
   * handler's answer is 2xx without a body; otherwise send it yourself.
   */
  receipt?: HookReceipt;
  /**
   * Records that the message was handled: further copies are duplicates. Call it once. Returns false if the lease was
   * lost or the store failed. `wrap` and the adapters call it for you.
   */
  ack(status?: number): Promise<boolean>;
  /** Records that the message was not handled: the sender's next copy can be. Call it once, like `ack`. */
  release(status?: number): Promise<boolean>;
  /**
   * Calls `ack` for a status from 200 to 499, except 408, 425 and 429, which ask the sender to try again; else
   * `release`.
   */
  settle(status: number): Promise<boolean>;
}

/** A request that may not reach the handler, or that is answered without it: a duplicate or a handshake. */
export interface Refusal<Message extends object | undefined = AnyMessage> extends Judged {
  ok: false;
  /** Absent if no contract was checked: no route, or a body that was already parsed or did not arrive. */
  verdict?: Verdict<Message>;
  /** The reply, in parts. */
  answer: Answer;
  /** The reply as a Response. */
  readonly response: Response;
}

export interface Judged {
  /** The id of this request, `urn:uuid:…`. It is in the reply and in every event. */
  instance: string;
  /** The contract's name in `contracts`, or the name that the route returned. Absent if there is no route. */
  contract?: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A request from a server without Fetch. */
export interface Incoming extends Omit<RawRequest, 'body'> {
  /** The platform's own request, for `route` and `proof`. */
  request?: unknown;
  /**
   * Reads the body: all of it, or enough to exceed `maxBytes`. Throws a BodyParsedError if something else has already
   * read it. `declared` is the Content-Length in bytes, if there is a valid one.
   */
  read(maxBytes: number, declared?: number): Uint8Array | Promise<Uint8Array>;
}

/**
 * A framework has already parsed the body, so its bytes are lost. The reply is 500, and the error says how to fix it.
 * It is a mistake in the server.
 */
export class BodyParsedError extends Error {
  constructor(fix: string);
  readonly name: 'BodyParsedError';
}

/**
 * One request, after its verdict. All members except `instance`, `verdict` and the numbers have values from fixed
 * lists, so they are safe as labels.
 */
export interface VerdictEvent {
  instance: string;
  /** The contract's name in `contracts`, or the name that the route returned; `none` if there is no route. */
  contract: string;
  outcome: Outcome;
  /** The first stage that failed, or `none`. */
  stage: StageName | 'none';
  /** The first error's code, such as `signature-mismatch`, or `none`. Policies have codes of their own: `policy-…`. */
  code: FindingCode | 'none';
  /** The status of the reply. Absent if the handler replies. */
  status?: number;
  /** The API version, as the contract names it. */
  apiVersion?: string;
  /**
   * The time from the request's arrival to the verdict, including the body and the store. In workerd the clock does not
   * advance during computation.
   */
  milliseconds: number;
  /**
   * The age of the signed time in seconds, if the contract has one and it could be read. Negative if it is in the
   * future.
   */
  skewSeconds?: number;
  /** The size of the body. If it is too long, some number above the contract's limit. */
  bodyBytes: number;
  /**
   * The whole verdict. Absent if no contract was checked. On accept it contains the message: be careful what you log.
   */
  verdict?: Verdict;
}

/**
 * What happened to a request. `accept`: it reaches the handler. `answer`: a handshake. `reject`: rejected. `ignore`: a
 * duplicate. `busy`: another copy is being handled. `unrouted`: no route. `store-down`: the store failed.
 * `dead-letter`: rejected, and `onDeadLetter` stored it. `dead-letter-failed`: it could not be stored. `body-parsed`:
 * something had already read the body. `aborted`: the body did not arrive.
 */
export type Outcome =
  | 'accept'
  | 'answer'
  | 'reject'
  | 'ignore'
  | 'busy'
  | 'unrouted'
  | 'store-down'
  | 'dead-letter'
  | 'dead-letter-failed'
  | 'body-parsed'
  | 'aborted';

/** One delivery, after its handler. */
export interface SettledEvent {
  instance: string;
  contract: string;
  /**
   * `completed`: further copies are duplicates. `released`: the next copy is handled. `lost`: the lease ended and
   * another copy was claimed. `failed`: the store failed.
   */
  result: 'completed' | 'released' | 'lost' | 'failed';
  /** The status of the handler's reply. Absent if the handler threw, or if `ack` was called without a status. */
  status?: number;
  /** The time from the verdict to the end of the handler. */
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
  /** `verdict.deadLetter` says why it was rejected. */
  verdict: RejectVerdict & { deadLetter: DeadLetterReport };
  /** The body as it was received. You may keep it. */
  bytes: Uint8Array;
  method: string;
  url: string;
  headers: [string, string][];
}
