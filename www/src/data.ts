// The page's data, made by the build from policies/, js/codes/codes.js and tests/cases, and loaded once. New contracts,
// packs, cases and texts need no change to the page.

export interface Data {
  /** Of the package. */
  version: string;
  /** Contracts that ship: their files (`contract.json` among them) and what each is, in a sentence of Markdown. */
  contracts: Record<string, { summary: string; files: Record<string, string> }>;
  /** Shipped packs: their Rego files. */
  packs: Record<string, { summary: string; files: Record<string, string> }>;
  /** The language's schema, policies/contract.schema.json. */
  contractSchema: Record<string, unknown>;
  /**
   * [what a code means, how to fix it]; a family ends in a hyphen (`schema-`). `texts['zh-CN']` has what is translated.
   */
  texts: Record<string, Record<string, [string, string]>>;
  groups: { title: Record<string, string>; examples: Example[] }[];
}

/** A case of tests/cases. */
export interface Example {
  /** Its path below tests/cases. */
  path: string;
  title: Record<string, string>;
  /** case.json. */
  case: ExampleCase;
  /**
   * In base64: `request.http` or `event.json` or `input.json`; what is expected, `verdict.json`, `shaped.json` or
   * `report.json`; a contract of its own and what that names, beside it wherever they stood, as `case.contract` then
   * says.
   */
  files: Record<string, string>;
}

export interface ExampleCase {
  why?: string;
  contract?: string;
  pack?: string;
  shape?: boolean;
  url?: string;
  now?: number | string;
  keys?: { id?: string; secret?: string; secretBytes?: number[]; publicKey?: string | object }[];
  seen?: string[];
  params?: Record<string, unknown>;
  data?: unknown;
  limits?: Record<string, unknown>;
  origin?: string;
  options?: Record<string, unknown>;
}
