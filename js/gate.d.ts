/** Gates: compiled contracts, what they check and what they return. */

import type { CauseId, ContractErrorCode } from './codes.js';
import type { Bundle, Contract, RetryRules } from './contract.js';
import type { Finding } from './finding.js';
import type { PackLimits } from './pack.js';
import type { OneOf, ShippedContract } from './shipped.js';
import type { AcceptVerdict, AnyMessage, Decision, IgnoreVerdict, RejectVerdict, Verdict } from './verdict.js';

/**
 * Loads and starts the WebAssembly module. In browsers, call `await init()` once: the module is fetched, and the
 * synchronous functions (`retryDelay`, `backoff`, `breaker`, `negotiation`, `pkce`) throw a TypeError before it is
 * ready. In other runtimes the module is ready at once and `init` does nothing. `compile`, `loadPack` and
 * `loadRegistry` wait for it themselves.
 */
export function init(): Promise<void>;

/**
 * Compiles a contract. The first call starts the WebAssembly module. `compile<Message>(…)` names the type of the
 * canonical message, for a contract with `shape`: nothing checks that it is right. If the contract's name is a variable
 * as well, write `compile<Message, string>(name)`.
 * @param contract a document, a bundle, or the name of a shipped contract
 * @throws {ContractError} when the contract, a file it names or a key cannot be used
 */
export function compile<Message extends object | undefined = AnyMessage, Name extends string = ShippedContract>(
  contract: Contract | Bundle | OneOf<ShippedContract, Name>,
  options?: CompileOptions,
): Promise<Gate<Message>>;

export interface CompileOptions {
  /** The keys to check signatures with. Each one is tried. @default [] */
  keys?: Key[];
  /**
   * The texts of the schema and policy files that the contract names, by name. @default {}, or the files of a bundle
   */
  files?: Record<string, string>;
  /** `data.params` for the contract's policies. @default {} */
  params?: Record<string, unknown>;
  /**
   * The public `scheme://host` that senders call, if a proxy is in front of the receiver. It also replaces the host of
   * a whole `url`. @default the host of a whole `url`, else the Host header with https
   */
  origin?: string;
  /** Limits for a check. @default see each limit */
  limits?: Limits;
}

/** A key: either a secret or a public key. A string is decoded by the contract's key format. */
export type Key = SecretKey | PublicKey;

/** The shared secret, for contracts that use one. */
export interface SecretKey {
  /** The id that verdicts show. It is not secret. @default "#1", "#2" … by position in the list */
  id?: string;
  secret: string | Uint8Array;
  publicKey?: undefined;
}

/** The sender's public key, for contracts whose sender signs with a private key. */
export interface PublicKey {
  /** The id that verdicts show. It is not secret. @default "#1", "#2" … by position in the list */
  id?: string;
  /** PEM, base64, hex or a JSON Web Key, depending on the contract's key format. */
  publicKey: string | JsonWebKeyLike;
  secret?: undefined;
}

/** A JSON Web Key, like the platform's `JsonWebKey`. */
export interface JsonWebKeyLike {
  kty?: string;
  kid?: string;
  alg?: string;
  use?: string;
  key_ops?: string[];
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;
}

/** Limits for a check. Reaching one is an ordinary finding, `limit-NAME`. */
export interface Limits {
  /** The most findings in one verdict. @default 100 */
  findings?: number;
  /** The most bytes of all header names and values together. @default 65536 */
  headerBytes?: number;
  /** The most header lines. @default 256 */
  headers?: number;
  /** Limits for the contract's policies. @default see each limit */
  policy?: PackLimits;
  /** Limits for one call of `explain`. Reaching one makes the diagnosis `capped`. @default see each limit */
  doctor?: {
    /** The longest body to try repairs on, in bytes. A longer body is only tried as it is. @default 1048576 */
    bodyBytes?: number;
    /** The most MACs to compute. @default 2000 */
    macs?: number;
    /** The most bytes that all those MACs may hash together. @default 67108864 */
    hashedBytes?: number;
  };
  /** The most signatures of one request to try. @default 32 */
  signatures?: number;
  /** The most bytes in the URL or request target. @default 16384 */
  urlBytes?: number;
  /** The most values in a JSON document, with the names of members. @default 4000000 */
  values?: number;
}

/** A compiled contract. Only `compile` makes one. */
export class Gate<Message extends object | undefined = AnyMessage> {
  private constructor();
  /** Weaknesses of the contract itself. */
  readonly lint: readonly Finding[];
  /** The contract's `retry`, for senders: `retryDelay(headers, { ...gate.retry })`. */
  readonly retry: Readonly<RetryRules>;
  /** Facts about the contract that a receiver needs. */
  readonly about: Readonly<About>;
  /**
   * Checks whether a request may pass. Synchronous. Every mistake of the sender is a finding.
   * @throws {TypeError} on misuse: a parsed body, milliseconds instead of seconds, an unknown option
   */
  check(request: RawRequest | RawAnswer, options?: CheckOptions): Verdict<Message>;
  /**
   * Like `check`, and always with the same decision, but without the report: the fast way for a handler, which needs no
   * findings.
   * @throws {TypeError} on misuse, as in `check`
   */
  decide(request: RawRequest | RawAnswer, options?: CheckOptions): Decision<Message>;
  /** Like `check`, but returns the verdict as canonical text: the same bytes in every runtime. */
  checkText(request: RawRequest | RawAnswer, options?: CheckOptions): string;
  /** Like `check`, but also returns measurements for metrics. */
  measure(request: RawRequest | RawAnswer, options?: CheckOptions): Measured<Message>;
  /**
   * The verdict for a copy of an accepted message: the same as from `check` with its replay key in `seen`, but without
   * checking the copy again. `accepted` must be the unchanged verdict of this request.
   */
  duplicate(
    request: RawRequest | RawAnswer,
    accepted: AcceptVerdict<Message>,
    options?: CheckOptions,
  ): IgnoreVerdict | RejectVerdict;
  /**
   * Returns the request with the time, nonce and signature that the contract requires, in headers or in the URL. The
   * first key signs. An HTTP message signature (RFC 9421) gets the label `sig1` and `created`. It gets `keyid` if the
   * key has an id, the body's Content-Digest if that is covered, and an `expires` 300 seconds ahead if the contract
   * requires one.
   * @throws {ContractError} if there is only a public key, or a part to sign is missing from the request
   */
  sign(request: RawRequest, options?: SignOptions): SignedRequest;
  sign(answer: RawAnswer, options?: SignOptions): SignedAnswer;
  sign(message: RawRequest | RawAnswer, options?: SignOptions): SignedRequest | SignedAnswer;
  /**
   * Converts an event to the canonical message of the contract, for the sender to sign. `message` is absent if a
   * finding is an error. Give the method, URL and headers that the message will be sent with. Signature, schema and
   * policy are not checked; `check` does that with the message.
   * @throws {ContractError} if the contract has no `shape`
   */
  shape(event: RawRequest | RawAnswer, options?: ShapeOptions): Shaped<NonNullable<Message>>;
  /** Like `shape`, but returns canonical text: the same bytes in every runtime. Sign the bytes of `message`. */
  shapeText(event: RawRequest | RawAnswer, options?: ShapeOptions): ShapedText;
  /**
   * Explains why the signature does not match, for a person to read. It tries up to 2,000 MACs: do not call it for
   * every request.
   * @throws {ContractError} if one of `otherKeys` is not a key of the contract's kind
   */
  explain(request: RawRequest | RawAnswer, options?: ExplainOptions): Diagnosis;
  /**
   * Returns the signed bytes as the gate computes them, part by part, for a person to read. Returns undefined if there
   * are none: the contract declares no signature, a signed field is missing, or there is no DPoP proof or HTTP message
   * signature to check.
   * @throws {TypeError} on misuse, as in `check`
   */
  signedBytes(request: RawRequest | RawAnswer, options?: SignedBytesOptions): SignedBytes | undefined;
  /** Frees the memory now. Otherwise it is freed when the gate is garbage-collected. */
  free(): void;
  [Symbol.dispose](): void;
}

export interface About {
  /** The contract's name. */
  contract: string;
  kind: 'request' | 'response';
  /** Empty if the contract checks responses. */
  methods: readonly string[];
  /** Absent if any type is allowed. */
  contentTypes?: readonly string[];
  /** The longest body allowed, in bytes. */
  maxBytes: number;
  /** Whether the contract has a replay key, which needs a store. */
  replay: boolean;
  /** Whether authentic messages that were rejected must be kept. */
  deadLetter: boolean;
  /** The `origin` that `compile` was given. */
  origin?: string;
  /** The algorithms of the proofs, if the engine is `dpop`. */
  dpop?: readonly string[];
  /** Whether `sign` adds a nonce. */
  nonce: boolean;
}

export interface Measured<Message extends object | undefined = AnyMessage> {
  verdict: Verdict<Message>;
  /** The age of the signed time in seconds, if the request is fresh. Negative if the time is in the future. */
  skewSeconds?: number;
}

export interface CheckOptions {
  /** The time of the check: a Date or Unix seconds. @default the clock */
  now?: Date | number;
  /** Stop at the first error. Then nothing is parsed before the signature is verified. @default false */
  stopAtFirst?: boolean;
  /** The replay keys that the caller has already seen. @default [] */
  seen?: Iterable<string>;
  /**
   * The thumbprint that the DPoP proof's key must have, which the caller looked up for the access token. Required if
   * the token is `opaque`: otherwise nothing passes. @default any
   */
  jkt?: string;
  /** The nonces that a DPoP proof may contain, if the contract requires one. @default [] */
  nonces?: Iterable<string>;
  /**
   * The length of the whole body in bytes, if it was too long to read and `body` is only a part of it or empty.
   * @default the length of `body`
   */
  bodyBytes?: number;
}

export interface SignOptions {
  /** The time to sign: a Date or Unix seconds. @default the clock */
  now?: Date | number;
  /**
   * The nonce, 16 lower-case hex digits, for contracts that have a field with the format `hex16` or the parameter
   * `nonce` (RFC 9421). @default random
   */
  nonce?: string;
}

export interface ShapeOptions {
  /** The value of the source `now`: a Date or Unix seconds. @default the clock */
  now?: Date | number;
}

export interface ExplainOptions {
  /** The time of the check: a Date or Unix seconds. @default the clock */
  now?: Date | number;
  /**
   * Keys that the sender may have used by mistake, such as those of another environment. No request passes with them.
   * @default []
   */
  otherKeys?: Key[];
  /** Add the signed bytes to every proved cause. They come from the request: do not log them. @default false */
  signed?: boolean;
}

export interface SignedBytesOptions {
  /** The same as in `check`. The signed bytes do not depend on it. @default the clock */
  now?: Date | number;
}

/** A request as it was received, before anything parses it. */
export interface RawRequest extends Message {
  /** In upper case, as sent. */
  method: string;
  /** The URL that the sender called: the whole URL, or only the request target. */
  url: string;
  status?: undefined;
}

/** A response, for contracts with `response`. */
export interface RawAnswer extends Message {
  /** The HTTP status: 100 to 599. */
  status: number;
}

/** The parts that requests and responses have in common. */
export interface Message {
  /** `Headers`, `Map`, a list of pairs, or an object such as Node's `request.headersDistinct`. */
  headers: HeadersLike | Iterable<readonly [string, string]> | Record<string, string | string[] | undefined>;
  /** The raw bytes. A Buffer is a Uint8Array. A DataView is read from its offset. */
  body: Uint8Array | ArrayBuffer | DataView;
}

/** The parts that `Headers` have in common in every runtime. */
export interface HeadersLike {
  [Symbol.iterator](): Iterator<[string, string]>;
}

export interface SignedRequest {
  method: string;
  /** The URL, with the query parameters that the contract adds. */
  url: string;
  headers: [string, string][];
  body: Uint8Array;
}

export interface SignedAnswer {
  status: number;
  headers: [string, string][];
  body: Uint8Array;
}

/** The result of shaping an event. */
export interface Shaped<Message extends object = Record<string, unknown>> {
  schemaVersion: 1;
  /** The canonical message, with its members in the contract's order. */
  message?: Message;
  /** What was dropped (`shape-dropped`), what was cut (`content-truncated`), and what is wrong with the event. */
  findings: Finding[];
}

export interface ShapedText {
  /** The `Shaped` as JSON. */
  shaped: string;
  /** Only its message. */
  message?: string;
}

/** Why a signature does not match. */
export interface Diagnosis {
  schemaVersion: 1;
  /** True if the signature does match the request. If something is wrong, it is something else. */
  holds: boolean;
  /** Proved causes: with the repair, the MAC matches. The smallest edit comes first. */
  causes: Cause[];
  /** Things that look wrong but cannot be proved. */
  suspects: Cause[];
  /**
   * How many MACs and digests were tried. It is 0 for schemes that cannot be diagnosed: public keys, tokens, and the
   * engines dpop and rfc9421.
   */
  tried: number;
  /** True if a limit ended the search. */
  capped: boolean;
}

export interface Cause {
  id: CauseId;
  proved: boolean;
  /** The number of bytes that the repair changes. */
  edits: number;
  at: string;
  message: string;
  /** How to fix it, by framework. */
  mends: Record<Framework, string>;
  /**
   * The bytes as the sender signed them. Present for a proved cause if `signed` is true. Absent if the proof is not a
   * MAC over the bytes, such as for a time in the wrong unit.
   */
  signed?: SignedPart[];
}

/** The bytes that are signed. */
export interface SignedBytes {
  schemaVersion: 1;
  /** More than one if the contract declares several forms of the URL. */
  forms: SignedPart[][];
}

/** One part of the signed bytes. All parts, in order, make up the signed bytes. */
export interface SignedPart {
  /**
   * Where the part comes from, written like a finding's `at`: `header:x-cs-timestamp`, `body`, `method`, `path`,
   * `query`, `url`, `field:t` of the signature's header, or a JSON Pointer. RFC 9421 also has `authority` and `scheme`.
   * `literal` is a text that the scheme adds. `secret` is the key, whose bytes are not shown.
   */
  at: string;
  /** Absent only for `secret`. */
  bytes?: Uint8Array;
}

export type Framework = 'express' | 'fastify' | 'hono' | 'next' | 'flask' | 'rails' | 'go';

/** Proof Key for Code Exchange (RFC 7636), for your own token endpoint. */
export const pkce: {
  /**
   * Checks that the client that presents the code is the one that asked for it: `challenge`, from the authorization
   * request, must be the `S256` form of `verifier` (section 4.6). The comparison takes constant time. A verifier that
   * is not 43 to 128 characters of `A-Z a-z 0-9 - . _ ~` (section 4.1) gives false.
   * @throws {TypeError} on misuse: an argument that is not a string, or another method
   */
  verify(verifier: string, challenge: string, options?: PkceOptions): boolean;
};

export interface PkceOptions {
  /**
   * The `code_challenge_method` of the authorization request. `plain` is refused; a request without the parameter means
   * `plain`. @default "S256"
   */
  method?: 'S256';
}

/** A contract, pack or key that cannot be used. Its author must fix it. */
export class ContractError extends Error {
  readonly name: 'ContractError';
  readonly code: ContractErrorCode;
  /** A JSON Pointer into the contract, `keys/INDEX` for a key, or the name of a file. */
  readonly at?: string;
  readonly help?: string;
  /** The other mistakes that were found with this one: a pack that does not load says them all. */
  readonly also?: ContractError[];
}

/** A bug in countersign: please report it. The next call starts a fresh module, and existing gates keep working. */
export class InternalError extends Error {
  readonly name: 'InternalError';
  readonly code: 'internal';
}
