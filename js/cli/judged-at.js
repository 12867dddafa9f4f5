// When a recording is judged: at a given time, when it was signed (`--now signed`), or when it was recorded
// (`--now recorded`).

import { Unevaluated } from '../read/unevaluated.js';

const GIVE_TIME = 'give the time when it arrived: --now TIME';

/**
 * Unix seconds; undefined for the clock.
 * @param now of `checkOptions` @param check judges the recording at a time and returns its verdict
 */
export function judgedAt(now, found, check) {
  if (now === 'signed') return signedAt(check) ?? refuse(found, 'no signed time can be read from it', GIVE_TIME);
  if (now === 'recorded') return recordedAt(found);
  return now;
}

/** The signed time that the contract judges, or undefined. Far from it, the finding about it says how far. */
export function signedAt(check) {
  const { findings } = check(0);
  const skew = findings.find(({ skewSeconds }) => skewSeconds !== undefined)?.skewSeconds;
  return skew === undefined ? undefined : -skew;
}

function recordedAt(found) {
  const help = `use --now signed, or ${GIVE_TIME}`;
  const text = found.recorded;
  if (text === undefined) return refuse(found, 'only the entries of a HAR say when they were recorded', help);
  const milliseconds = /^\d{4}-\d\d-\d\dT.*(?:Z|[-+]\d\d:?\d\d)$/i.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(milliseconds)) return refuse(found, 'the entry has no `startedDateTime` that is a time', help);
  return Math.ceil(milliseconds / 1000);
}

function refuse({ file }, message, help) {
  throw new Unevaluated(message, { file }, help);
}
