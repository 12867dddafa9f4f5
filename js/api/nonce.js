// The nonce of a signed request. The core has no random numbers, so it is made here.

import { kind } from '../core/request.js';

const BYTES = 8;
const FORM = /^[0-9a-f]{16}$/;

/** The caller's nonce, or a random one if the contract needs one. */
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
      'the contract has no nonce (neither a field with the format hex16 nor the parameter), so leave `nonce` out',
    );
  return given;
}

function drawn() {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
