// The one range in which two texts differ.

export interface Change {
  from: number;
  to: number;
  insert: string;
}

/** Undefined where they are the same. No end stands inside a character of two UTF-16 units. */
export function difference(before: string, after: string): Change | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  if (isLead(before, start - 1)) start -= 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  if (end > 0 && isTrail(before, before.length - end)) end -= 1;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}

function isLead(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text[at] ?? '');
}

function isTrail(text: string, at: number): boolean {
  return /[\udc00-\udfff]/.test(text[at] ?? '');
}
