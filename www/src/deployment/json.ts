// JSON text read as the engine reads it: what two readers could take in two ways is a problem with a place.

import { strictJson } from '../../../pkg/read/json.js';
import { utf8 } from '../base/bytes.js';
import { type JsonProblems, type Problem, problemOf } from './read-documents.js';

/** { value } of a JSON text, or what is wrong with it. */
export async function readJson(
  text: string,
  jsonProblems: JsonProblems,
): Promise<{ value: unknown } | { problem: Problem }> {
  const bytes = utf8(text);
  const problems = await jsonProblems(bytes);
  try {
    return { value: strictJson(text, bytes, problems, '') };
  } catch (error) {
    return problemOf(error, text);
  }
}

/** Is a text meant as JSON? A flow map of YAML, `{kind: Pod}`, is not, and neither is a template, `{{ .Values }}`. */
export function looksLikeJson(text: string): boolean {
  return /^\s*(\{\s*(["}]|$)|\[\s*([{["\]]|$))/.test(text);
}
