/** Findings: one thing that is wrong with the input, or that is worth knowing. A union by `code`. */

import type { FindingCode, Severity, StageName } from './codes.js';

/**
 * One thing that is wrong with the input, or that is worth knowing. After `finding.code === 'signature-mismatch'`, or
 * in a `switch`, the facts of that code can be read: `finding.keys`. Ask for a fact of several codes with `in`:
 * `'skewSeconds' in finding`.
 */
export type Finding = { [Code in keyof FindingFacts]: Found<Code> & FindingFacts[Code] }[keyof FindingFacts];

/** The members of every finding. */
interface Found<Code extends FindingCode> {
  /** For programs to branch on. */
  code: Code;
  stage: StageName | 'contract';
  /** Only an error rejects. */
  severity: Severity;
  /** For people to read. It never contains a secret, a MAC or text from the body. */
  message: string;
  /**
   * A JSON Pointer into the body (into the contract for `lint-…`), `header:NAME`, `query:NAME`, `field:NAME`, `path`,
   * `method`, `status`, `url` or `body`.
   */
  at?: string;
  /** How to fix it, if that is known. */
  help?: string;
}

/** `at` is always there. */
interface Placed {
  /** A JSON Pointer into the body, `header:NAME`, `query:NAME`, `field:NAME`, `path`, `method`, `status` or `body`. */
  at: string;
}

/** `help` is always there. */
interface Helped {
  /** How to fix it. */
  help: string;
}

/** A body that cannot be parsed. */
interface InBody {
  /** The offset in the body of the first bad byte, from 0. */
  offset: number;
}

/** A time outside the window. */
interface OutsideWindow {
  /** The age of the signed time in seconds. Negative if the time is in the future. */
  skewSeconds: number;
  /** How many seconds back or ahead the contract allows. */
  allowed: number;
}

/** A limit on a number, or a number that was asked for. */
interface Counted {
  /** How many there are. */
  got: number;
  /** How many are allowed; for a minimum, how many there must be. */
  allowed: number;
}

/** A weakness of the contract itself. */
interface InContract extends Helped {
  /** A JSON Pointer into the contract. */
  at: string;
}

/** A JSON Schema keyword that the document violates. */
interface InSchema {
  /** A JSON Pointer into the body: the value that violates it. */
  at: string;
  /** A JSON Pointer into the schema: the keyword. */
  schemaAt: string;
}

/**
 * The facts that findings of each code have beside `code`, `stage`, `severity`, `message`, `at` and `help`. `at` and
 * `help` stand here again if they are always there. Members with `?` depend on what exactly is wrong.
 */
export interface FindingFacts {
  /** `got` is the length of the body, in bytes. */
  'body-unexpected': Placed & { got: number };
  /** `length` is that of the whole text and `allowed` what is left of it, in Unicode code points. */
  'content-truncated': Placed & { length: number; allowed: number };
  'digest-mismatch': Placed & Helped;
  /** `allowed` lists the algorithms that the contract accepts. */
  'dpop-alg': Placed & { allowed: string };
  'dpop-ath': Placed;
  /** The token expires in `got` seconds: 0 or less if it has expired, or else more than `allowed`. */
  'dpop-exp': Placed & { got?: number; allowed?: number };
  'dpop-htm': Placed;
  'dpop-htu': Placed & Helped;
  /** The facts are there if the time could be read. */
  'dpop-iat': Placed & Partial<OutsideWindow>;
  'dpop-jkt': Placed;
  'dpop-jti': Placed;
  'dpop-jwk': Placed;
  'dpop-nonce': Placed & Helped;
  /** `got` is how many scopes of the token the contract does not list. `allowed` lists scopes, separated by spaces. */
  'dpop-scope': Placed & { got?: number; allowed?: string };
  'dpop-signature': Placed;
  'dpop-typ': Placed;
  'encoding-bom': InBody;
  'encoding-invalid': InBody;
  'event-unknown': Placed & Helped;
  /** `expected` describes the format. */
  'field-malformed': Placed & { expected: string };
  'field-missing': Placed;
  'header-duplicate': Placed;
  /** `expected` describes the format. */
  'header-malformed': Placed & { expected: string };
  'header-missing': Placed;
  'hook-data': Placed;
  /** `reason` is the hook's, from the registry. */
  'hook-disabled': { reason: string };
  /** `needed` is what the hook says. Absent if the message is no object. */
  'hook-receipt': Placed & { needed?: boolean };
  'hook-unknown': Placed;
  'httpsig-component': Placed;
  /** The facts are there if the time could be read. */
  'httpsig-created': Placed & Partial<OutsideWindow>;
  'httpsig-digest': Placed;
  /** `got` is how many seconds ago it expired, if that could be read. */
  'httpsig-expires': Placed & { got?: number };
  'httpsig-label': Placed;
  'httpsig-parameter': Placed;
  'json-duplicate-key': Placed & InBody;
  'json-invalid': InBody;
  'json-lone-surrogate': Placed & InBody;
  'json-number-unsafe': Placed & InBody;
  /** `allowed` is the contract's `maxDepth`. */
  'json-too-deep': InBody & { allowed: number };
  /** `requests` are two different requests with the same signature. */
  'lint-ambiguous': InContract & { requests: Record<string, unknown>[] };
  'lint-body-unsigned': InContract;
  'lint-length-extension': InContract;
  'lint-mac-oracle': InContract;
  'lint-no-key': InContract;
  'lint-no-time': InContract;
  'lint-parsed-before-mac': InContract;
  'lint-replay-unsigned': InContract;
  'lint-schema-keyword': InContract;
  'lint-sha1': InContract;
  'lint-static-token': InContract;
  'lint-time-unsigned': InContract;
  'lint-unsigned': InContract;
  'lint-unsigned-field': InContract;
  /** Past and future together, in seconds. */
  'lint-window': InContract & Counted;
  /** `expected` describes the format. */
  'nonce-malformed': Placed & { expected: string };
  'nonce-missing': Placed;
  'payload-empty': Placed;
  'payload-missing': Placed;
  'query-duplicate': Placed;
  'query-malformed': Placed & Helped;
  'replay-key-missing': Placed & Helped;
  replayed: Helped;
  /** `allowed` lists what the contract accepts, separated by commas; so in the four codes that follow. */
  'request-content-type': Placed & { allowed: string };
  'request-header': unknown;
  'request-method': Placed & { allowed: string };
  'request-origin': Placed & { allowed: string };
  /** `allowed` is the contract's path. */
  'request-path': Placed & { allowed: string };
  /** `got` is the status. Both are absent if a request came in place of a response, or a response in place of one. */
  'request-status': Placed & { got?: number; allowed?: string };
  /** In bytes. */
  'request-too-large': Placed & Counted;
  /** `rule` is the path of the rule. Packs warn with this code, `rule-name`, `rule-not` and `rule-unmet`. */
  'rule-data-missing': { rule: string };
  /** `rule` is the path of the policy rule that failed. */
  'rule-error': { rule: string };
  'rule-name': { rule: string };
  'rule-not': { rule: string };
  'rule-unmet': { rule: string };
  /** `dropped` names members of the event, or types of the items of a list. */
  'shape-dropped': { dropped?: string[] };
  'shape-malformed': Placed;
  'shape-missing': Placed;
  /** `expected` describes the encoding. */
  'signature-malformed': Placed & { expected?: string };
  /** `keys` is how many keys were tried. */
  'signature-mismatch': Placed & Helped & { keys: number };
  'signature-missing': Placed;
  /** The length of the signature, and that of the contract's algorithm, in bytes. */
  'signature-unsupported': Placed & { got?: number; allowed?: number };
  /** `expected` describes the format. */
  'timestamp-malformed': Placed & { expected: string };
  'timestamp-missing': Placed;
  'timestamp-too-new': Placed & Helped & OutsideWindow;
  'timestamp-too-old': Placed & Helped & OutsideWindow;
  'version-deprecated': unknown;
  /** `allowed` lists the versions that the contract has. */
  'version-unknown': Placed & { allowed: string };

  'schema-additional-items': InSchema & Counted;
  'schema-additional-properties': InSchema & Helped;
  'schema-any-of': InSchema;
  /** `allowed` is the constant. */
  'schema-const': InSchema & { allowed: unknown };
  'schema-contains': InSchema;
  'schema-content-encoding': InSchema;
  'schema-content-media-type': InSchema;
  /** `allowed` are the values of the enum. */
  'schema-enum': InSchema & { allowed: unknown[] };
  'schema-exclusive-maximum': InSchema & { allowed: number };
  'schema-exclusive-minimum': InSchema & { allowed: number };
  'schema-false-schema': InSchema;
  /** `expected` is the format's name. */
  'schema-format': InSchema & { expected: string };
  'schema-max-items': InSchema & Counted;
  /** In Unicode code points. */
  'schema-max-length': InSchema & Counted;
  'schema-max-properties': InSchema & Counted;
  'schema-maximum': InSchema & { allowed: number };
  'schema-min-items': InSchema & Counted;
  /** In Unicode code points. */
  'schema-min-length': InSchema & Counted;
  'schema-min-properties': InSchema & Counted;
  'schema-minimum': InSchema & { allowed: number };
  'schema-multiple-of': InSchema & { allowed: number };
  'schema-not': InSchema;
  'schema-one-of': InSchema;
  /** `allowed` is the pattern, as the schema has it. */
  'schema-pattern': InSchema & { allowed: string };
  'schema-property-names': InSchema;
  /** `property` is the name of the missing member. */
  'schema-required': InSchema & { property: string };
  /** `got` is the value's type and `allowed` lists the schema's. */
  'schema-type': InSchema & { got: string; allowed: string };
  'schema-unevaluated-items': InSchema;
  'schema-unevaluated-properties': InSchema & Helped;
  'schema-unique-items': InSchema;

  /**
   * `allowed` is the limit, and `got` what came, if that was counted. `rule` is the policy rule that reached it, and
   * `offset` the place in the body, in bytes.
   */
  [limit: `limit-${string}`]: { got?: number; allowed?: number; rule?: string; offset?: number };
  /** `rule` is the path of the rule that reported it, and `facts` are the rule's own. */
  [policy: `policy-${string}`]: { rule: string; facts?: Record<string, unknown> };
}
