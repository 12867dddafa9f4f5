// Times as texts.

/** RFC 3339, of Unix seconds. Seconds beyond what a calendar has stay seconds. */
export function timeText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace('.000', '');
}
