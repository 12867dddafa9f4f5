// Where the contract's own signature and its fields stand in the message: they are meant to be shown, and say nothing of the key.

import { JsonText } from '../../../pkg/report/json-text.js';
import { layoutOf } from './message-text.js';
import { isObject } from './state-form.js';

type Range = [from: number, to: number];

/** Ranges of the message's text. Of a `token` none: there the signature is the key itself. */
export function ownSignature(text: string, contract: Record<string, unknown> | undefined): Range[] {
  const sources = sourcesOf(contract?.signature);
  const { startLine, headers, body } = layoutOf(text);
  return [
    ...headers.filter(({ name }) => sources.headers.includes(name)).map(({ value }) => value),
    ...sources.queries.flatMap((name) => parameters(text, startLine[0], startLine[1], name)),
    ...sources.pointers.flatMap((pointer) => inBody(text, body, pointer)),
  ];
}

function sourcesOf(signature: unknown): { headers: string[]; queries: string[]; pointers: string[] } {
  const none = { headers: [], queries: [], pointers: [] };
  if (!isObject(signature)) return none;
  if (signature.engine === 'rfc9421') return { ...none, headers: ['signature', 'signature-input', 'content-digest'] };
  if (signature.engine === 'dpop') return { ...none, headers: ['dpop'] };
  if (!isObject(signature.key) || signature.key.algorithm === 'token') return none;
  const fields = isObject(signature.fields) ? Object.values(signature.fields).map((field) => (isObject(field) ? field.from : undefined)) : [];
  const sources = [signature.from, ...fields].filter(isObject);
  const named = (kind: string) => sources.flatMap((source) => source[kind]).filter((name): name is string => typeof name === 'string');
  return { headers: named('header').map((name) => name.toLowerCase()), queries: named('query'), pointers: named('body') };
}

function inBody(text: string, start: number, pointer: string): Range[] {
  const body = text.slice(start);
  if (!/^\s*[[{]/.test(body)) return parameters(text, start, text.length, pointer.slice(1));
  const { exact, value } = new JsonText(body).locate(pointer);
  return exact ? [[start + value[0], start + value[1]]] : [];
}

/** The values of `name=` in a query or form. */
function parameters(text: string, from: number, to: number, name: string): Range[] {
  const found: Range[] = [];
  for (const match of text.slice(from, to).matchAll(/(^|[?&])([^?&=\s]+)=([^&\s#]*)/g)) {
    const [whole, , key = '', value = ''] = match;
    const end = from + match.index + whole.length;
    if (key === name || key === encodeURIComponent(name)) found.push([end - value.length, end]);
  }
  return found;
}
