// Reads a file of JSON as a document. Who reads nothing else needs no readers of other kinds: they take longer to load
// than many a run.

import { jsonProblems } from '../api/node.js';
import { JsonText } from '../places/json-text.js';
import { strictJson } from '../read/json.js';
import { kindOfText } from '../read/kinds.js';
import { decodeJson } from '../read/text.js';
import { Unevaluated } from '../read/unevaluated.js';

/** In a list, as every reader gives it. */
export function inJson(raw, file) {
  const { text, bytes } = decodeJson(raw, file);
  const source = new JsonText(text);
  const locate = (pointer) => source.locate(pointer);
  return [{ value: jsonOf(text, bytes, file), file, text, line: 1, locate }];
}

function jsonOf(text, bytes, file) {
  try {
    return strictJson(text, bytes, jsonProblems(bytes), file);
  } catch (error) {
    if (error instanceof Unevaluated && kindOfText(text) === 'jsonl')
      throw new Unevaluated('several JSON documents, one on each line', { file, line: 2 }, 'read them with --as jsonl');
    throw error;
  }
}

/** A document that is no value by itself. */
export function usable(document) {
  const { problem, value, file, line } = document;
  if (problem || (value !== null && typeof value === 'object')) return document;
  throw new Unevaluated(
    'the document is a single value, not an object or a list',
    { file, line, column: 1 },
    'is this the right file? --as KIND reads it as another kind',
  );
}
