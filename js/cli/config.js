// Fills the options of a command from its configuration: what a flag or the environment says counts first.

import { dirname, isAbsolute, relative, resolve } from 'node:path';

import { NONE } from './config-find.js';
import { layersOf } from './config-file.js';
import { strictPatterns } from './ignore.js';
import { merged } from './merge.js';
import { formatOf } from './options.js';
import { isOwn } from './packs.js';
import { parametersNamed, partsOf } from './parameters.js';

/** The options with `settings`, which is NONE where there is no configuration. */
export async function withConfig(name, options, file) {
  const layers = await layersOf(file);
  const all = layers.map(settingsOf).reduce(joined, NONE);
  const named = [all.packs ?? ['kubernetes'], ...all.overrides.map(({ packs }) => packs ?? [])].flat();
  const files = layers.map((layer) => layer.file).toReversed();
  const settings = { ...all, named, files, placeOf: (path) => placeOf(all.places, path) };
  // --pack says which packs judge, also where an override says others.
  if (options.pack !== undefined) settings.overrides = all.overrides.map((one) => ({ ...one, packs: undefined }));
  const filled = { ...options, settings };
  const fill = (option, value, member = option) => {
    if (options[option] === undefined && value !== undefined) filled[member] = value;
  };
  fill('fail-on', settings.failOn, 'failOn');
  fill('strict', settings.strict);
  if (name === 'check' || name === 'baseline') {
    fill('pack', settings.packs);
    fill('waivers', settings.waivers);
  }
  if (name === 'baseline') filled.paths = baselineArguments(options.paths, settings);
  if (name === 'check') {
    fill('baseline', settings.baseline);
    if (options.format === undefined && settings.formats) filled.formats = settings.formats;
    if (options.paths.length === 0 && options['files-from'] === undefined) filled.paths = settings.paths ?? [];
  }
  if (name === 'verify' && options.contracts.length === 0) fill('registry', settings.registry);
  return filled;
}

/** ACTION, FILE and paths. */
function baselineArguments([action, file, ...paths], settings) {
  const all = [action, file ?? settings.baseline, ...(paths.length > 0 ? paths : (settings.paths ?? []))];
  return all.slice(0, 2).includes(undefined) ? [action, file].filter(Boolean) : all;
}

/** Lists are replaced, but those that grow; objects are merged. */
function joined(base, own) {
  return {
    ...base,
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
    params: merged([base.params, own.params]),
    severities: { ...base.severities, ...own.severities },
    overrides: [...base.overrides, ...own.overrides],
    exclude: [...base.exclude, ...own.exclude],
    contracts: [...base.contracts, ...own.contracts],
    places: [...(base.places ?? []), ...own.places],
  };
}

/** What one file says, its paths as seen from the working directory. */
function settingsOf({ file, value, fail }) {
  const folder = resolve(dirname(file));
  const path = (text) => text && (isAbsolute(text) ? text : relative('.', resolve(folder, text)) || '.');
  const pack = (text) => (isOwn(text) ? ownPath(path(text)) : text);
  const patterns = (list, at) => ({
    folder,
    name: file,
    rules: strictPatterns(list, file, (message, help, index) => fail(message, `${at}/${index}`, help)),
  });
  const places = []; // of parameters: { path, placeOf }
  const params = (given = {}, at) => {
    const refuse = (message, help) => fail(message, at, help);
    for (const name of Object.keys(given)) {
      const pointer = `${at}/${escaped(name)}`;
      const placeOf = (rest) => fail('', [pointer, ...rest.map(escaped)].join('/')).place;
      places.push({ path: partsOf(name, refuse), placeOf });
    }
    return parametersNamed(given, refuse);
  };
  return {
    paths: value.paths?.map(path),
    packs: value.packs?.map(pack),
    params: params(value.params, '/params'),
    severities: value.severities,
    overrides: (value.overrides ?? []).map((one, index) => ({
      ...patterns(one.files, `/overrides/${index}/files`),
      packs: one.packs?.map(pack),
      params: one.params && params(one.params, `/overrides/${index}/params`),
      severities: one.severities,
    })),
    exclude: value.exclude ? [patterns(value.exclude, '/exclude')] : [],
    formats: value.formats?.map((text, index) =>
      formatIn(text, path, (...of) => fail(of[0], `/formats/${index}`, of[1])),
    ),
    failOn: value.failOn,
    strict: value.strict,
    data: value.data?.map(path),
    contracts: (value.contracts ?? []).map((one, index) => ({
      ...patterns(one.files, `/contracts/${index}/files`),
      contract: isOwn(one.contract) ? ownPath(path(one.contract)) : one.contract,
      key: one.key?.file === undefined ? one.key : { file: path(one.key.file) },
    })),
    registry: path(value.registry),
    places,
    waivers: path(value.waivers),
    baseline: path(value.baseline),
  };
}

/** The place of a parameter, or of what it is in. The nearest file says it last. */
function placeOf(places, path) {
  const of = places.findLast((one) => one.path.every((name, index) => index >= path.length || name === path[index]));
  return of?.placeOf(path.slice(of.path.length));
}

function escaped(name) {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** With a slash, so that it is no name of what ships. */
function ownPath(path) {
  return path.startsWith('..') || isAbsolute(path) ? path : `./${path}`;
}

function formatIn(text, path, fail) {
  try {
    const { format, file } = formatOf('check', text);
    return { format, file: path(file) };
  } catch (error) {
    throw fail(error.message, error.help);
  }
}
