// A name that is none of what is shipped.

import { ContractError } from '../core/errors.js';

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** What was given may be a path, or the whole text of a contract, which is not repeated. */
export function isName(given) {
  return NAME.test(given);
}

export function noName(kind, given, shipped) {
  const isText = /[{\n:]/.test(given);
  const message = isText
    ? `this is a text, and no name of a shipped ${kind}`
    : `this is a path or something else, and no name of a shipped ${kind}`;
  const document =
    kind === 'contract'
      ? 'give the contract as a document: JSON.parse(text), and the files that it names in `files`'
      : 'give a pack as an object of path and text';
  return new ContractError({
    code: 'contract-unknown',
    message,
    help: shipped === undefined ? document : `${document}; shipped are ${shipped}`,
  });
}
