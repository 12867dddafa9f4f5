// Loads packs by name, folder or file, and decides which documents each one checks.

import { join } from 'node:path';

import { loadPack, shipped } from '../api/node.js';
import { ContractError } from '../core/errors.js';
import { Unevaluated } from '../read/unevaluated.js';
import { UsageError } from './outcome.js';
import { kindOf } from './walk.js';

/**
 * The packs of `--pack`, or those for the kinds of the documents: { name, names, pack, schema, documents }.
 * @param namesOf the packs of a document, if not those of all
 */
export async function packsFor(documents, { pack: names, ...options }, namesOf = () => names) {
  const wanted = new Set([...(names ?? []), ...documents.flatMap((document) => namesOf(document) ?? ['kubernetes'])]);
  const packs = await packsNamed(wanted, options);
  const isOf = (document, all) => (namesOf(document) ?? ['kubernetes']).some((name) => all.includes(name));
  return packs.map((one) => ({
    ...one,
    documents: documents.filter((document) => isOf(document, one.names) && isJudged(document, one.names)),
  }));
}

/**
 * The packs of these names: { name, names, pack }. Templates and constraints are named file by file: all of those are
 * one pack.
 * @param options `rego` and `namespace`, as in the command line
 */
export async function packsNamed(names, { rego, namespace }) {
  const options = { rego, namespaces: namespace };
  const [files, others] = [[], []];
  for (const name of new Set(names)) (isOwnFile(name) ? files : others).push(name);
  const packs = others.map((name) => load(name, options));
  if (files.length > 0) packs.unshift(ofFiles(files, options));
  return Promise.all(packs);
}

// A pack of the user's own may check anything; a shipped one checks only its kind, and templates judge objects.
const JUDGED = { 'api-lifecycle': isTraffic, 'coze-migration': isTraffic, kubernetes: isKubernetes };

/** Whether one of these packs checks this kind of document. */
export function isJudged(document, names = ['kubernetes']) {
  return names.some((name) => {
    if (isOwnFile(name)) return isKubernetes(document);
    return !Object.hasOwn(JUDGED, name) || JUDGED[name](document);
  });
}

/** Whether one of these packs checks objects of Kubernetes and leaves the rest alone. */
export function judgesKubernetes(names = ['kubernetes']) {
  return names.some((name) => name === 'kubernetes' || isOwnFile(name));
}

/** Whether a pack of these takes files of any kind: a folder of the user's own. */
export function takesAnyKind(names = []) {
  return names.some((name) => isOwn(name) && !isOwnFile(name));
}

export function isKubernetes({ value }) {
  return typeof value.apiVersion === 'string' && typeof value.kind === 'string';
}

/** Whether it is an entry of recorded traffic. */
export function isTraffic({ traffic }) {
  return traffic === true;
}

/** Whether it is a folder or file of the user's. A shipped name has neither a slash nor a dot. */
export function isOwn(name) {
  return /[/\\.]/.test(name);
}

/** Whether a path is one of a file with templates and constraints of Gatekeeper. */
function isTemplateFile(path) {
  return /\.ya?ml$/.test(path);
}

function isOwnFile(name) {
  return isTemplateFile(name) && kindOf(name)?.isFile() === true;
}

async function load(name, options) {
  if (!isOwn(name)) return loaded(name, [name], await shippedPack(name), options);
  if (kindOf(name)?.isFile())
    throw new UsageError(
      `--pack ${name}: it is a file`,
      "give the folder that contains the .rego files; a file is YAML of Gatekeeper's templates and constraints",
    );
  if (!kindOf(name)?.isDirectory())
    throw new UsageError(`--pack ${name}: there is no such folder`, 'name a folder of .rego files, or a shipped pack');
  const { packOfFolder } = await import('./pack-folder.js');
  return loaded(name, [name], packOfFolder(name), options);
}

async function ofFiles(paths, options) {
  const { templatesOf } = await import('./pack-folder.js');
  return loaded(paths.join(' + '), paths, { files: {}, templates: paths.flatMap(templatesOf) }, options);
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

async function loaded(name, names, { files, schema, ...source }, options) {
  return { name, names, schema, pack: await packOf(name, files, { ...source, ...options }) };
}

/** The pack of these files. Without policies that load, nothing can be checked: all mistakes are thrown as one. */
export async function packOf(name, files, options) {
  try {
    return await loadPack(files, options);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    const [first, ...also] = [error, ...(error.also ?? [])].map((one) => problemOf(name, files, one));
    throw Object.assign(first, { also });
  }
}

/** @param error its place is FILE:LINE:COLUMN, or something in the pack that is no file */
function problemOf(name, files, { code, at = '', message, help }) {
  const [, path, line, column] = /^(.*?)(?::(\d+))?(?::(\d+))?$/s.exec(at);
  if (!Object.hasOwn(files, path))
    return new Unevaluated(at ? `${at}: ${message}` : message, { file: name, code }, help);
  const place = { file: join(name, path), code };
  if (line !== undefined) place.line = Number(line);
  if (column !== undefined) place.column = Number(column);
  return new Unevaluated(message, place, help);
}

/** The path of a pack's file, for its reader. The Rego of a template has none. */
export function fileOf(name, file) {
  return isTemplateFile(name) ? file : join(name, file);
}
