// A finding of the gate itself: about a waiver or a baseline, and not about what is checked.

import { GATE } from '../codes/gate.js';
import { fingerprintOf } from './fingerprint.js';

/** @param about { from, place, at }: the document that it is in, the place there, and the pointer if it has one */
export function finding(code, severity, { from, place, at }, message, help = GATE[code][1]) {
  const found = { code, rule: code, severity, message, at, help };
  return { ...found, fingerprint: fingerprintOf(found, from), from, place };
}
