// Reads files as documents, each kind by its reader.

import { createRequire } from 'node:module';

import { jsonProblems } from '../api/node.js';
import { dockerfileDocument } from '../read/dockerfile.js';
import { envDocument } from '../read/env.js';
import { iniDocument } from '../read/ini.js';
import { jsonLines } from '../read/json-lines.js';
import { describedBy, kindOfName, kindOfText } from '../read/kinds.js';
import { decode, decodeJson } from '../read/text.js';
import { tomlDocument } from '../read/toml.js';
import { harDocuments, httpDocuments } from '../read/traffic.js';
import { Unevaluated } from '../read/unevaluated.js';
import { yamlComments } from '../read/yaml-comments.js';
import { yamlDocuments } from '../read/yaml-documents.js';
import { readBytes } from './files.js';
import { inJson, usable } from './json-document.js';

const require = createRequire(import.meta.url);
const PLAN = 'terraform show -json FILE > plan.json, where terraform plan -out=FILE wrote the file';

/** A reader for each kind: from bytes, the name of their file and options to documents, or problems in their place. */
const READERS = {
  cloudformation: (bytes, file) => only('cloudformation', inYaml(bytes, file, { tags: true })),
  cyclonedx: (bytes, file) =>
    only('cyclonedx', inJson(bytes, file), 'export it as JSON, which begins with `bomFormat`'),
  dockerfile: (bytes, file) => [dockerfileDocument(decode(bytes, file), file)],
  env: (bytes, file) => [envDocument(decode(bytes, file), file)],
  har: (bytes, file) => harDocuments(bytes, file, jsonProblems),
  hcl: (_, file) => {
    throw new Unevaluated('HCL is not read: a rule needs what Terraform makes of it', { file }, PLAN);
  },
  http: (bytes, file) => httpDocuments(bytes, file, jsonProblems),
  ini: (bytes, file) => [iniDocument(decode(bytes, file), file)],
  json: inJson,
  jsonl: (bytes, file) => jsonLines(decodeJson(bytes, file).text, file, jsonProblems),
  spdx: (bytes, file) => only('spdx', inJson(bytes, file), 'convert it to the JSON of SPDX, which has `spdxVersion`'),
  terraform: (bytes, file) => only('terraform', inJson(bytes, file), PLAN),
  toml: (bytes, file) => [tomlDocument(decode(bytes, file), file, require('smol-toml'))],
  yaml: inYaml,
};

/** [beginning of a text, what is wrong, fix] of what is known and not read. */
const OTHERS = [
  [/^\s*</, 'XML is not read', 'CycloneDX and SPDX have a form in JSON: export that'],
  [/^SPDXVersion:/m, 'SPDX in its form of tags and values is not read', 'convert it to JSON, which has `spdxVersion`'],
];
const NO_KIND = 'neither its name nor its text says what it is, so it was read as YAML: --as KIND says what it is';

/** The kinds that `--as` takes. */
export const KINDS = Object.keys(READERS).filter((kind) => kind !== 'hcl');

/**
 * The documents of a file: { value, file, text, line, locate(pointer) }. What keeps one of several from being read
 * stands in its place: { problem }. Throws Unevaluated if none can be read.
 * @param options `as`: a kind (default: by the name, else by the text); `asJson`: in YAML, plain words only as JSON
 * writes them; `bytes` if they are not in a file
 */
export function readDocuments(path, { as = kindOfName(path), asJson = false, bytes = readBytes(path) } = {}) {
  const file = path === '-' ? '<stdin>' : path;
  if (as !== undefined) return READERS[as](bytes, file, { asJson }).map(usable);
  try {
    return READERS[inferred(bytes, file, asJson)](bytes, file, { asJson }).map(usable);
  } catch (error) {
    if (error instanceof Unevaluated) error.help ??= NO_KIND;
    throw error;
  }
}

/** A contract is JSON or YAML. */
function inferred(bytes, file, asJson) {
  if (isZip(bytes)) throw new Unevaluated('a plan of Terraform in its binary form, or another archive', { file }, PLAN);
  const { text } = decodeJson(bytes, file);
  const other = asJson ? undefined : OTHERS.find(([pattern]) => pattern.test(text));
  if (other) throw new Unevaluated(other[1], { file }, other[2]);
  const kind = kindOfText(text);
  return asJson && kind !== 'json' ? 'yaml' : kind;
}

function isZip([first, second, third, fourth]) {
  return first === 0x50 && second === 0x4b && third === 3 && fourth === 4;
}

function inYaml(bytes, file, options) {
  const text = decode(bytes, file);
  // The page has no need of comments.
  return yamlDocuments(text, file, options).map((one) => ({ ...one, comments: () => yamlComments(text) }));
}

/** With `--as`, what is of another kind is refused. */
function only(wanted, documents, help) {
  for (const { value, file, line } of documents) {
    const found = describedBy(value);
    if (found?.kind === wanted) continue;
    const what = found ? `${found.name}, not what --as ${wanted} says` : `not what --as ${wanted} says`;
    if (wanted !== 'cloudformation' || found !== undefined)
      throw new Unevaluated(`it is ${what}`, { file, line }, help);
  }
  return documents;
}
