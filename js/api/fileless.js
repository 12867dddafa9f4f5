// What stands in for the shipped contracts and packs on a runtime without files: a contract comes by import, and
// bundlers take those along that are named.

import { ContractError } from '../core/errors.js';
import { isName, noName } from './unknown-name.js';

export async function contract(name) {
  if (!isName(name)) throw noName('contract', name);
  throw unread('contract', name, `import it: import ${variable(name)} from 'countersign/contracts/${name}'`);
}

export async function pack(name) {
  if (!isName(name)) throw noName('pack', name);
  throw unread('pack', name, 'give its files as an object of path and text');
}

function unread(kind, name, help) {
  return new ContractError({
    code: 'contract-unknown',
    message: `there are no files on this runtime to read the ${kind} \`${name}\` from`,
    help,
  });
}

function variable(name) {
  const words = name.split(/[-_]+/).filter((word) => word !== '');
  const joined = words.map((word, index) => (index === 0 ? word : word[0].toUpperCase() + word.slice(1))).join('');
  return /^[A-Za-z]/.test(joined) ? joined : 'contract';
}
