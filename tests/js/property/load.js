// The shipped contracts as they stand in policies/webhook, and what can be read off one: its schemas, the versions,
// events and payloads that a message may be of, and the places that it reads.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../setup.js';
import { schemaAt } from './json.js';
import { source } from './schema.js';

const FOLDER = join(ROOT, 'policies/webhook');

/** { contract, files }, as `compile` takes them. */
export function load(name) {
  const files = {};
  for (const file of readdirSync(join(FOLDER, name))) {
    if (file !== 'contract.json' && /\.(json|rego)$/.test(file))
      files[file] = readFileSync(join(FOLDER, name, file), 'utf8');
  }
  return { contract: JSON.parse(readFileSync(join(FOLDER, name, 'contract.json'), 'utf8')), files };
}

/** The names of the contracts that have a schema anywhere. */
export function withSchema() {
  const names = readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  return names.filter((name) => parts(load(name)).length > 0);
}

/** Every schema of the contract, with where it stands and, of a payload, the place that it judges. */
export function parts({ contract, files }) {
  const others = new Map();
  const open = (reference, name) =>
    typeof reference === 'string'
      ? { name: reference, document: JSON.parse(files[reference]), others }
      : { name, document: reference, others };
  for (const reference of contract.schemas ?? []) {
    const root = open(reference, 'schemas');
    others.set(root.document.$id, root);
  }
  const part = (owner, name, at = '') =>
    owner.schema === undefined ? [] : [{ owner, at, source: whole(open(owner.schema, name)) }];
  const ofEvent = ([name, event]) => [
    ...part(event, name),
    ...(event.payload ?? []).flatMap((alternative) => part(alternative, `${name} ${alternative.at}`, alternative.at)),
  ];
  const ofVersion = (version) => [
    ...part(version, version.version),
    ...Object.entries({ ...version.events, ...otherwise(version) }).flatMap(ofEvent),
  ];
  return [...part(contract, contract.contract), ...(contract.route?.versions ?? []).flatMap(ofVersion)];
}

const whole = (root) => source(root.document, root, root.name);

/** An event that the version does not list, under a name that none has. */
const otherwise = (version) => (version.otherwise ? { unlisted: version.otherwise } : {});

/** What a message may be: one version, one of its events or another, one alternative of its payload. */
export function kinds({ contract }) {
  return (contract.route?.versions ?? [{}]).flatMap((version) =>
    Object.entries({ ...(version.events ?? { '': {} }), ...otherwise(version) }).flatMap(([type, event]) =>
      (event.payload ?? [undefined]).map((alternative) => ({
        name: [version.version, type, alternative?.at].filter(Boolean).join(' '),
        type: version.events && type,
        version,
        payloads: event.payload ?? [],
        owners: [contract, version, event, alternative].filter(Boolean),
        shapes: [
          ...conditions(version),
          ...typed(contract, version, type),
          ...payload(event, alternative),
          ...remembered(contract),
        ],
      })),
    ),
  );
}

const isPointer = (place) => place === '' || place.startsWith('/');
export const isSchema = (condition) => typeof condition === 'object' && !Array.isArray(condition);
const HELD = { type: ['string', 'integer'], minLength: 1 };
const FILLED = { type: ['string', 'integer', 'object', 'array'], minLength: 1, minProperties: 1, minItems: 1 };

/** What a schema asks for, the contract's description makes (`shapes`). */
function conditions(version) {
  return Object.entries(version.when ?? {})
    .filter(([place, condition]) => isPointer(place) && !isSchema(condition))
    .map(([place, condition]) => {
      if (condition === false) return schemaAt(place, false, false);
      return schemaAt(
        place,
        condition === true ? { ...HELD, type: [...HELD.type, 'boolean'] } : { enum: [condition].flat() },
      );
    });
}

/** The type stands where the version already looks, else at the first place. */
function typed(contract, version, type) {
  const places = [contract.route?.type ?? []].flat().filter(isPointer);
  if (!version.events) return [];
  const place = places.find((one) => version.when?.[one] !== undefined) ?? places[0];
  return [schemaAt(place, { enum: /^\d+$/.test(type) ? [type, Number(type)] : [type] })];
}

function payload(event, alternative) {
  return (event.payload ?? [])
    .slice(0, event.payload?.indexOf(alternative) + 1)
    .map((one) => (one === alternative ? schemaAt(one.at, FILLED) : schemaAt(one.at, false, false)));
}

function remembered({ replay }) {
  return (replay?.onMissing ?? 'reject') === 'reject'
    ? (replay?.key ?? []).filter(isPointer).map((place) => schemaAt(place, HELD))
    : [];
}

/** The first token of every pointer that the contract reads: no member of ours may have it by chance. */
export function reserved({ contract }) {
  return new Set(
    JSON.stringify({ ...contract, schema: 0 })
      .match(/"\/[^"/]+/g)
      ?.map((pointer) => pointer.slice(2)),
  );
}
