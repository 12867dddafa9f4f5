// Times as texts.

/** RFC 3339, of Unix seconds. Seconds beyond what a calendar has stay seconds. */
export function timeText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace('.000', '');
}

/**
 * Unix seconds of the typed text (seconds, milliseconds, or a date and time, in UTC if it has no zone), or undefined if
 * it is not a time.
 */
export function parseTime(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^-?\d{1,11}$/.test(trimmed)) return Number(trimmed);
  if (/^\d{13}$/.test(trimmed)) return Math.floor(Number(trimmed) / 1000);
  const [, day, time, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:\d\d)?$/i.exec(trimmed) ?? [];
  const milliseconds = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

/** The clock, in Unix seconds. */
export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
