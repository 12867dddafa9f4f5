/** The contract language, version 1. */

import type { StageName } from './codes.js';

/**
 * A place in a message: a JSON Pointer into the body, `header:NAME`, `query:NAME`, `path:NAME`, `field:NAME`, or the
 * `status` of a response. In a replay key also `signed`, which is all the signed bytes.
 */
export type Place = string;

/** The name of a schema file next to the contract, or the schema itself. */
export type SchemaRef = string | boolean | Record<string, unknown>;

/** A contract document. `policies/contract.schema.json` describes it in more detail. */
export interface Contract {
  /** The contract's name, used in verdicts and replay keys. */
  contract: string;
  version: 1;
  summary?: string;
  request?: {
    /** @default ["POST"] */
    methods?: Method[];
    /**
     * The path, compared segment by segment. `{name}` matches one segment; `{name?}` matches a last segment that may be
     * missing. @default any path
     */
    path?: string;
    /** @default any type */
    contentTypes?: string[];
    /** @default 1048576 */
    maxBytes?: number;
    /**
     * The web origins that may send it, such as `https://app.example`. Read from `Origin`, or else from `Referer`.
     * @default any
     */
    origins?: string[];
  };
  /** Use it instead of `request` for a contract that checks responses. Their verdicts have no `status`. */
  response?: {
    statuses: number[];
    /** @default any type */
    contentTypes?: string[];
    /** @default 1048576 */
    maxBytes?: number;
  };
  /** `null` declares that messages are not signed. */
  signature: ContractSignature | DpopSignature | HttpSignature | null;
  freshness?: { field: string | SignatureField; pastSeconds: number; futureSeconds: number } | null;
  replay?: {
    key: Place[];
    keepSeconds?: number /** @default "reject" */;
    onMissing?: 'reject' | 'skip' | 'warn';
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
   * How a sender that follows this contract treats responses: `retryDelay(headers, { ...gate.retry })`. Checks ignore
   * it.
   */
  retry?: RetryRules;
  /** Set `verdict.deadLetter` if the payload, route, schema, policy or shape stage rejects a message. @default false */
  deadLetter?: boolean;
  /**
   * The HTTP status per failed stage. A status that you set for a stage overrides the preset. Not allowed with
   * `response`. @default { preset: "rfc" }
   */
  status?: { preset?: 'rfc' | 'sub2api' } & Partial<Record<Exclude<StageName, 'request'>, number>>;
}

/** Options of `retryDelay`. */
export interface RetryRules {
  /** What `Retry-After: 0` means: send again at once, or never again. @default "now" */
  retryAfterZero?: 'now' | 'stop';
  /** The longest wait, in seconds. @default 3600 */
  maxSeconds?: number;
  /** The wait if no header gives one, in seconds. @default 60 */
  defaultSeconds?: number;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';

/** How the document that pointers, schemas and policies see is read. */
export interface ContractPayload {
  /**
   * `jsonOrText` reads a body that does not begin as JSON as one string, without white space at its end. `form` and
   * `query` give an object of decoded strings; a repeated name gives an array. `query` and `none` reject a body, or
   * leave it unread. @default "json"
   */
  format?: 'json' | 'jsonOrText' | 'form' | 'query' | 'none';
  /** With `form`, the field that contains the JSON document. @default the form itself */
  json?: string;
  /** @default 64 */
  maxDepth?: number;
  /** @default "reject" */
  unsafeNumbers?: 'reject' | 'warn';
  /**
   * With `json`, `jsonOrText` and `form`, the methods whose requests may come without a body. Then there is no
   * document, and no schema judges it. @default none
   */
  withoutBody?: Method[];
  /** With `query` and `none`, what happens to a body. `unread`: it may be anything, and is never parsed. @default "refuse" */
  body?: 'refuse' | 'unread';
}

/** One scheme with one algorithm. A provider with two schemes needs two contracts. */
export interface ContractSignature {
  engine: 'segments';
  key: ContractKey;
  /** Where the signature is. */
  from: SignatureSource;
  shape: SignatureShape;
  /** Hex in either case, or padded base64. Not for a `token`, which is compared as it is. */
  encoding?: Encoding;
  fields?: Record<string, SignatureField>;
  /** The signed bytes, one segment after the other. Not for a `token`, which signs nothing. */
  signed?: SignatureSegment[];
}

/**
 * A DPoP proof (RFC 9449). It needs no keys: the proof contains its public key. The fields are `iat`, for `freshness`,
 * and `jti`, `htm`, `htu`, `ath`, `nonce` and `jkt`.
 */
export interface DpopSignature {
  engine: 'dpop';
  algorithms: ('ES256' | 'EdDSA' | 'Ed25519' | 'RS256')[];
  /**
   * `none` is for a token endpoint. `opaque` checks `Authorization: DPoP TOKEN` against the hash in the proof; give
   * `jkt` to each check. `jwt` reads the key from the token, and also checks the token's expiry.
   */
  accessToken: 'none' | 'opaque' | 'jwt';
  /** With `jwt`, how far in the future the token may expire, in seconds. @default any */
  maxTokenSeconds?: number;
  /** With `jwt`, the scopes that the token may have. It must have one of them. @default any */
  scopes?: string[];
  /** With `scopes`, by method, those of which the token must have one. @default any of `scopes` */
  requiredScopes?: Partial<Record<Method, string[]>>;
  /** The media type in `cty` of the proof and of a `jwt`, if it is there. @default any */
  cty?: string;
  /** Whether the proof must contain one of the nonces given to the check. @default false */
  nonce?: boolean;
}

/** An HTTP message signature (RFC 9421). Its fields are `created`, `expires`, `keyid`, `nonce` and `tag`. */
export interface HttpSignature {
  engine: 'rfc9421';
  key: ContractKey;
  /**
   * The components that must be covered, written as in Signature-Input but without quotes: `@method`, `content-digest`,
   * `x-list;bs`.
   */
  components: string[];
  /** The parameters that must be present. @default [] */
  parameters?: ('created' | 'expires' | 'keyid' | 'nonce' | 'tag' | 'alg')[];
  /** Only signatures with this tag are checked. @default any */
  tag?: string;
}

export type Encoding = 'hex' | 'base64';

/** How messages are signed. Digests and tokens prove little; lint warns about them. */
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
  /** How a key given as a string is decoded. `spki` and `jwk` are for public keys only. @default "utf8" for secrets */
  format?: 'utf8' | 'base64' | 'hex' | 'spki' | 'jwk';
  /**
   * `strip` is removed if the key starts with it. A key that starts with one of `reject` is refused as a key of another
   * kind.
   */
  prefix?: { strip?: string; reject?: string[] };
  /** The shortest secret allowed, in bytes after decoding. @default 16 */
  minBytes?: number;
}

/**
 * A header (or a list of aliases, in order of preference), a query parameter, or a member of the body given by its JSON
 * Pointer.
 */
export type SignatureSource = { header: string | string[] } | { query: string } | { body: string };

/** A field can also be one of the pairs in the signature's header, if the header contains pairs. */
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
  /** For a `local` time (`YYYY-MM-DD HH:mm:ss`), its offset from UTC, such as `+08:00`. */
  offset?: string;
  /** Whether it may be missing. If so, only an `optional` group can sign it. @default false */
  optional?: boolean;
  /**
   * What the value must equal. Another literal means another version of the scheme; another digest means another body.
   */
  equals?: { literal: string } | { body: BodyDigest };
  /**
   * Characters that a `text` must not contain, such as the separator signed after it. A value that contains one is
   * malformed. @default none
   */
  without?: string;
}

export type TimeFormat = 'unix-seconds' | 'unix-millis' | 'rfc3339' | 'rfc3339-z' | 'uuid-v7' | 'local';

export interface BodyDigest {
  digest: 'sha256' | 'sha384' | 'sha512';
  encoding: Encoding;
}

/** One segment of the signed bytes. */
export type SignatureSegment =
  | { literal: string }
  | { field: string }
  | { method: 'raw' }
  | { path: 'raw' }
  /** The path and the query, as sent. */
  | { target: 'raw' }
  | { url: UrlForm[] }
  | { query: SignedParameters }
  | { form: SignedParameters }
  | { body: 'raw' | BodyDigest }
  | { secret: 'raw' }
  | { optional: SignatureSegment[] };

/** Forms of the URL. They are tried in order. */
export type UrlForm = 'received' | 'without-port' | 'with-port';

/** Query or form parameters joined into one string. Only `exclude` has a default. */
export interface SignedParameters {
  /** Names and values as sent, or percent-decoded. */
  values: 'raw' | 'decoded';
  /** Sorted by name, or by the finished pair. Bytes are compared. */
  sort: 'name' | 'pair';
  /** Parameters to leave out. The signature's own parameter must be one of them. @default [] */
  exclude?: string[];
  /** The text between a name and its value. */
  pair: string;
  /** The text between parameters. */
  join: string;
  /** What a repeated name becomes: a finding, its values joined by commas, or one parameter per distinct value. */
  repeats: 'refuse' | 'comma' | 'unique';
}

export interface Deprecated {
  /** What to send instead. */
  use: string;
  /** An RFC 3339 time. From then on it is an error. */
  until?: string;
}

export interface ContractVersion {
  version: string;
  /** The conditions, all of which must be true: each a condition, or a JSON Schema. @default always */
  when?: Record<Place, Condition | Record<string, unknown>>;
  schema?: SchemaRef;
  /** The known event types. @default any */
  events?: Record<string, ContractEvent>;
  /** What judges an event that `events` does not list; that is then a warning. @default `unknown` of the route counts */
  otherwise?: ContractEvent;
  deprecated?: Deprecated;
}

export interface ContractEvent {
  schema?: SchemaRef;
  /** Where the payload is: the first pointer that exists. @default the whole document */
  payload?: { at: string; schema?: SchemaRef; mayBeEmpty?: boolean; deprecated?: Deprecated }[];
  /** For a handshake, the JSON to reply with. `verdict.answer` contains it if the request is accepted. */
  answer?: Record<string, ContractMember | AnswerMac>;
  deprecated?: Deprecated;
}

export interface ContractMember {
  /** The sources, in order: the first that has a value is used. `now` is the time of the check. */
  from?: MemberSource[];
  default?: unknown;
  /** The format of the sources. @default copied as it is */
  format?: MemberFormat;
  /** The longest text, in Unicode code points. A longer one is cut. */
  truncate?: number;
  /** @default false */
  required?: boolean;
}

/**
 * `text` is a string, integer or boolean, written as a string. `time` is RFC 3339, which is copied, or else Unix
 * seconds or milliseconds, written as RFC 3339 in UTC. The others are times of one form, written as RFC 3339 in UTC.
 */
export type MemberFormat = 'text' | 'time' | 'unix-seconds' | 'unix-millis' | 'rfc3339';

/** The value, compared as text; a list of possible values; `true` (it has a value) or `false` (it has none). */
export type Condition = string | number | boolean | (string | number)[];

/**
 * A place, a place with a format of its own, a value (`at`, a JSON Pointer) in a JSON document that is the text at a
 * place, a value in a list, or `now`, the time of the check.
 */
export type MemberSource =
  | Place
  | { at: Place; format: MemberFormat }
  | { json: Place; at: string }
  | ItemSource
  | 'now';

/**
 * A value in the first or the last item of a list (a JSON Pointer) that meets every condition in `where`; or the texts
 * of all such items, joined. With `all`, a text in place of the list, or of an item, counts as it is.
 */
export type ItemSource = {
  /** The conditions, as in `when` of a version, at JSON Pointers into the item. @default any item */
  where?: Record<string, Condition>;
} & (
  | {
      first: string;
      last?: undefined;
      all?: undefined;
      join?: undefined;
      /** A JSON Pointer into the item, or an item of a list inside it. */
      at: string | ItemSource;
    }
  | {
      last: string;
      first?: undefined;
      all?: undefined;
      join?: undefined;
      /** A JSON Pointer into the item, or an item of a list inside it. */
      at: string | ItemSource;
    }
  | {
      all: string;
      /** What is between two texts. */
      join: string;
      first?: undefined;
      last?: undefined;
      /** A JSON Pointer into each item. */
      at: string;
    }
);

/**
 * A member of a reply that is the MAC of its source, made with the key that verified the request, as in Zoom's
 * handshake. The source must be a string.
 */
export interface AnswerMac {
  /**
   * The sources, in order: the first that has a value is used. `countersign lint` warns if a source could contain the
   * signed bytes of another request.
   */
  from: (Place | ItemSource | 'now')[];
  /** How the HMAC is encoded. Only for contracts with an hmac algorithm. */
  mac: Encoding;
  /** @default false */
  required?: boolean;
}

/** A contract and the files it names, as `countersign bundle` writes them. An imported JSON file has this type. */
export interface Bundle {
  /** The version of the bundle format: 1. */
  bundle: number;
  contract: object;
  /** The text of each file, by the name that the contract uses. */
  files: Record<string, string>;
}
