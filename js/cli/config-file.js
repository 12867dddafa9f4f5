// Reads a configuration and what it extends, each checked by policies/config.schema.json.

import { readFileSync } from 'node:fs';
import { dirname, extname, isAbsolute, join, relative } from 'node:path';

import { Unevaluated } from '../read/unevaluated.js';
import { readDocuments } from './documents.js';
import { isObject } from './merge.js';
import { UsageError } from './outcome.js';
import { faultsOf } from './schema.js';

const SCHEMA = new URL('../policies/config.schema.json', import.meta.url);
const MOST = 50; // files of one configuration

/** The configuration and what it extends, in the order in which they count, the last first: { file, value, fail }. */
export async function layersOf(file) {
  const layers = [];
  await read(file, [], layers);
  return layers;
}

async function read(path, open, layers, by) {
  const file = relative('.', path) || path;
  if (open.includes(file)) throw by(`\`extends\` leads in a circle: ${[...open, file].join(' → ')}`, 'break it');
  if (layers.length === MOST) throw by(`more than ${MOST} files are extended`, 'extend fewer');
  const layer = { file, ...(await checked(file, by)) };
  for (const [index, base] of [layer.value.extends ?? []].flat().entries()) {
    const at = typeof layer.value.extends === 'string' ? '/extends' : `/extends/${index}`;
    const fail = (message, help) => layer.fail(message, at, help);
    if (/^[a-z][a-z0-9+.-]+:/i.test(base))
      throw fail(`\`extends\` reads files of this machine, and this is an address: \`${base}\``, 'copy it to a file');
    await read(isAbsolute(base) ? base : join(dirname(path), base), [...open, file], layers, fail);
  }
  layers.push(layer);
}

async function checked(file, by) {
  const { value, locate } = document(file, by);
  const fail = (message, at, help) =>
    Object.assign(new UsageError(message, help), { place: { file, ...placeOf(locate(at)) } });
  const faults = await faultsOf(JSON.parse(readFileSync(SCHEMA, 'utf8')), value);
  const [first, ...also] = faults
    .map(({ message, help, at }) => fail(message, at, help))
    .sort(({ place: one }, { place: other }) => one.line - other.line || one.column - other.column);
  if (first) throw Object.assign(first, { also });
  return { value, fail };
}

function placeOf({ line, column }) {
  return { line, column };
}

/** A file with nothing but comments says nothing. */
function document(file, by) {
  if (!['.yaml', '.yml', '.json'].includes(extname(file)))
    throw refused(by, { file }, 'a configuration is .yaml or .json', 'rename it');
  try {
    const found = readDocuments(file, { asJson: true });
    if (found.length === 0) return { value: {}, locate: () => ({}) };
    if (found.length > 1) throw new Unevaluated(`it holds ${found.length} documents, not one`, { file });
    if (!isObject(found[0].value)) throw new Unevaluated('a configuration is one object, and this is a list', { file });
    return found[0];
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    const help = error.message.startsWith('`off`') ? 'write "off", in quotes' : error.help;
    throw refused(by, { file, ...placeOf(error.place) }, error.message, help);
  }
}

/** An error of a file that another extends also says where. */
function refused(by, place, message, help) {
  const also = by === undefined ? [] : [by('it is extended here')];
  return Object.assign(new UsageError(message, help), { place, also });
}
