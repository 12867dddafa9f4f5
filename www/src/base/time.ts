// Times as texts.

/** RFC 3339, of Unix seconds. Seconds beyond what a calendar has stay seconds. */
export function timeText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace('.000', '');
}

/** Unix seconds of what was typed; undefined where it is no time. */
export function parseTime(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^-?\d{1,11}$/.test(trimmed)) return Number(trimmed);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i.test(trimmed)) return undefined;
  const milliseconds = Date.parse(trimmed);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

/** The clock, in Unix seconds. */
export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
