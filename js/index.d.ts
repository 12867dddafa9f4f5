/** Countersign: checks webhooks against contracts and deployments against policies. */

/**
 * Compiles a contract. The first call starts the WebAssembly module.
 * @throws {ContractError} when the contract, a file it names or a key cannot be used
 */
export function compile(contract: Contract | ShippedName, options?: CompileOptions): Promise<Gate>;

export interface CompileOptions {
  /** The keys that signatures are checked with; every one is tried. @default [] */
  keys?: Key[];
  /** Text of the schema and policy files that the contract names, by that name. @default {} */
  files?: Record<string, string>;
  /** `data.params` of the contract's policies. @default {} */
  params?: Record<string, unknown>;
  /** What a check may cost. @default each limit's own */
  limits?: Limits;
}

/** A key. A string is read as the contract's key format says. */
export interface Key {
  /** Named in the verdict, never secret. @default "#1", "#2" … by place in the list */
  id?: string;
  /** The shared secret, of contracts that sign with one. */
  secret?: string | Uint8Array;
  /** The public key, of contracts that sign with a private one: PEM, base64, hex or a JSON Web Key. */
  publicKey?: string | JsonWebKeyLike;
}

/** A JSON Web Key, as the platform's `JsonWebKey`. */
export interface JsonWebKeyLike {
  kty?: string;
  [member: string]: unknown;
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
}

/** A compiled contract. Made by `compile` alone. */
export class Gate {
  private constructor();
  /** What is weak in the contract itself. */
  readonly lint: readonly Finding[];
  /**
   * May this request pass? Synchronous. Whatever the sender got wrong is a finding.
   * @throws {TypeError} on misuse alone: a parsed body, milliseconds for seconds, an unknown option
   */
  check(request: RawRequest, options?: CheckOptions): Verdict;
  /** As `check`, but the verdict's canonical text: the same bytes from every runtime. */
  checkText(request: RawRequest, options?: CheckOptions): string;
  /** The request with time and signature added as the contract says. The first key signs. */
  sign(request: RawRequest, options?: SignOptions): SignedRequest;
  /** Gives the memory back now; else that happens when the gate is collected. */
  free(): void;
  [Symbol.dispose](): void;
}

export interface CheckOptions {
  /** The time to judge by: a Date, or Unix seconds. @default the clock */
  now?: Date | number;
  /** Stop at the first error: nothing is parsed before the signature holds. @default false */
  stopAtFirst?: boolean;
  /** Replay keys that the caller's store knows. @default [] */
  seen?: Iterable<string>;
}

export interface SignOptions {
  /** The time to sign: a Date, or Unix seconds. @default the clock */
  now?: Date | number;
}

/** A request as it came, before anything parses it. */
export interface RawRequest {
  /** In upper case, as on the wire. */
  method: string;
  /** As the sender called it: the whole URL, or the target alone. */
  url: string;
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
  url: string;
  headers: [string, string][];
  body: Uint8Array;
}

export type StageName = 'request' | 'signature' | 'freshness' | 'replay' | 'payload' | 'route' | 'schema' | 'policy' | 'shape';
export type Severity = 'error' | 'warning' | 'info';

/** What the gate says. Absent members are left out. */
export interface Verdict {
  schemaVersion: 1;
  contract: string;
  /** `ignore`: a duplicate that the contract ignores. */
  verdict: 'accept' | 'reject' | 'ignore';
  /** The HTTP status to answer with: that of the first failed stage. */
  status: number;
  statusText: string;
  /** The version of the event, once it is known. */
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
  /** A JSON Pointer into the body, `header:NAME`, `query:NAME`, `path`, `method` or `body`. */
  at?: string;
  /** How to mend it, where that is known. */
  help?: string;
  /** The first bad byte of a body that does not parse. */
  offset?: number;
  /** Facts of the code's own, such as `got`, `allowed`, `skewSeconds`. */
  [fact: string]: unknown;
}

/** The closed list of codes, with three families. `countersign explain CODE` tells what each means. */
export type FindingCode = FixedCode | SchemaCode | `policy-${string}` | `limit-${string}`;

/** Codes that are whole words. */
export type FixedCode =
  | 'content-truncated'
  | 'encoding-bom'
  | 'encoding-invalid'
  | 'event-unknown'
  | 'header-duplicate'
  | 'header-malformed'
  | 'header-missing'
  | 'json-duplicate-key'
  | 'json-invalid'
  | 'json-lone-surrogate'
  | 'json-number-unsafe'
  | 'json-too-deep'
  | 'lint-body-unsigned'
  | 'lint-no-time'
  | 'lint-replay-unsigned'
  | 'lint-time-unsigned'
  | 'lint-unsigned'
  | 'lint-unsigned-field'
  | 'lint-window'
  | 'nonce-malformed'
  | 'nonce-missing'
  | 'payload-empty'
  | 'payload-missing'
  | 'replay-key-missing'
  | 'replayed'
  | 'request-content-type'
  | 'request-header'
  | 'request-method'
  | 'request-path'
  | 'request-too-large'
  | 'rule-error'
  | 'shape-dropped'
  | 'shape-malformed'
  | 'shape-missing'
  | 'signature-malformed'
  | 'signature-mismatch'
  | 'signature-missing'
  | 'signature-unsupported'
  | 'timestamp-malformed'
  | 'timestamp-missing'
  | 'timestamp-too-new'
  | 'timestamp-too-old'
  | 'version-deprecated'
  | 'version-unknown';

/** A JSON Schema keyword that does not hold. */
export type SchemaCode =
  | 'schema-additional-items'
  | 'schema-additional-properties'
  | 'schema-any-of'
  | 'schema-const'
  | 'schema-contains'
  | 'schema-content-encoding'
  | 'schema-content-media-type'
  | 'schema-enum'
  | 'schema-exclusive-maximum'
  | 'schema-exclusive-minimum'
  | 'schema-false-schema'
  | 'schema-format'
  | 'schema-max-items'
  | 'schema-max-length'
  | 'schema-max-properties'
  | 'schema-maximum'
  | 'schema-min-items'
  | 'schema-min-length'
  | 'schema-min-properties'
  | 'schema-minimum'
  | 'schema-multiple-of'
  | 'schema-not'
  | 'schema-one-of'
  | 'schema-pattern'
  | 'schema-property-names'
  | 'schema-required'
  | 'schema-type'
  | 'schema-unevaluated-items'
  | 'schema-unevaluated-properties'
  | 'schema-unique-items';

/**
 * Loads a pack of Rego policies: a shipped one by name, or your own as path and text.
 * @throws {ContractError} when a policy does not load
 */
export function loadPack(source: ShippedName | Record<string, string>, options?: PackLoadOptions): Promise<Pack>;

export interface PackLoadOptions {
  /** What a check may cost. @default each limit's own */
  limits?: PackLimits;
}

/** What a pack may cost. Reaching a limit is an error, never a pass. */
export interface PackLimits {
  /** Bytes that one call of a builtin function may produce. @default 1048576 */
  builtinBytes?: number;
  /** Items that one call of a builtin function may produce. @default 100000 */
  builtinItems?: number;
  /** Steps that all evaluations of one check may take together. @default 50000000 */
  checkSteps?: number;
  /** How deep a document may be nested. @default 96 */
  documentDepth?: number;
  /** Documents of one check, with those in lists. @default 20000 */
  documents?: number;
  /** Findings that are reported of one check. @default 10000 */
  findings?: number;
  /** Bytes of one module. @default 1048576 */
  policyBytes?: number;
  /** Characters of one line of a module. @default 4096 */
  policyColumns?: number;
  /** How deep a literal may be nested in a module. @default 8 */
  policyDepth?: number;
  /** Lines of one module. @default 20000 */
  policyLines?: number;
  /** Steps that one rule may take on one document. @default 2000000 */
  policySteps?: number;
}

/** A loaded pack. Made by `loadPack` alone. */
export class Pack {
  private constructor();
  /** Judges documents as one set. Synchronous. */
  check(documents: Doc[], options?: PackCheckOptions): Report;
  /** Gives the memory back now; else that happens when the pack is collected. */
  free(): void;
  [Symbol.dispose](): void;
}

export interface PackCheckOptions {
  /** Members under `data.`. @default {} */
  data?: unknown;
  /** `data.params`. @default {} */
  params?: Record<string, unknown>;
  /** `data.now`: a Date, or Unix seconds. @default the clock */
  now?: Date | number;
}

/** A document: any JSON value. */
export type Doc = unknown;

export interface Report {
  schemaVersion: 1;
  /** `error`: a rule failed to evaluate, which never counts as a pass. */
  verdict: 'pass' | 'fail' | 'error';
  /** `documents` with those in lists, without the lists. */
  counts: { documents: number; rules: number; errors: number; warnings: number; infos: number };
  findings: PackFinding[];
}

export interface PackFinding {
  code: `policy-${string}` | `limit-${string}` | 'rule-error';
  /** The rule that speaks. */
  rule: string;
  severity: Severity;
  message: string;
  /** A JSON Pointer into the document. */
  at?: string;
  /** Which of the documents, counted from 0; absent when it is about the set. */
  document?: number;
  resource?: { kind?: string; namespace?: string; name?: string };
  /** The same wherever the resource stands in the files. */
  fingerprint: string;
  help?: string;
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

/** Codes of what is thrown. */
export type ContractErrorCode =
  | 'contract-data'
  | 'contract-file'
  | 'contract-freshness'
  | 'contract-grammar'
  | 'contract-limits'
  | 'contract-policy'
  | 'contract-replay'
  | 'contract-request'
  | 'contract-route'
  | 'contract-schema'
  | 'contract-shape'
  | 'contract-signature'
  | 'contract-unknown'
  | 'key-empty'
  | 'key-kind'
  | 'key-malformed'
  | 'key-missing'
  | 'key-short'
  | 'key-unused'
  | 'key-whitespace';

/** The name of a shipped contract or pack. */
export type ShippedName = string;

/** A JSON Pointer, `header:NAME`, `query:NAME`, `path:NAME` or `field:NAME`. */
export type Place = string;

/** A schema file beside the contract, or the schema itself. */
export type SchemaRef = string | boolean | Record<string, unknown>;

/** A contract document. `policies/contract.schema.json` says the same with more words. */
export interface Contract {
  /** The name: in the verdict, in replay keys, on the command line. */
  contract: string;
  version: 1;
  summary?: string;
  request?: {
    /** @default ["POST"] */
    methods?: ('GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE')[];
    /** Segment by segment; `{name}` is one, `{name?}` a last one that may be missing. @default any path */
    path?: string;
    /** @default any type */
    contentTypes?: string[];
    /** @default 1048576 */
    maxBytes?: number;
  };
  /** `null`: declared unsigned. */
  signature: ContractSignature | null;
  freshness?: { field: string | SignatureField; pastSeconds: number; futureSeconds: number } | null;
  replay?: { key: Place[]; keepSeconds?: number; /** @default "reject" */ onMissing?: 'reject' | 'skip'; onDuplicate: 'ignore' | 'reject' } | null;
  payload?: { format?: 'json'; /** @default 64 */ maxDepth?: number; /** @default "reject" */ unsafeNumbers?: 'reject' | 'warn' };
  route?: { type?: Place | Place[]; id?: Place | Place[]; versions?: ContractVersion[]; /** @default "reject" */ unknown?: 'reject' | 'warn' };
  schema?: SchemaRef;
  schemas?: SchemaRef[] | Record<string, SchemaRef>;
  policy?: (string | { file: string; text: string })[];
  shape?: Record<string, ContractMember>;
  /** A number per stage overrides the preset. @default { preset: "rfc" } */
  status?: { preset?: 'rfc' | 'sub2api' } & Partial<Record<Exclude<StageName, 'request'>, number>>;
}

export interface ContractSignature {
  engine: 'segments';
  key: {
    algorithm: 'hmac-sha256';
    /** How a key given as a string is read. @default "utf8" */
    format?: 'utf8' | 'base64' | 'hex';
    prefix?: { strip?: string; reject?: string[] };
    /** @default 16 */
    minBytes?: number;
  };
  from: { header: string };
  shape: { kind: 'plain' } | { kind: 'prefixed'; prefix: string };
  encoding: 'hex' | 'base64';
  fields?: Record<string, SignatureField>;
  /** The signed bytes, one piece after the other. */
  signed: ({ literal: string } | { field: string } | { method: 'raw' } | { path: 'raw' } | { body: 'raw' })[];
}

export interface SignatureField {
  from: { header: string };
  /** @default "text" */
  format?: 'text' | 'unix-seconds';
}

export interface Deprecated {
  /** What to send instead. */
  use: string;
  /** RFC 3339: from then on an error. */
  until?: string;
}

export interface ContractVersion {
  version: string;
  /** All must hold: a value, one of several, `true` (holds a value), `false` (holds none). @default always */
  when?: Record<Place, string | number | boolean | (string | number)[]>;
  schema?: SchemaRef;
  /** The known types. @default any */
  events?: Record<string, { schema?: SchemaRef; payload?: { at: string; schema?: SchemaRef; deprecated?: Deprecated }[]; deprecated?: Deprecated }>;
  deprecated?: Deprecated;
}

export interface ContractMember {
  /** The first that holds a value gives it; `now` is the time of the check. */
  from?: (Place | 'now')[];
  default?: unknown;
  /** A string, integer or boolean, written as a string. @default copied as it is */
  format?: 'text';
  /** Longest text, in Unicode code points. */
  truncate?: number;
  /** @default false */
  required?: boolean;
}
