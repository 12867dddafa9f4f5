// What policies read below `data.`: `--data`, `--set`, and the data files of a folder.

import { dirname, relative, sep } from 'node:path';

import { Unevaluated } from '../read/unevaluated.js';
import { NONE } from './config-find.js';
import { readDocuments } from './documents.js';
import { isObject, merged, nested } from './merge.js';
import { UsageError } from './outcome.js';
import { agreed, parametersOf } from './parameters.js';
import { kindOf, walk } from './walk.js';

/**
 * The values of `--data` and `--set`: the members under `data.`, and data.params. Files that contradict each other are
 * refused; `--set` counts before files, and both before the configuration.
 */
export function dataOf(options) {
  const { data, paramsFor } = dataByFiles(options);
  return { data, params: paramsFor({}) };
}

/** As `dataOf`, with the parameters that files of the configuration's `overrides` have. */
export function dataByFiles({ data: paths = [], set, settings = NONE }) {
  const [base, own] = [settings.data, paths].map(filesNamed);
  const given = parametersOf({ set });
  return {
    data: merged([base.data, own.data]),
    paramsFor: (override) => merged([base.params, settings.params, override, own.params, given]),
    // Where the configuration says a parameter, if no flag does.
    placeOf: (path) =>
      [own.params, given].some((one) => Object.hasOwn(one, path[0])) ? undefined : settings.placeOf(path),
  };
}

function filesNamed(paths) {
  const sources = configured(() => paths.flatMap(given));
  const { params = {}, ...data } = agreed(sources, (message, help) => new UsageError(message, help));
  if (!isObject(params)) throw new UsageError('--data: `params` must be an object');
  return { data, params };
}

/** The data of files, each mounted at the names of its folders. Files that contradict each other are refused. */
export function dataOfFiles(folder, paths) {
  const sources = paths.map((path) => mounted(folder, path));
  return agreed(sources, (message, help) => new Unevaluated(message, {}, help));
}

/** Of a folder, every JSON and YAML file. */
function given(path) {
  if (!kindOf(path)?.isDirectory()) return [{ name: `--data ${path}`, value: dataFile(path) }];
  const files = walk(path).filter((file) => /\.(?:json|ya?ml)$/.test(file));
  if (files.length === 0)
    throw new UsageError(`--data ${path}: it contains no data`, 'data is in .json, .yaml and .yml files');
  return files.map((file) => mounted(path, file));
}

function mounted(folder, path) {
  const place = dirname(relative(folder, path));
  return { name: path, value: nested(place === '.' ? [] : place.split(sep), dataFile(path)) };
}

function dataFile(path) {
  const documents = readDocuments(path);
  if (documents.length === 1 && isObject(documents[0].value)) return documents[0].value;
  throw new Unevaluated('it must be one object, since its members appear under `data.`', { file: path });
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
