// The time of a check.

import { MAX_SECONDS } from '../core/request.js';
import { UsageError } from './outcome.js';

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** Unix seconds of `--now`, or undefined for the clock. */
export function parseTime(text) {
  if (text === undefined) return undefined;
  if (/^\d{12,}$/.test(text))
    throw new UsageError(`--now ${text} looks like milliseconds`, 'give Unix seconds or RFC 3339');
  if (/^\d+$/.test(text)) return Number(text);
  const milliseconds = RFC3339.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(milliseconds)) {
    throw new UsageError(
      '--now is neither Unix seconds nor RFC 3339',
      'for example 1717029588 or 2024-05-30T00:39:48Z',
    );
  }
  const seconds = Math.floor(milliseconds / 1000);
  if (Math.abs(seconds) > MAX_SECONDS)
    throw new UsageError('--now is after the year 5138, and no check looks so far ahead', 'look for a digit too many');
  return seconds;
}
