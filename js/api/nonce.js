// The nonce of a signed request: the core draws no random numbers, so the outer layer does.

import { kind } from '../core/request.js';

const BYTES = 8;
const FORM = /^[0-9a-f]{16}$/;

/**
 * Does signing fill in a nonce: a field (one with `equals` has its value from the contract) or a parameter of RFC 9421?
 */
export function wantsNonce({ signature }) {
  if (signature?.engine === 'rfc9421')
    return Array.isArray(signature.parameters) && signature.parameters.includes('nonce');
  return Object.values(signature?.fields ?? {}).some(
    (field) => field?.format === 'hex16' && field.equals === undefined,
  );
}

/** The caller's nonce, or one that was drawn where the contract wants one. */
export function nonceFor(wanted, given) {
  if (given === undefined) return wanted ? drawn() : undefined;
  if (typeof given !== 'string' || !FORM.test(given)) {
    throw new TypeError(
      'nonce must be a string of 16 lower-case hex digits, got ' +
        `${typeof given === 'string' ? 'another string' : kind(given)}`,
    );
  }
  if (!wanted)
    throw new TypeError(
      'the contract has no nonce: no field of the format hex16, and no such parameter, so leave `nonce` out',
    );
  return given;
}

function drawn() {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
