// Bundles: a contract and the texts of the files that it names in one document. `countersign bundle` makes one.

import { ContractError } from '../core/errors.js';
import { kind } from '../core/request.js';

const VERSION = 1;
const MEMBERS = ['bundle', 'contract', 'files'];

/** The same contract and files give the same bytes. */
export function bundleText(contract, files) {
  const sorted = Object.fromEntries(Object.entries(files).sort(([left], [right]) => (left < right ? -1 : 1)));
  return `${JSON.stringify({ bundle: VERSION, contract, files: sorted }, null, 2)}\n`;
}

export function isBundle(document) {
  return isObject(document) && Object.hasOwn(document, 'bundle');
}

/** { contract, files } of a document. A document that is not a bundle is the contract itself. */
export function opened(document) {
  if (!isBundle(document)) return { contract: document, files: {} };
  const { bundle, contract, files } = document;
  const unknown = Object.keys(document).find((member) => !MEMBERS.includes(member));
  if (unknown !== undefined)
    throw wrong(`/${unknown}`, `unknown member \`${unknown}\` of a bundle: there are ${MEMBERS.join(', ')}`);
  if (bundle !== VERSION)
    throw wrong(
      '/bundle',
      `this version of the bundle format is not known; this package reads \`"bundle": ${VERSION}\``,
    );
  if (!isObject(contract)) throw wrong('/contract', `it must be the contract document, got ${kind(contract)}`);
  if (!isObject(files)) throw wrong('/files', `it must be an object of file names and texts, got ${kind(files)}`);
  for (const [name, text] of Object.entries(files)) {
    if (typeof text !== 'string') throw wrong('/files', `the text of \`${name}\` must be a string, got ${kind(text)}`);
  }
  return { contract, files };
}

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function wrong(at, message) {
  return new ContractError({
    code: 'contract-grammar',
    at,
    message,
    help: 'make it again: countersign bundle CONTRACT -o FILE',
  });
}
