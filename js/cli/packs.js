// Packs by name or folder, and which documents each judges.

import { statSync } from 'node:fs';
import { relative, sep } from 'node:path';

import { loadPack, shipped } from '../node-api.js';
import { readDocuments } from './documents.js';
import { readText } from './files.js';
import { Unevaluated, UsageError } from './outcome.js';
import { walk } from './walk.js';

/** The packs of `--pack`, or those that the documents' kinds ask for: { name, pack, documents }. */
export async function packsFor(documents, { pack: names, limits }) {
  if (names !== undefined) {
    return Promise.all([...new Set(names)].map(async (name) => ({ name, pack: await load(name, limits), documents })));
  }
  const kubernetes = documents.filter(({ value }) => isKubernetes(value));
  const other = documents.find(({ value }) => !isKubernetes(value));
  if (other) {
    throw new Unevaluated('no pack judges this kind of document', { file: other.file, line: other.line }, 'it has no `apiVersion` and `kind`: say --pack NAME|DIR');
  }
  return kubernetes.length === 0 ? [] : [{ name: 'kubernetes', pack: await load('kubernetes', limits), documents: kubernetes }];
}

function isKubernetes(value) {
  return typeof value.apiVersion === 'string' && typeof value.kind === 'string';
}

async function load(name, limits) {
  // A shipped name has neither a slash nor a dot.
  if (!/[/\\.]/.test(name)) return loadPack((await shipped.pack(name)).files, { limits });
  if (!statSync(name, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`--pack ${name}: there is no such folder`);
  const files = {};
  for (const path of walk(name)) {
    if (path.endsWith('.rego') && !path.endsWith('_test.rego')) files[relative(name, path).replaceAll(sep, '/')] = readText(path);
  }
  if (Object.keys(files).length === 0) throw new Unevaluated('there is no policy in it', { file: name }, 'a pack is a folder of .rego files');
  return loadPack(files, { limits });
}

/** What `--data` and `--set` say: the members under `data.`, and data.params. */
export function dataOf({ data: files = [], set = [] }) {
  const { params = {}, ...data } = Object.assign({}, ...files.map(dataFile));
  if (params === null || typeof params !== 'object' || Array.isArray(params)) throw new UsageError('--data: `params` must be an object');
  return { data, params: Object.assign({}, params, ...set.map(assignment)) };
}

function dataFile(path) {
  const documents = readDocuments(path);
  if (documents.length !== 1 || Array.isArray(documents[0].value)) throw new UsageError(`--data ${path}: it must be one object`);
  return documents[0].value;
}

function assignment(text) {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined) throw new UsageError('--set needs KEY=VALUE');
  return { [key]: jsonOrText(value) };
}

function jsonOrText(value) {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
