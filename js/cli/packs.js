// Loads packs by name or folder, and decides which documents each one checks.

import { relative, sep } from 'node:path';

import { loadPack, shipped } from '../api/node.js';
import { ContractError } from '../core/errors.js';
import { Unevaluated } from '../read/unevaluated.js';
import { readDocuments } from './documents.js';
import { readText } from './files.js';
import { UsageError } from './outcome.js';
import { kindOf, walk } from './walk.js';

/** The packs of `--pack`, or those for the kinds of the documents: { name, pack, documents }. */
export async function packsFor(documents, { pack: names }) {
  if (names !== undefined) {
    const fed = (name) => documents.filter((document) => isJudged(document, [name]));
    return Promise.all(
      [...new Set(names)].map(async (name) => ({ name, pack: await load(name), documents: fed(name) })),
    );
  }
  return documents.length === 0 ? [] : [{ name: 'kubernetes', pack: await load('kubernetes'), documents }];
}

// A pack of the user's own may check anything; a shipped one checks only its kind.
const JUDGED = { 'api-lifecycle': isTraffic, 'coze-migration': isTraffic, kubernetes: isKubernetes };

/** Whether one of these packs checks this kind of document. */
export function isJudged(document, names = ['kubernetes']) {
  return names.some((name) => !Object.hasOwn(JUDGED, name) || JUDGED[name](document));
}

export function isKubernetes({ value }) {
  return typeof value.apiVersion === 'string' && typeof value.kind === 'string';
}

/** Whether it is an entry of recorded traffic. */
export function isTraffic({ traffic }) {
  return traffic === true;
}

async function load(name) {
  // A shipped name has neither a slash nor a dot.
  if (!/[/\\.]/.test(name)) return loaded(name, (await shippedPack(name)).files);
  if (kindOf(name)?.isFile())
    throw new UsageError(`--pack ${name}: it is a file`, 'give the folder that contains the .rego files');
  if (!kindOf(name)?.isDirectory()) throw new UsageError(`--pack ${name}: there is no such folder`);
  const files = {};
  for (const path of walk(name)) {
    if (path.endsWith('.rego') && !path.endsWith('_test.rego'))
      files[relative(name, path).replaceAll(sep, '/')] = readText(path);
  }
  if (Object.keys(files).length === 0)
    throw new Unevaluated('it contains no policy', { file: name }, 'a pack is a folder of .rego files');
  return loaded(name, files);
}

/** If there is a folder with that name, the user may have meant it. */
async function shippedPack(name) {
  try {
    return await shipped.pack(name);
  } catch (error) {
    if (error instanceof ContractError && kindOf(name)?.isDirectory()) {
      throw new UsageError(
        `--pack ${name}: there is no shipped pack with this name`,
        `for the folder, write --pack ./${name}`,
      );
    }
    throw error;
  }
}

/** Without a policy that loads, nothing can be checked. */
async function loaded(name, files) {
  try {
    return await loadPack(files);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    throw new Unevaluated(
      `${error.at ? `${error.at}: ` : ''}${error.message}`,
      { file: name, code: error.code },
      error.help,
    );
  }
}

/** The values of `--data` and `--set`: the members under `data.`, and data.params. */
export function dataOf({ data: files = [], set }) {
  const { params = {}, ...data } = Object.assign({}, ...files.map(dataFile));
  if (params === null || typeof params !== 'object' || Array.isArray(params))
    throw new UsageError('--data: `params` must be an object');
  return { data, params: { ...params, ...parametersOf({ set }) } };
}

/** The values of `--set`. */
export function parametersOf({ set = [] }, read = jsonOrText) {
  return Object.assign({}, ...set.map((text) => assignment(text, read)));
}

function dataFile(path) {
  const documents = configured(() => readDocuments(path));
  if (documents.length !== 1 || Array.isArray(documents[0].value))
    throw new UsageError(`--data ${path}: it must be one object`);
  return documents[0].value;
}

/** Data is configuration: an error in it is a usage error, not a problem of the input. */
function configured(read) {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    const { file, line, column } = error.place;
    throw new UsageError(
      `--data ${[file, line, column].filter((part) => part !== undefined).join(':')}: ${error.message}`,
      error.help,
    );
  }
}

function assignment(text, read) {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined) throw new UsageError('--set needs KEY=VALUE');
  return { [key]: read(value) };
}

/** For a contract's policy, which compares values with those in a message: a name such as 7 stays a text. */
export function textUnlessMarked(value) {
  return /^[[{"]/.test(value) ? jsonOrText(value) : value;
}

function jsonOrText(value) {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
