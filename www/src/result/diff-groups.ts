// Hunks as a screen shows them: changes with a little of what is around them, and how much is equal between.

import type { Hunk } from './byte-diff.js';
import { betweenCharacters } from './byte-text.js';

export interface Group {
  /** Equal bytes between the group before (or the beginning) and this one. */
  skipped: number;
  /** In order; `equal` ones are cut to the context. */
  hunks: Hunk[];
}

/** @returns the groups, and how many equal bytes follow the last one */
export function groupsOf(hunks: readonly Hunk[], context = 24): { groups: Group[]; rest: number } {
  const groups: Group[] = [];
  let open: Group | undefined;
  let skipped = 0;
  for (const [index, hunk] of hunks.entries()) {
    if (hunk.kind !== 'equal') {
      open ??= begun(groups, skipped);
      open.hunks.push(hunk);
      continue;
    }
    const [first, last] = [index === 0, index === hunks.length - 1];
    const { bytes } = hunk;
    const head = first ? 0 : betweenCharacters(bytes, Math.min(context, bytes.length));
    const tail = last ? bytes.length : betweenCharacters(bytes, Math.max(bytes.length - context, 0));
    if (!first && !last && tail <= head) {
      open?.hunks.push(hunk);
      continue;
    }
    if (head > 0) open?.hunks.push({ ...hunk, bytes: bytes.subarray(0, head) });
    skipped = tail - head;
    open = undefined;
    if (!last) {
      open = begun(groups, skipped);
      const [expectedAt, receivedAt] = [hunk.expectedAt + tail, hunk.receivedAt + tail];
      if (tail < bytes.length) open.hunks.push({ kind: 'equal', expectedAt, receivedAt, bytes: bytes.subarray(tail) });
      skipped = 0;
    }
  }
  return { groups, rest: skipped };
}

function begun(groups: Group[], skipped: number): Group {
  const group = { skipped, hunks: [] };
  groups.push(group);
  return group;
}
