// What the page shows and judges. Everything in `State` may stand in a link; what is secret stands in `Secrets`, which
// no function that makes a link takes.

export type Mode = 'webhook' | 'deployment';
/** verify: judge the message. sign: make its signature. shape: make the canonical message of a native event. */
export type Action = 'verify' | 'sign' | 'shape';
export type Pane = 'input' | 'rules' | 'result';
export type InputTab = 'raw' | 'headers' | 'query' | 'body';
export type RulesTab = 'form' | 'contract' | 'schema' | 'policy' | 'data';
export type ResultTab = 'findings' | 'signed' | 'message' | 'json';
/** In deployment mode: which packs, one's own Rego, its data. */
export type PackTab = 'packs' | 'policy' | 'data';

export interface State {
  mode: Mode;
  action: Action;
  /** What is open. `pane` is the one that a narrow screen shows. */
  open: { pane: Pane; input: InputTab; rules: RulesTab; result: ResultTab; pack: PackTab; file?: string };
  /** The path of the case, below tests/cases, that this began with; its published test keys come with it. */
  example?: string;
  /** A raw HTTP/1.1 message; line breaks as they are. `base64`: its body is written in base64, as it is no UTF-8. */
  message: { text: string; base64?: boolean };
  /**
   * `shipped`: a contract that ships; `files` replaces its files and adds to them. Without it, all files:
   * `contract.json` and what it names.
   */
  contract: { shipped?: string; files: Record<string, string> };
  /** `data.params` of policies, as JSON text. */
  params: string;
  /** The public `scheme://host`, where a proxy stands before the receiver. */
  origin: string;
  /**
   * Public keys, each as the contract's key format says (a JSON Web Key as JSON text). Secret ones stand in `Secrets`.
   */
  publicKeys: { id?: string; text: string }[];
  /** Unix seconds; null: the clock. */
  now: number | null;
  /** Replay keys that were claimed by "send", and when they may be forgotten. */
  seen: { key: string; until: number }[];
  /** Further options of a check that an example has: `stopAtFirst`, `jkt`, `nonces`, and `limits` of compile. */
  options: Record<string, unknown>;
  deployment: {
    /** YAML (several documents too) or JSON text. */
    documents: string;
    /** Packs that ship. */
    packs: string[];
    /** One's own Rego, by path. */
    policy: Record<string, string>;
    /** Members under `data.`, as JSON text. */
    data: string;
    /** `data.params`, as JSON text. */
    params: string;
  };
}

/** Never stored, and never in a link. */
export interface Secrets {
  /** A text each, as the contract's key format says. */
  keys: { id?: string; secret: string | Uint8Array }[];
  /** Keys that the sender may have used by mistake: the doctor tries them. */
  others: string[];
}

export function initialState(): State {
  return {
    mode: 'webhook',
    action: 'verify',
    open: { pane: 'input', input: 'raw', rules: 'form', result: 'findings', pack: 'packs' },
    message: { text: '' },
    contract: { files: {} },
    params: '',
    origin: '',
    publicKeys: [],
    now: null,
    seen: [],
    options: {},
    deployment: { documents: '', packs: [], policy: {}, data: '', params: '' },
  };
}
