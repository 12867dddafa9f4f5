// The contract of a recording by the configuration's `contracts`, and where its key is.

import { shipped } from '../api/node.js';
import { contractChoice } from '../read/contract-choice.js';
import { Unevaluated } from '../read/unevaluated.js';
import { fits, inside } from './ignore.js';
import { UsageError } from './outcome.js';

/** A recording with its contract, where neither a flag nor its folder names one. */
export function withContract(found, { contracts, settings, 'key-env': keyEnv, 'key-file': keyFile }) {
  if (contracts.length > 0 || found.case.contract !== undefined) return found;
  const file = found.file.replace(/#\d+$/, '');
  const one = settings.contracts.findLast(({ folder, rules }) => fits(rules, inside(folder, file)));
  if (one === undefined) return found;
  const isGiven = keyEnv !== undefined || keyFile !== undefined;
  return { ...found, keys: isGiven ? {} : keyOptions(one.key ?? {}), case: { ...found.case, contract: one.contract } };
}

/** The contract of a recording by a flag or its folder. Without one, the help says which it looks like. */
export async function contractOf(found, { contracts }) {
  const name = contracts[0] ?? found.case.contract;
  if (name === undefined) throw new UsageError('no contract given', await helpFor(found));
  return name;
}

async function helpFor(found) {
  const help = 'use --contract NAME|FILE';
  const message = messageOf(found);
  if (message === undefined) return help;
  const all = await shipped.names('contract');
  const contracts = await Promise.all(all.map(async (name) => [name, (await shipped.contract(name)).contract]));
  const { by, names, mark } = contractChoice(message, Object.fromEntries(contracts));
  if (by === 'signature') return `its signature is that of ${names[0]}: use --contract ${names[0]}`;
  if (by === 'mark') return `${mark} is that of ${names[0]}: use --contract ${names[0]}`;
  return mark === undefined ? help : `no shipped contract knows the signature in ${mark}: use --contract FILE`;
}

function messageOf(found) {
  try {
    return found.read({}).request;
  } catch (error) {
    if (error instanceof Unevaluated) return undefined;
    throw error;
  }
}

function keyOptions({ env, file }) {
  return { ...(env && { 'key-env': [env] }), ...(file && { 'key-file': [file] }) };
}

/** Every contract that the configuration names, and its registry. */
export function contractsOf({ contracts, registry }) {
  return [...new Set([...contracts.map(({ contract }) => contract), ...(registry === undefined ? [] : [registry])])];
}
