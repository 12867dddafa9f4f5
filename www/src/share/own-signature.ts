// Where the contract's own signature and its fields stand in the message: they are meant to be shown, and say nothing
// of the key.

import { JsonText } from '../../../pkg/places/json-text.js';
import { pointerParts } from '../../../pkg/places/lines.js';
import { layoutOf, pairsIn, type Range } from '../../../pkg/read/layout.js';
import { isObject } from '../base/json.js';

/** Ranges of the message's text. Of a `token` none: there the signature is the key itself. */
export function ownSignature(text: string, contract: Record<string, unknown> | undefined): Range[] {
  const sources = sourcesOf(contract?.signature);
  const { headers, query, bodyStart } = layoutOf(text);
  return [
    ...headers.filter(({ name }) => sources.headers.includes(name.toLowerCase())).map(({ valueRange }) => valueRange),
    ...query.filter(({ name }) => sources.queries.includes(name)).map(({ valueRange }) => valueRange),
    ...sources.pointers.flatMap((pointer) => inBody(text, bodyStart, pointer)),
  ];
}

function sourcesOf(signature: unknown): { headers: string[]; queries: string[]; pointers: string[] } {
  const none = { headers: [], queries: [], pointers: [] };
  if (!isObject(signature)) return none;
  if (signature.engine === 'rfc9421') return { ...none, headers: ['signature', 'signature-input', 'content-digest'] };
  if (signature.engine === 'dpop') return { ...none, headers: ['dpop'] };
  if (!isObject(signature.key) || signature.key.algorithm === 'token') return none;
  const fields = isObject(signature.fields)
    ? Object.values(signature.fields).map((field) => (isObject(field) ? field.from : undefined))
    : [];
  const sources = [signature.from, ...fields].filter(isObject);
  const named = (kind: string) =>
    sources.flatMap((source) => source[kind]).filter((name): name is string => typeof name === 'string');
  return {
    headers: named('header').map((name) => name.toLowerCase()),
    queries: named('query'),
    pointers: named('body'),
  };
}

function inBody(text: string, start: number, pointer: string): Range[] {
  const body = text.slice(start);
  if (!/^\s*[[{]/.test(body)) {
    const [wanted] = (pointerParts(pointer) ?? []) as string[];
    return pairsIn(text, [start, text.length])
      .filter(({ name }) => name === wanted)
      .map(({ valueRange }) => valueRange);
  }
  const { exact, value } = new JsonText(body).locate(pointer);
  return exact ? [[start + value[0], start + value[1]]] : [];
}
