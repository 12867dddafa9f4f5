// JSON text read as the engine reads it: what two readers could take in two ways is a problem with a place.

import type { Finding } from '../../../pkg/index.js';
import { JsonText } from '../../../pkg/report/json-text.js';
import { utf8 } from '../base/bytes.js';

/** What keeps a text from being read, and where. Offsets are those of the editor: UTF-16 units. */
export interface Problem {
  message: string;
  from: number;
  to: number;
  help?: string;
}

/** Where a pointer's value stands. `exact`: it is there; else it is the nearest parent that is. */
export interface Place {
  from: number;
  to: number;
  line: number;
  column: number;
  exact: boolean;
}

/** The engine's strict reader. */
export type JsonProblems = (bytes: Uint8Array) => Finding[] | Promise<Finding[]>;

/** What the places of pkg/report have in common. */
interface Found {
  offsets: [number, number];
  line: number;
  column: number;
  exact?: boolean;
}

export function placeOf({ offsets: [from, to], line, column, exact = true }: Found): Place {
  return { from, to, line, column, exact };
}

/** { value } of a JSON text, or what is wrong with it. */
export async function readJson(
  text: string,
  jsonProblems: JsonProblems,
): Promise<{ value: unknown } | { problem: Problem }> {
  const bytes = utf8(text);
  const found = (await jsonProblems(bytes)).find(({ severity }) => severity === 'error');
  if (!found) return { value: JSON.parse(text) };
  const {
    offsets: [from, to],
  } = new JsonText(text).placeOf({ offset: found.offset, at: found.at }, bytes) as Found;
  return { problem: { message: found.message, from, to: Math.max(from, to), help: found.help } };
}

/** Is a text meant as JSON? A flow map of YAML, `{kind: Pod}`, is not, and neither is a template, `{{ .Values }}`. */
export function looksLikeJson(text: string): boolean {
  return /^\s*(\{\s*(["}]|$)|\[\s*([{["\]]|$))/.test(text);
}
