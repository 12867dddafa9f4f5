// Replaces the reader of shipped contracts and packs in runtimes without files. There a contract is imported, and
// bundlers include the ones that are imported.

import { ContractError } from '../core/errors.js';
import { isName, noName } from './unknown-name.js';

export async function contract(name) {
  if (!isName(name)) throw noName('contract', name);
  throw unread('contract', name, `import it: import ${variable(name)} from 'countersign/contracts/${name}'`);
}

export async function pack(name) {
  if (!isName(name)) throw noName('pack', name);
  throw unread('pack', name, 'give its files as an object of paths and texts');
}

function unread(kind, name, help) {
  return new ContractError({
    code: 'contract-unknown',
    message: `this runtime has no files to read the ${kind} \`${name}\` from`,
    help,
  });
}

function variable(name) {
  const words = name.split(/[-_]+/).filter((word) => word !== '');
  const joined = words.map((word, index) => (index === 0 ? word : word[0].toUpperCase() + word.slice(1))).join('');
  return /^[A-Za-z]/.test(joined) ? joined : 'contract';
}
