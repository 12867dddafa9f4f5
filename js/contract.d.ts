/** The contract language, version 1. */

import type { StageName } from './codes.js';

/**
 * A JSON Pointer, `header:NAME`, `query:NAME`, `path:NAME`, `field:NAME`, `status` of an answer, or in a replay key
 * `signed`: all the signed bytes.
 */
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
    methods?: ('GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD')[];
    /** Segment by segment; `{name}` is one, `{name?}` a last one that may be missing. @default any path */
    path?: string;
    /** @default any type */
    contentTypes?: string[];
    /** @default 1048576 */
    maxBytes?: number;
    /** Whose pages may send it, by `Origin`, else by `Referer`: `https://app.example`. @default any */
    origins?: string[];
  };
  /** In place of `request`: the contract is of answers, which carry a `status`, and verdicts have none. */
  response?: {
    statuses: number[];
    /** @default any type */
    contentTypes?: string[];
    /** @default 1048576 */
    maxBytes?: number;
  };
  /** `null`: declared unsigned. */
  signature: ContractSignature | DpopSignature | HttpSignature | null;
  freshness?: { field: string | SignatureField; pastSeconds: number; futureSeconds: number } | null;
  replay?: {
    key: Place[];
    keepSeconds?: number /** @default "reject" */;
    onMissing?: 'reject' | 'skip';
    onDuplicate: 'ignore' | 'reject';
  } | null;
  payload?: ContractPayload;
  route?: {
    type?: Place | Place[];
    id?: Place | Place[];
    versions?: ContractVersion[] /** @default "reject" */;
    unknown?: 'reject' | 'warn';
  };
  schema?: SchemaRef;
  schemas?: SchemaRef[] | Record<string, SchemaRef>;
  policy?: (string | { file: string; text: string })[];
  shape?: Record<string, ContractMember>;
  /**
   * What whoever sends by this contract makes of the answers: `retryDelay(headers, { ...gate.retry })`. No check reads
   * it.
   */
  retry?: RetryRules;
  /** What is rejected by its payload, route, schema, policy or shape gives `verdict.deadLetter`. @default false */
  deadLetter?: boolean;
  /** A number per stage overrides the preset. Refused beside `response`. @default { preset: "rfc" } */
  status?: { preset?: 'rfc' | 'sub2api' } & Partial<Record<Exclude<StageName, 'request'>, number>>;
}

/** Options of `retryDelay`. */
export interface RetryRules {
  /** `Retry-After: 0`: send again at once, or never again. @default "now" */
  retryAfterZero?: 'now' | 'stop';
  /** The longest wait of all. @default 3600 */
  maxSeconds?: number;
  /** The wait where no header says one. @default 60 */
  defaultSeconds?: number;
}

/** What becomes the document that pointers, schemas and policies see. */
export interface ContractPayload {
  /**
   * `form` and `query`: an object of decoded strings, a repeated name an array. `query` and `none` refuse a body.
   * @default "json"
   */
  format?: 'json' | 'form' | 'query' | 'none';
  /** With `form`: the field that holds the JSON document. @default the form itself */
  json?: string;
  /** @default 64 */
  maxDepth?: number;
  /** @default "reject" */
  unsafeNumbers?: 'reject' | 'warn';
}

/** One scheme, one algorithm: two schemes of one provider are two contracts. */
export interface ContractSignature {
  engine: 'segments';
  key: ContractKey;
  /** Where the signature stands. */
  from: SignatureSource;
  shape: SignatureShape;
  /** Hex in either case, or padded base64. Not of a `token`, which is compared as it is. */
  encoding?: Encoding;
  fields?: Record<string, SignatureField>;
  /** The signed bytes, one piece after the other. Not of a `token`, which signs nothing. */
  signed?: SignatureSegment[];
}

/**
 * A DPoP proof (RFC 9449). No keys: the proof brings its own. Freshness names `iat`; there are `jti htm htu ath nonce
 * jkt` too.
 */
export interface DpopSignature {
  engine: 'dpop';
  algorithms: ('ES256' | 'EdDSA' | 'Ed25519' | 'RS256')[];
  /**
   * `none`: a token endpoint. `opaque`: `Authorization: DPoP TOKEN` and its hash; each check is given `jkt`. `jwt`: the
   * token says its key, and its expiry is judged.
   */
  accessToken: 'none' | 'opaque' | 'jwt';
  /** With `jwt`: how far ahead its expiry may be. @default any */
  maxTokenSeconds?: number;
  /** With `jwt`: what its `scope` may hold at most. @default any */
  scopes?: string[];
  /** The proof carries one of the nonces that the check is told. @default false */
  nonce?: boolean;
}

/** An HTTP message signature (RFC 9421). Fields: `created expires keyid nonce tag`. */
export interface HttpSignature {
  engine: 'rfc9421';
  key: ContractKey;
  /** What must be covered, as Signature-Input writes it without quotes: `@method`, `content-digest`, `x-list;bs`. */
  components: string[];
  /** What must be there. @default [] */
  parameters?: ('created' | 'expires' | 'keyid' | 'nonce' | 'tag' | 'alg')[];
  /** Only signatures with this tag count. @default any */
  tag?: string;
}

export type Encoding = 'hex' | 'base64';

/** How messages are signed. Digests and tokens are there for lint to name. */
export type SignatureAlgorithm =
  | 'hmac-sha1'
  | 'hmac-sha256'
  | 'hmac-sha384'
  | 'hmac-sha512'
  | 'ed25519'
  | 'ecdsa-p256-sha256'
  | 'ecdsa-p256-sha256-der'
  | 'rsa-pkcs1-sha256'
  | 'rsa-pss-sha512'
  | 'digest-sha1'
  | 'digest-sha256'
  | 'token';

export interface ContractKey {
  algorithm: SignatureAlgorithm;
  /** How a key given as a string is read: `spki` and `jwk` are of public keys alone. @default "utf8", of secrets */
  format?: 'utf8' | 'base64' | 'hex' | 'spki' | 'jwk';
  /** `strip` is taken off when it is there; what begins with one of `reject` is a key of another kind. */
  prefix?: { strip?: string; reject?: string[] };
  /** Shortest secret, decoded. @default 16 */
  minBytes?: number;
}

/**
 * A header (or its aliases, in order of preference), a query parameter, or a member of the body by its JSON Pointer.
 */
export type SignatureSource = { header: string | string[] } | { query: string } | { body: string };

/** A field may also be a pair of the signature's own header, where that is of pairs. */
export type FieldSource = SignatureSource | { pair: string };

export type SignatureShape =
  | { kind: 'plain' }
  | { kind: 'prefixed'; prefix: string }
  | { kind: 'list'; separator: ' ' | ',' | '&' /** @default every element is a signature */; tag?: string }
  | { kind: 'pairs'; separator: ',' | ';' | '&'; take: string[] };

export interface SignatureField {
  from: FieldSource;
  /** @default "text" */
  format?: 'text' | 'hex16' | TimeFormat;
  /** Of a `local` time (`YYYY-MM-DD HH:mm:ss`): how far its clock is from UTC, such as `+08:00`. */
  offset?: string;
  /** May be missing; it is then signed in an `optional` group alone. @default false */
  optional?: boolean;
  /** What the value must be: another literal is another version of the scheme, another digest another body. */
  equals?: { literal: string } | { body: BodyDigest };
  /**
   * Characters that a `text` never holds, such as the separator that is signed after it: a value that does is
   * malformed. @default none
   */
  without?: string;
}

export type TimeFormat = 'unix-seconds' | 'unix-millis' | 'rfc3339' | 'rfc3339-z' | 'uuid-v7' | 'local';

export interface BodyDigest {
  digest: 'sha256' | 'sha384' | 'sha512';
  encoding: Encoding;
}

/** One piece of the signed bytes. */
export type SignatureSegment =
  | { literal: string }
  | { field: string }
  | { method: 'raw' }
  | { path: 'raw' }
  /** Path and query, as sent. */
  | { target: 'raw' }
  | { url: UrlForm[] }
  | { query: SignedParameters }
  | { form: SignedParameters }
  | { body: 'raw' | BodyDigest }
  | { secret: 'raw' }
  | { optional: SignatureSegment[] };

/** Forms of the URL, tried in order. */
export type UrlForm = 'received' | 'without-port' | 'with-port';

/** Query or form parameters made into one string. Nothing has a default but `exclude`. */
export interface SignedParameters {
  /** Names and values as on the wire, or percent-decoded. */
  values: 'raw' | 'decoded';
  /** By name, or by the finished string; by bytes. */
  sort: 'name' | 'pair';
  /** Parameters left out: the signature's own must be among them. @default [] */
  exclude?: string[];
  /** Between name and value. */
  pair: string;
  /** Between parameters. */
  join: string;
  /** A name that stands twice: a finding, its values joined by commas, or one parameter for each distinct value. */
  repeats: 'refuse' | 'comma' | 'unique';
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
  events?: Record<string, ContractEvent>;
  deprecated?: Deprecated;
}

export interface ContractEvent {
  schema?: SchemaRef;
  /** Where the payload stands: the first pointer that exists. @default the document */
  payload?: { at: string; schema?: SchemaRef; deprecated?: Deprecated }[];
  /** A handshake: the JSON that `verdict.answer` holds, on accept. */
  answer?: Record<string, ContractMember | AnswerMac>;
  deprecated?: Deprecated;
}

export interface ContractMember {
  /** The first that holds a value gives it; `now` is the time of the check. */
  from?: MemberSource[];
  default?: unknown;
  /** The form of the sources. @default copied as it is */
  format?: MemberFormat;
  /** Longest text, in Unicode code points. */
  truncate?: number;
  /** @default false */
  required?: boolean;
}

/** `text`: a string, integer or boolean, written as a string. The others are times, written as RFC 3339 in UTC. */
export type MemberFormat = 'text' | 'unix-seconds' | 'unix-millis' | 'rfc3339';

/**
 * A place; one of another form than the member's other sources; a value in an item of a list; or the time of the check.
 */
export type MemberSource = Place | { at: Place; format: MemberFormat } | ItemSource | 'now';

/**
 * In the first or the last item of a list (a JSON Pointer) whose values at the pointers of `where` are equal as text.
 */
export type ItemSource = ({ first: string; last?: undefined } | { last: string; first?: undefined }) & {
  /** @default any item */
  where?: Record<string, string | number>;
  /** A JSON Pointer into the item, or an item of a list in it. */
  at: string | ItemSource;
};

/** A member of an answer that is the MAC of its source, a string, under the key that verified: Zoom's handshake. */
export interface AnswerMac {
  /**
   * The first that holds a value gives it. `countersign lint` warns where it could hold another request's signed bytes.
   */
  from: (Place | ItemSource | 'now')[];
  /** How the HMAC is written; of contracts with an hmac algorithm alone. */
  mac: Encoding;
  /** @default false */
  required?: boolean;
}

/**
 * A contract and the files that it names, as `countersign bundle` writes them. An imported JSON file is of this type.
 */
export interface Bundle {
  /** Of the form, which is 1. */
  bundle: number;
  contract: object;
  /** Text by the name that the contract uses. */
  files: Record<string, string>;
}

/**
 * The name of a shipped contract or pack, on a runtime with files; else import the contract:
 * `countersign/contracts/NAME`.
 */
export type ShippedName = string;
