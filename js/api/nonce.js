// The nonce of a signed request: the core draws no random numbers, so the outer layer does.

import { kind } from '../core/request.js';

const BYTES = 8;
const FORM = /^[0-9a-f]{16}$/;

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
