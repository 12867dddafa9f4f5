// Finds what should not be shared: places that look like a live secret, and the page's own keys.

import { JsonText } from '../../../pkg/places/json-text.js';
import { credentialRanges, isSecretParameter, merged, secretRanges } from '../../../pkg/places/secrets.js';
import { headersNamed, layoutOf, type Range } from '../../../pkg/read/layout.js';
import { latin1 } from '../base/bytes.js';
import { contractDocument, type Contracts } from '../contract/files.js';
import { bodyBytes } from '../request/recording.js';
import type { Secrets, State } from '../state.js';
import { keySearch } from './key-search.js';
import { ownSignature } from './own-signature.js';
import { sharedTexts, withTexts } from './shared-texts.js';

const PLACEHOLDER = /^(?:\[redacted\]|\[masked\]|\*+|x{4,}|<[^>]*>|\$\{.*\}|\$\w+|\{\{.*\}\})$/is;
const NO_VALUE = /^(?:null|true|false|undefined|change-?me|your[-_].*|example.*)$/is;

export interface Suspicion {
  /** A JSON Pointer into the State: `/message/text`, `/contract/files/policy.rego`. */
  where: string;
  from: number;
  to: number;
  /** Its first characters at most. */
  masked: string;
}

const MARK = '[redacted]';
const SHORTEST = 8; // a shorter value stands elsewhere by chance
const START = 12; // of a value that a message cuts
const DOCUMENTS = '/deployment/documents';
const MESSAGE = '/message/text';
const PUBLIC_KEY = /^\/publicKeys\/\d+\/text$/;

// Live secrets that tell by their form what they are, wherever they stand.
const KNOWN = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
  /(?<![A-Za-z0-9])(?:whsec|sk_live|sk_test|rk_live|rk_test|gh[oprsu]|github_pat|npm|shpat|shpss)_[\w+/-]{12,}=*/g,
  /(?<![A-Za-z0-9])(?:xox[abeoprs]-[\w-]{10,}|xapp-[\w-]{10,}|glpat-[\w-]{16,}|sk-[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,}|AIza[\w-]{35})/g,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /"d"\s*:\s*"([\w-]{40,})"/g, // of a private JSON Web Key
];

/** Places that look like a live secret, in order. The signature that the contract itself reads is none. */
export async function suspicious(state: State, contracts: Contracts = {}): Promise<Suspicion[]> {
  const found: Suspicion[] = [];
  const contract = contractDocument(state.contract, contracts);
  for (const [where, text] of sharedTexts(state)) {
    const ranges =
      where === MESSAGE
        ? messageRanges(state, contract)
        : where === DOCUMENTS
          ? await documentRanges(text)
          : PUBLIC_KEY.test(where)
            ? publicKeyRanges(text)
            : textRanges(where, text);
    for (const [from, to] of merged(ranges) as Range[])
      found.push({ where, from, to, masked: masked(text.slice(from, to)) });
  }
  return found;
}

/**
 * Where a key of the page stands in what would be shared, in whatever encoding: nothing may be shared until it is gone.
 */
export function holds(state: State, { keys, others }: Secrets): string[] {
  const holdsKey = keySearch([...keys.map(({ secret }) => secret), ...others]);
  const found = sharedTexts(state)
    .filter(([, text]) => holdsKey(text))
    .map(([where]) => where);
  if (state.message.base64 && !found.includes(MESSAGE) && holdsKey(bodyText(state.message))) found.push(MESSAGE);
  return [...new Set(found)];
}

/**
 * A copy without the suspicious places. A body of another length gets its Content-Length; its signature no longer
 * holds.
 */
export async function redacted(state: State, contracts: Contracts = {}): Promise<State> {
  const found = await suspicious(state, contracts);
  const values = valuesOf(state, found).filter(({ length }) => length >= SHORTEST);
  const copy = withTexts(state, (where, text) =>
    values.reduce(
      (out, value) => out.replaceAll(value, MARK),
      without(
        text,
        found.filter((one) => one.where === where),
        where === DOCUMENTS,
      ),
    ),
  );
  if (copy.message.text === state.message.text) return copy;
  const start = layoutOf(state.message.text).bodyStart;
  const bodyGone = state.message.base64 === true && found.some(({ where, to }) => where === MESSAGE && to > start);
  const message = bodyGone ? { text: copy.message.text } : copy.message;
  return { ...copy, message: { ...message, text: withLength(message) } };
}

/** The texts of the suspicious places. */
export function valuesOf(state: State, found: Suspicion[]): string[] {
  const all = new Map<string, string[]>();
  for (const [where, text] of sharedTexts(state)) all.set(where, [...(all.get(where) ?? []), text]);
  const values = found.flatMap(({ where, from, to }) =>
    (all.get(where) ?? []).map((text) => text.slice(from, to).trim()),
  );
  return [...new Set(values)].filter((value) => isWorth(value)).sort((left, right) => right.length - left.length);
}

/**
 * Every text that begins as a value does is taken out, as far as it goes on so: messages quote values escaped, and cut
 * them.
 */
export function withoutValues(text: string, values: string[]): string {
  const forms = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1), value.replace(/\s+/g, ' ')]);
  return [...new Set(forms)].reduce((out, value) => withoutValue(out, value, value.slice(0, START)), text);
}

function withoutValue(text: string, value: string, start: string): string {
  let [out, at] = ['', 0];
  for (let from = text.indexOf(start); from !== -1; from = text.indexOf(start, at)) {
    let length = start.length;
    while (length < value.length && text[from + length] === value[length]) length += 1;
    out += text.slice(at, from) + MARK;
    at = from + length;
  }
  return out + text.slice(at);
}

function without(text: string, places: Suspicion[], quoted: boolean): string {
  let [out, at] = ['', 0];
  for (const { from, to } of places) {
    // Bare brackets would be a list in YAML, and nothing in JSON.
    const mark = quoted && !/["']/.test(text[from - 1] ?? '') ? `"${MARK}"` : MARK;
    out += text.slice(at, from) + mark;
    at = to;
  }
  return out + text.slice(at);
}

function withLength(message: State['message']): string {
  const layout = layoutOf(message.text);
  const [length] = headersNamed(layout, 'content-length');
  const body = bodyBytes(message, layout);
  if (length === undefined || body === undefined) return message.text;
  return message.text.slice(0, length.valueRange[0]) + String(body.length) + message.text.slice(length.valueRange[1]);
}

function messageRanges({ message }: State, contract: Record<string, unknown> | undefined): Range[] {
  const { text, base64 } = message;
  const { headers, bodyStart } = layoutOf(text);
  const own = ownSignature(text, contract);
  const inHeaders = headers
    .filter(({ name }) => isSecretParameter(name.trim()))
    .map(({ value, valueRange: [from, to] }): Range => {
      const scheme = /^[A-Za-z]+ +(?=\S)/.exec(value)?.[0] ?? '';
      return [from + scheme.length, to];
    });
  const shown = base64 === true ? text.slice(0, bodyStart) : text;
  const hidden = base64 === true && looksLive(bodyText(message)) ? [[bodyStart, text.length] as Range] : [];
  const isOwn = ([from, to]: Range) => own.some(([start, end]) => from < end && to > start);
  return [...inHeaders, ...generalRanges(shown), ...hidden].filter(
    (range) => isWorth(text.slice(...range)) && !isOwn(range),
  );
}

async function documentRanges(text: string): Promise<Range[]> {
  const ranges = [...generalRanges(text)];
  for (const document of await documentsOf(text)) {
    const found = (secretRanges(document) as Range[] | undefined) ?? [];
    ranges.push(...found.map(([from, to]) => withoutQuotes(text, from, to)));
  }
  return ranges.filter(([from, to]) => isWorth(text.slice(from, to)));
}

/** What cannot be read is searched as text alone. */
async function documentsOf(text: string): Promise<{ value: unknown; locate: (pointer: string) => unknown }[]> {
  try {
    if (/^\s*[[{]/.test(text)) {
      const source = new JsonText(text);
      return [{ value: JSON.parse(text), locate: (pointer) => source.locate(pointer) }];
    }
    const { yamlDocuments } = await import('../../../pkg/read/yaml-documents.js');
    return text.trim() === '' ? [] : yamlDocuments(text, '');
  } catch {
    return [];
  }
}

function withoutQuotes(text: string, from: number, to: number): Range {
  const quote = text[from] ?? '';
  return /["']/.test(quote) && text[to - 1] === quote && to - from > 1 ? [from + 1, to - 1] : [from, to];
}

/** What cannot be a public key, and stands where one belongs, may be a secret one. */
function publicKeyRanges(text: string): Range[] {
  const known = knownRanges(text).filter(([from, to]) => isWorth(text.slice(from, to)));
  return known.length > 0 || looksPublic(text) || !isWorth(text) ? known : [[0, text.length]];
}

function looksPublic(text: string): boolean {
  const plain = text.replace(/\s+/g, '');
  if (/^\{/.test(plain)) return /"kty":"(?!oct)/.test(plain);
  return (
    /^-----BEGINPUBLICKEY-----/.test(plain) || /^[0-9a-fA-F]{64,}$/.test(plain) || /^[\w+/-]{43,}={0,2}$/.test(plain)
  );
}

/** A program and a contract are full of names such as `token=`, so only what tells by its form counts there. */
function textRanges(where: string, text: string): Range[] {
  const ofNames = where.startsWith('/contract/') || where.startsWith('/deployment/policy');
  return (ofNames ? knownRanges(text) : generalRanges(text)).filter(([from, to]) => isWorth(text.slice(from, to)));
}

function generalRanges(text: string): Range[] {
  const ranges = (credentialRanges(text) as Range[]).filter(
    ([from, to]) => text[from - 1] !== '/' || isRandom(text.slice(from, to)),
  );
  return [...ranges, ...knownRanges(text)];
}

function knownRanges(text: string): Range[] {
  return KNOWN.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match): Range => {
      const value = match[1] ?? match[0];
      const from = match.index + match[0].lastIndexOf(value);
      return [from, from + value.length];
    }),
  );
}

/** A long part of a path is a secret where it is no words. */
function isRandom(text: string): boolean {
  if (/^(?:bot|gh[a-z]|pat|sat|sk|whsec)_/i.test(text)) return true;
  return text.split(/[-._~:,;%]/).some((part) => part.length >= 16 && /\d/.test(part) && /[A-Za-z]/.test(part));
}

/** Not what stands in a secret's place in every example, and no reference to one. */
function isWorth(text: string): boolean {
  const plain = text.replace(/^["'\s]+|["'\s,]+$/g, '');
  // BOT_INVALID is a word.
  if (plain.replace(/[^A-Za-z0-9]/g, '').length < 4 || /^[A-Z]+(?:_[A-Z]+)+$/.test(plain)) return false;
  if (isReference(plain)) return false;
  return !PLACEHOLDER.test(plain) && !NO_VALUE.test(plain);
}

/** A volume that names a Secret, or a list of such names, as `imagePullSecrets` is. */
function isReference(text: string): boolean {
  const names = new Set(Array.from(text.matchAll(/([\w-]+)["']?\s*:/g), ([, name = '']) => name));
  if (names.has('secretName'))
    return [...names].every((name) =>
      ['secretName', 'optional', 'defaultMode', 'items', 'key', 'path', 'mode'].includes(name),
    );
  return /^[-[]/.test(text) && names.size === 1 && names.has('name');
}

function looksLive(text: string): boolean {
  return generalRanges(text).some(([from, to]) => isWorth(text.slice(from, to)));
}

function masked(text: string): string {
  return text.length >= 16 ? `${text.slice(0, 4)}…` : '…';
}

/** Of a body in base64: what it says once more. */
function bodyText(message: State['message']): string {
  return latin1(bodyBytes(message, layoutOf(message.text)) ?? new Uint8Array());
}
