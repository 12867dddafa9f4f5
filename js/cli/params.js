// Checks parameters by the schemas of the packs, `params.schema.json` beside their rules.

import { pointerParts } from '../places/lines.js';
import { nearest } from '../base/nearest.js';
import { ContractError } from '../core/errors.js';
import { UsageError } from './outcome.js';
import { faultsOf } from './schema.js';

/**
 * Refuses a parameter that no pack knows, or that is not what a pack takes. A pack without a schema takes anything, so
 * that beside it nothing is unknown.
 * @param others names of parameters that may be of packs which this run does not have @param placeOf where one is said
 */
export async function refuseParams(packs, params, others, placeOf) {
  if (packs.length === 0 || Object.keys(params).length === 0) return;
  const faults = [];
  for (const { name, schema } of packs)
    if (schema !== undefined) faults.push(...(await faultsFor(name, schema, params)));
  const isStrange = ({ at }) =>
    !others.has(pointerParts(at)[0]) && faults.filter((one) => one.isUnknown && one.at === at).length === packs.length;
  const told = faults.filter((one, index) =>
    isOwnKey(one) ? isStrange(one) && faults.findIndex(({ at }) => at === one.at) === index : true,
  );
  const [first, ...also] = told.map((one) =>
    Object.assign(refusal(one, packs), { place: placeOf(pointerParts(one.at)) }),
  );
  if (first) throw Object.assign(first, { also });
}

/** The parameters that a pack knows. Those of another pack are none of its business. */
export function paramsOf({ schema }, params) {
  if (schema?.additionalProperties !== false) return params;
  return Object.fromEntries(Object.entries(params).filter(([name]) => Object.hasOwn(schema.properties ?? {}, name)));
}

/** Whether a key of the parameters themselves is unknown: another pack may know it. */
function isOwnKey({ at, isUnknown }) {
  return isUnknown && pointerParts(at).length === 1;
}

async function faultsFor(name, schema, params) {
  try {
    return (await faultsOf(schema, params)).map((fault) => ({ ...fault, pack: name }));
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    throw new UsageError(`${name}: params.schema.json is no JSON Schema: ${error.message}`, error.help);
  }
}

function refusal({ message, help, at, pack, isUnknown }, packs) {
  if (!isUnknown) return new UsageError(`parameter ${message}`, help ?? `see the parameters of the pack ${pack}`);
  const name = pointerParts(at).join('.');
  const names = packs.flatMap(({ schema }) => Object.keys(schema?.properties ?? {}));
  const close = help?.includes('did you mean') ? help : suggestion(name, names);
  const of = pointerParts(at).length === 1 ? packs.map((one) => one.name).join(', ') : pack;
  return new UsageError(
    `no parameter of ${of} is called \`${name}\``,
    close ?? help ?? `there are ${names.join(', ')}`,
  );
}

function suggestion(name, names) {
  const close = nearest(name, names);
  return close && `did you mean \`${close}\`?`;
}
