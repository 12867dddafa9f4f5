// Errors for names that are not shipped.

import { ContractError } from '../core/errors.js';

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** The value may be a path or the whole text of a contract, so it is not repeated. */
export function isName(given) {
  return NAME.test(given);
}

export function noName(kind, given, shipped) {
  const isText = /[{\n:]/.test(given);
  const message = isText
    ? `this is a text, not the name of a shipped ${kind}`
    : `this looks like a path, not like the name of a shipped ${kind}`;
  const document =
    kind === 'contract'
      ? 'give the contract as a document: JSON.parse(text), and the files that it names in `files`'
      : 'give a pack as an object of paths and texts';
  return new ContractError({
    code: 'contract-unknown',
    message,
    help: shipped === undefined ? document : `${document}; the shipped ones are ${shipped}`,
  });
}
