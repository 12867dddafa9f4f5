// The time of a check.

import { MAX_SECONDS } from '../core/request.js';
import { UsageError } from './outcome.js';

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

const DAY = /^\d{4}-\d\d-\d\d$/;

/** Unix seconds of `--now`, or undefined for the clock. A day begins in UTC. */
export function parseTime(text) {
  if (text === undefined) return undefined;
  if (/^\d{12,}$/.test(text))
    throw new UsageError(`--now ${text} looks like milliseconds`, 'give Unix seconds or RFC 3339');
  if (/^\d+$/.test(text)) return Number(text);
  const isTime = isDay(text) || (RFC3339.test(text) && exists(text.slice(0, 10)));
  const milliseconds = isTime ? Date.parse(text) : NaN;
  if (Number.isNaN(milliseconds)) {
    throw new UsageError(
      '--now is neither Unix seconds nor RFC 3339, nor a day',
      'for example 1717029588, 2024-05-30T00:39:48Z or 2024-05-30',
    );
  }
  const seconds = Math.floor(milliseconds / 1000);
  if (Math.abs(seconds) > MAX_SECONDS)
    throw new UsageError('--now is after the year 5138, and no check looks so far ahead', 'look for a digit too many');
  return seconds;
}

/** Whether it is a day of the calendar, such as 2027-01-31. */
export function isDay(text) {
  return DAY.test(text) && exists(text);
}

/** `Date.parse` takes 30 February for 1 March. */
function exists(day) {
  const milliseconds = Date.parse(day);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(day);
}
