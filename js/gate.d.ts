/** Gates: a contract compiled, what it judges, and what it says. */

import type { CauseId, ContractErrorCode, FindingCode, Severity, StageName } from './codes.js';
import type { Bundle, Contract, RetryRules, ShippedName } from './contract.js';
import type { PackLimits } from './pack.js';

/**
 * Loads and starts the WebAssembly module. In browsers it is fetched, and what is synchronous (`retryDelay`, `backoff`,
 * `breaker`,
 * `negotiation`, `pkce`) throws a TypeError before; elsewhere it is there at once, and this changes nothing. `compile`,
 * `loadPack` and
 * `loadRegistry` wait for it by themselves.
 */
export function init(): Promise<void>;

/**
 * Compiles a contract. The first call starts the WebAssembly module.
 * @throws {ContractError} when the contract, a file it names or a key cannot be used
 */
export function compile(contract: Contract | Bundle | ShippedName, options?: CompileOptions): Promise<Gate>;

export interface CompileOptions {
  /** The keys that signatures are checked with; every one is tried. @default [] */
  keys?: Key[];
  /** Text of the schema and policy files that the contract names, by that name. @default {}, or those of a bundle */
  files?: Record<string, string>;
  /** `data.params` of the contract's policies. @default {} */
  params?: Record<string, unknown>;
  /**
   * The public `scheme://host` that senders call, where a proxy is in front of the receiver. It always counts: also for
   * a `url` that came whole. @default the host of a whole `url`, else the Host header, as https
   */
  origin?: string;
  /** What a check may cost. @default each limit's own */
  limits?: Limits;
}

/** A key. A string is read as the contract's key format says. */
export interface Key {
  /** Named in the verdict, never secret. @default "#1", "#2" … by place in the list */
  id?: string;
  /** The shared secret, of contracts that sign with one. */
  secret?: string | Uint8Array;
  /**
   * The sender's public key, of contracts that sign with a private one: PEM, base64, hex or a JSON Web Key, as the
   * contract's key format says.
   */
  publicKey?: string | JsonWebKeyLike;
}

/** A JSON Web Key, as the platform's `JsonWebKey`. */
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

/** What a check may cost. Reaching a limit is an ordinary finding, `limit-NAME`. */
export interface Limits {
  /** Findings of one verdict. @default 100 */
  findings?: number;
  /** Bytes of all header names and values together. @default 65536 */
  headerBytes?: number;
  /** Header lines. @default 256 */
  headers?: number;
  /** What the contract's policies may cost. @default each limit's own */
  policy?: PackLimits;
  /**
   * What one explanation of a mismatch may cost; reaching one makes the diagnosis `capped`. @default each limit's own
   */
  doctor?: {
    /** Bytes of a body that is repaired; a longer one is tried as it is. @default 1048576 */
    bodyBytes?: number;
    /** MACs that are computed. @default 2000 */
    macs?: number;
    /** Bytes that all those MACs hash together. @default 67108864 */
    hashedBytes?: number;
  };
  /** Signatures of one request that are tried. @default 32 */
  signatures?: number;
  /** Bytes of the URL or request target. @default 16384 */
  urlBytes?: number;
}

/** A compiled contract. Made by `compile` alone. */
export class Gate {
  private constructor();
  /** What is weak in the contract itself. */
  readonly lint: readonly Finding[];
  /** The contract's `retry`, for `retryDelay(headers, { ...gate.retry })`: what its sender makes of answers. */
  readonly retry: Readonly<RetryRules>;
  /** What a receiver asks of the contract. */
  readonly about: Readonly<About>;
  /**
   * May this request pass? Synchronous. Whatever the sender got wrong is a finding.
   * @throws {TypeError} on misuse alone: a parsed body, milliseconds for seconds, an unknown option
   */
  check(request: RawRequest | RawAnswer, options?: CheckOptions): Verdict;
  /** As `check`, but the verdict's canonical text: the same bytes from every runtime. */
  checkText(request: RawRequest | RawAnswer, options?: CheckOptions): string;
  /** As `check`, with what is measured beside the verdict, for metrics. */
  measure(request: RawRequest | RawAnswer, options?: CheckOptions): Measured;
  /**
   * The verdict of a copy of an accepted message: what `check` gives with its replay key in `seen`, without judging
   * the copy again. `accepted` is the verdict of this request, unchanged.
   */
  duplicate(request: RawRequest | RawAnswer, accepted: Verdict, options?: CheckOptions): Verdict;
  /**
   * The request with time, nonce and signature added as the contract says, in headers or in the URL. The first key
   * signs. An HTTP message signature (RFC 9421) stands under the label `sig1`, with `created`, with `keyid` where the
   * key has an id, with the body's Content-Digest where that is covered, and with `expires` 300 s ahead where the
   * contract asks for it.
   * @throws {ContractError} where the contract has a public key alone, or what it signs is missing
   */
  sign(request: RawRequest, options?: SignOptions): SignedRequest;
  sign(answer: RawAnswer, options?: SignOptions): SignedAnswer;
  sign(message: RawRequest | RawAnswer, options?: SignOptions): SignedRequest | SignedAnswer;
  /**
   * The canonical message of a native event, for its sender to sign: `message` is absent where a finding is an error.
   * Method, URL and headers are those that the message will be sent with. No signature, schema or policy is asked: the
   * next `check` judges the message.
   * @throws {ContractError} where the contract has no `shape`
   */
  shape(event: RawRequest | RawAnswer, options?: ShapeOptions): Shaped;
  /** As `shape`, but canonical text, the same bytes from every runtime; sign those of `message`. */
  shapeText(event: RawRequest | RawAnswer, options?: ShapeOptions): ShapedText;
  /**
   * Why the signature does not match, for a screen: up to 2,000 MACs are tried, so never on the request path.
   * @throws {ContractError} where one of `otherKeys` is no key of the contract's kind
   */
  explain(request: RawRequest | RawAnswer, options?: ExplainOptions): Diagnosis;
  /**
   * The bytes that the gate takes for signed, part by part, for a screen. Undefined where the contract declares no
   * signature, a field that is signed is missing, or there is no DPoP proof or HTTP message signature to judge: no MAC
   * could be computed.
   * @throws {TypeError} on misuse alone, as `check`
   */
  signedBytes(request: RawRequest | RawAnswer, options?: SignedBytesOptions): SignedBytes | undefined;
  /** Gives the memory back now; else that happens when the gate is collected. */
  free(): void;
  [Symbol.dispose](): void;
}

export interface About {
  /** Its name. */
  contract: string;
  kind: 'request' | 'response';
  /** Empty where it judges responses. */
  methods: readonly string[];
  /** Absent: any. */
  contentTypes?: readonly string[];
  /** Of a body. */
  maxBytes: number;
  /** Whether it has a replay key, so that a store is needed. */
  replay: boolean;
  /** Whether messages that nobody may handle are to be kept. */
  deadLetter: boolean;
  /** As it was compiled with. */
  origin?: string;
  /** The algorithms of its proofs, where its engine is `dpop`. */
  dpop?: readonly string[];
  /** Whether signing fills in a nonce. */
  nonce: boolean;
}

export interface Measured {
  verdict: Verdict;
  /** How far back the signed time is, of a request that is fresh; ahead, where negative. */
  skewSeconds?: number;
}

export interface CheckOptions {
  /** The time to judge by: a Date, or Unix seconds. @default the clock */
  now?: Date | number;
  /** Stop at the first error: nothing is parsed before the signature holds. @default false */
  stopAtFirst?: boolean;
  /** Replay keys that the caller's store knows. @default [] */
  seen?: Iterable<string>;
  /**
   * The thumbprint that a DPoP proof's key must have: that of the access token, looked up. Must be given where the
   * token is `opaque`, or nothing passes. @default any
   */
  jkt?: string;
  /** The nonces that a DPoP proof may carry, where the contract wants one. @default [] */
  nonces?: Iterable<string>;
  /**
   * How long the body is, where it was too long to be read and `body` is a part of it or empty. @default the body's
   * length
   */
  bodyBytes?: number;
}

export interface SignOptions {
  /** The time to sign: a Date, or Unix seconds. @default the clock */
  now?: Date | number;
  /**
   * The nonce, of contracts with a field of the format `hex16` or the parameter `nonce` (RFC 9421): 16 lower-case hex
   * digits. @default drawn at random
   */
  nonce?: string;
}

export interface ShapeOptions {
  /** What `now` among the sources stands for: a Date, or Unix seconds. @default the clock */
  now?: Date | number;
}

export interface ExplainOptions {
  /** The time to judge by: a Date, or Unix seconds. @default the clock */
  now?: Date | number;
  /**
   * Keys that the sender may have used by mistake, such as those of another environment. They let nothing pass.
   * @default []
   */
  otherKeys?: Key[];
  /** Give every proved cause the bytes that were signed: the request's own, so nothing to log. @default false */
  signed?: boolean;
}

export interface SignedBytesOptions {
  /** As in `check`; no scheme's bytes depend on it. @default the clock */
  now?: Date | number;
}

/** A request as it came, before anything parses it. */
export interface RawRequest extends Message {
  /** In upper case, as on the wire. */
  method: string;
  /** As the sender called it: the whole URL, or the target alone. */
  url: string;
  status?: undefined;
}

/** An answer, for contracts with `response`. */
export interface RawAnswer extends Message {
  /** Of the answer: 100 to 599. */
  status: number;
}

/** What requests and answers have in common. */
export interface Message {
  /** `Headers`, `Map`, a list of pairs, or an object such as Node's `request.headersDistinct`. */
  headers: HeadersLike | Iterable<readonly [string, string]> | Record<string, string | string[] | undefined>;
  /** The raw bytes. A Buffer is a Uint8Array; a DataView is read with its offset. */
  body: Uint8Array | ArrayBuffer | DataView;
}

/** What `Headers` of every runtime have in common. */
export interface HeadersLike {
  [Symbol.iterator](): Iterator<[string, string]>;
}

export interface SignedRequest {
  method: string;
  /** With the parameters that the contract puts into the query. */
  url: string;
  headers: [string, string][];
  body: Uint8Array;
}

export interface SignedAnswer {
  status: number;
  headers: [string, string][];
  body: Uint8Array;
}

/** What the gate says. Absent members are left out. */
export interface Verdict {
  schemaVersion: 1;
  contract: string;
  /** `ignore`: a duplicate that the contract ignores. */
  verdict: 'accept' | 'reject' | 'ignore';
  /**
   * The HTTP status to answer with: that of the first failed stage. Absent, with its text, where an answer was judged.
   */
  status?: number;
  statusText?: string;
  /**
   * A handshake's reply: answer with this JSON in place of the handler's, only on accept. It may hold a MAC for the
   * sender: do not log it.
   */
  answer?: Record<string, unknown>;
  /**
   * The version that the contract's conditions name, as soon as those can be read; whatever the verdict is. Absent
   * where the contract declares none.
   */
  apiVersion?: string;
  /** All stages, in the house's order. */
  stages: { stage: StageName; result: 'pass' | 'fail' | 'warn' | 'skipped' }[];
  event?: { type?: string; version?: string; id?: string; schema?: string; payload?: string };
  /** The canonical message, only on accept. */
  message?: Record<string, unknown>;
  /** For the caller's replay store, only when nothing else failed. */
  replay?: { key: string; forgetAfter: number; onDuplicate: 'ignore' | 'reject' };
  /** Which key verified, what its signature speaks for, and what the contract reads that nobody signed. */
  signature?: { key: string; covers: string[]; leaves: string[] };
  /**
   * What to keep of a message that nobody may handle; only on reject, where the contract has `deadLetter`. The bytes
   * are the caller's to keep.
   */
  deadLetter?: {
    reason: FindingCode;
    at?: string /** Of the body as it came, in hex. */;
    sha256: string;
    bytes: number;
  };
  findings: Finding[];
}

/** One thing that is wrong with the input, or worth knowing about it. */
export interface Finding {
  /** To branch on. */
  code: FindingCode;
  stage: StageName | 'contract';
  /** Only an error rejects. */
  severity: Severity;
  /** To read. Never holds a secret, a MAC or the body's text. */
  message: string;
  /** A JSON Pointer into the body, `header:NAME`, `query:NAME`, `field:NAME`, `path`, `method`, `status` or `body`. */
  at?: string;
  /** How to mend it, where that is known. */
  help?: string;
  /** The first bad byte of a body that does not parse. */
  offset?: number;
  /**
   * Facts of the code's own, such as `got`, `allowed`, `skewSeconds`, or `requests`: two that `lint-ambiguous` found to
   * have one signature.
   */
  [fact: string]: unknown;
}

/** What became of a native event. */
export interface Shaped {
  schemaVersion: 1;
  /** The canonical message, its members in the contract's order. */
  message?: Record<string, unknown>;
  /** What was dropped (`shape-dropped`) or cut (`content-truncated`), and what is wrong with the event. */
  findings: Finding[];
}

export interface ShapedText {
  /** A `Shaped`. */
  shaped: string;
  /** Its message alone. */
  message?: string;
}

/** What the doctor makes of a signature that does not match. */
export interface Diagnosis {
  schemaVersion: 1;
  /** The signature is that of the request as it arrived: what is wrong, if anything is, is not the signature. */
  holds: boolean;
  /** All proved: with the repair the MAC matches. Smallest edit first. */
  causes: Cause[];
  /** What looks wrong and cannot be proved. */
  suspects: Cause[];
  /**
   * MACs and digests that were tried; 0 where the doctor does not know the scheme: a public key, a token, the engines
   * dpop and rfc9421.
   */
  tried: number;
  /** A limit ended the search. */
  capped: boolean;
}

export interface Cause {
  id: CauseId;
  proved: boolean;
  /** Bytes that the repair changes. */
  edits: number;
  at: string;
  message: string;
  /** How to mend it, by framework. */
  mends: Record<Framework, string>;
  /**
   * The bytes as the sender signed them, of a proved cause and with `signed: true`. Absent where something else than a
   * MAC over them proved it: a time that is read in the wrong unit.
   */
  signed?: SignedPart[];
}

/** What is signed. */
export interface SignedBytes {
  schemaVersion: 1;
  /** More than one where the contract declares several of a URL. */
  forms: SignedPart[][];
}

/** A part of the signed bytes, which are all parts one after the other. */
export interface SignedPart {
  /**
   * As a finding's `at` (`header:x-cs-timestamp`, `body`, `method`, `path`, `query`, `url`, `field:t` of the
   * signature's header, a JSON Pointer); of RFC 9421 also `authority` and `scheme`; `literal`, what the scheme puts
   * there; or `secret`, whose bytes stay with the key.
   */
  at: string;
  /** Absent of `secret` alone. */
  bytes?: Uint8Array;
}

export type Framework = 'express' | 'fastify' | 'hono' | 'next' | 'flask' | 'rails' | 'go';

/** Proof Key for Code Exchange (RFC 7636), for a token endpoint of one's own. */
export const pkce: {
  /**
   * Whether the client that brings the code is the one that asked for it: is `challenge`, which came with the
   * authorization request, the `S256` form of `verifier` (section 4.6)? Compared in constant time. A verifier that is
   * not 43 to 128 characters of
   * `A-Z a-z 0-9 - . _ ~` (section 4.1) never is.
   * @throws {TypeError} on misuse alone: something other than strings, or another method
   */
  verify(verifier: string, challenge: string, options?: PkceOptions): boolean;
};

export interface PkceOptions {
  /**
   * The `code_challenge_method` of the authorization request. `plain`, which an absent one means, is refused. @default
   * "S256"
   */
  method?: 'S256';
}

/** A contract, pack or key that cannot be used: its author's mistake. */
export class ContractError extends Error {
  readonly name: 'ContractError';
  readonly code: ContractErrorCode;
  /** A JSON Pointer into the contract, `keys/INDEX` for a key, or a file's name. */
  readonly at?: string;
  readonly help?: string;
}

/** A bug in countersign: please report it. The next call starts a fresh module, and gates go on working. */
export class InternalError extends Error {
  readonly name: 'InternalError';
  readonly code: 'internal';
}
