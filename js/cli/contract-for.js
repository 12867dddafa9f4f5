// The contract of a recording by the configuration's `contracts`, and where its key is.

import { fits, inside } from './ignore.js';

/** A recording with its contract, where neither a flag nor its folder names one. */
export function withContract(found, { contracts, settings, 'key-env': keyEnv, 'key-file': keyFile }) {
  if (contracts.length > 0 || found.case.contract !== undefined) return found;
  const file = found.file.replace(/#\d+$/, '');
  const one = settings.contracts.findLast(({ folder, rules }) => fits(rules, inside(folder, file)));
  if (one === undefined) return found;
  const isGiven = keyEnv !== undefined || keyFile !== undefined;
  return { ...found, keys: isGiven ? {} : keyOptions(one.key ?? {}), case: { ...found.case, contract: one.contract } };
}

function keyOptions({ env, file }) {
  return { ...(env && { 'key-env': [env] }), ...(file && { 'key-file': [file] }) };
}

/** Every contract that the configuration names, and its registry. */
export function contractsOf({ contracts, registry }) {
  return [...new Set([...contracts.map(({ contract }) => contract), ...(registry === undefined ? [] : [registry])])];
}
