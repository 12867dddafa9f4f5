// Reads files as documents: strict JSON, recorded traffic entry by entry, everything else as YAML.

import { jsonProblems } from '../api/node.js';
import { JsonText } from '../places/json-text.js';
import { strictJson } from '../read/json.js';
import { decode } from '../read/text.js';
import { harDocuments, httpDocuments } from '../read/traffic.js';
import { Unevaluated } from '../read/unevaluated.js';
import { yamlDocuments } from '../read/yaml-documents.js';
import { readBytes } from './files.js';

/**
 * The documents of a file: { value, file, text, locate(pointer) }. Throws Unevaluated if one cannot be read. @param
 * options `as`: `har`, `http`, `json` or `yaml` (default: by the name); `asJson`: in YAML, plain words only as JSON
 * writes them; `bytes` if they are not in a file
 */
export function readDocuments(
  path,
  { as = /\.(har|http|json)$/.exec(path)?.[1], asJson = false, bytes = readBytes(path) } = {},
) {
  const file = path === '-' ? '<stdin>' : path;
  if (as === 'har') return harDocuments(bytes, file, jsonProblems);
  if (as === 'http') return httpDocuments(bytes, file, jsonProblems);
  const text = decode(bytes, path);
  const json = as === 'json' || (as === undefined && path === '-' && isJson(text));
  const documents = json ? [jsonDocument(bytes, text, file)] : yamlDocuments(text, file, { asJson });
  for (const { value, line } of documents) {
    if (value === null || typeof value !== 'object') {
      throw new Unevaluated(
        'the document is a single value, not an object or a list',
        { file, line, column: 1 },
        'is this the right file?',
      );
    }
  }
  return documents;
}

function jsonDocument(bytes, text, file) {
  const value = strictJson(text, bytes, jsonProblems(bytes), file);
  const source = new JsonText(text);
  return { value, file, text, line: 1, locate: (pointer) => source.locate(pointer) };
}

function isJson(text) {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
