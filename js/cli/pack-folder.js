// What a folder or file of the user's holds for a pack: policies, data, and Gatekeeper's templates with constraints.

import { join, relative, sep } from 'node:path';

import { Unevaluated } from '../read/unevaluated.js';
import { dataOfFiles } from './data.js';
import { readDocuments } from './documents.js';
import { readText } from './files.js';
import { walk } from './walk.js';

const DATA = /(?:^|\/)data\.(?:json|ya?ml)$/;
const SCHEMA = 'params.schema.json';
const YAML = /\.ya?ml$/;

/** { files, data, templates, schema } of a folder, without its tests. */
export function packOfFolder(folder) {
  const paths = contents(folder);
  const policies = paths.filter((path) => path.endsWith('.rego') && !path.endsWith('_test.rego'));
  const templates = paths.filter((path) => YAML.test(path) && !DATA.test(path));
  if (policies.length === 0 && templates.length === 0)
    throw new Unevaluated('it contains no policy', { file: folder }, 'a pack is a folder of .rego files');
  const named = templates.flatMap((path) => templatesOf(join(folder, path)));
  return {
    files: texts(folder, policies),
    data: dataIn(folder, paths),
    templates: named,
    schema: paths.includes(SCHEMA) ? readDocuments(join(folder, SCHEMA))[0].value : undefined,
  };
}

/** { files, data } of a folder, with the tests that are among `modules`. */
export function testsOfFolder(folder, modules) {
  const paths = contents(folder);
  const isOut = (path) => path.endsWith('_test.rego') && !modules.includes(join(folder, path));
  const policies = paths.filter((path) => path.endsWith('.rego') && !isOut(path));
  return { files: texts(folder, policies), data: dataIn(folder, paths) };
}

/** The templates and constraints in a YAML file, and nothing else may be there. */
export function templatesOf(path) {
  return readDocuments(path, { as: 'yaml' }).map(({ value, file, line }) => {
    if (isGatekeepers(value)) return value;
    throw new Unevaluated(
      'it is neither a ConstraintTemplate nor a constraint',
      { file, line },
      "YAML of a pack is data.yaml, or Gatekeeper's templates and constraints: move what is checked to another folder",
    );
  });
}

function isGatekeepers({ apiVersion, kind }) {
  if (typeof apiVersion !== 'string') return false;
  if (apiVersion.startsWith('constraints.gatekeeper.sh/')) return true;
  return kind === 'ConstraintTemplate' && apiVersion.startsWith('templates.gatekeeper.sh/');
}

/** The files below a folder, by their path in it. */
function contents(folder) {
  return walk(folder).map((path) => relative(folder, path).replaceAll(sep, '/'));
}

function texts(folder, paths) {
  return Object.fromEntries(paths.map((path) => [path, readText(join(folder, path))]));
}

/** `data.json` and `data.yaml`, each mounted at the names of its folders. */
function dataIn(folder, paths) {
  const files = paths.filter((path) => DATA.test(path)).map((path) => join(folder, path));
  return files.length === 0 ? undefined : dataOfFiles(folder, files);
}
