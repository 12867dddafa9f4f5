// What differs between two texts of bytes. Myers' greedy search, taken in strides: where a stride ends, the path that
// got furthest is kept and the search starts anew from there. So the time is bounded, and the diff of long texts is
// good, if not the shortest.

export interface Hunk {
  kind: 'equal' | 'removed' | 'added';
  /** Where it begins in what was expected, and in what was received. */
  expectedAt: number;
  receivedAt: number;
  bytes: Uint8Array;
}

type Run = { equal: number; removed: number; added: number };

const STRIDE = 96;
/** Steps of the whole search. What is left then is one change. */
const STEPS = 1_000_000;

/** Hunks in order: `equal` and `removed` make what was expected, `equal` and `added` what was received. */
export function byteDiff(expected: Uint8Array, received: Uint8Array, { limit = STEPS } = {}): Hunk[] {
  const runs = new Runs();
  const shorter = Math.min(expected.length, received.length);
  let start = 0;
  while (start < shorter && expected[start] === received[start]) start += 1;
  let end = 0;
  while (end < shorter - start && expected[expected.length - 1 - end] === received[received.length - 1 - end]) end += 1;
  runs.equal(start);
  search(expected.subarray(start, expected.length - end), received.subarray(start, received.length - end), limit, runs);
  runs.equal(end);
  return hunks(wholeCharacters(readable(runs.list), expected, received), expected, received);
}

class Runs {
  list: Run[] = [];

  equal(count: number): void {
    if (count > 0) this.list.push({ equal: count, removed: 0, added: 0 });
  }

  change(removed: number, added: number): void {
    if (removed + added === 0) return;
    const last = this.list.at(-1);
    if (last && last.equal === 0) {
      last.removed += removed;
      last.added += added;
    } else this.list.push({ equal: 0, removed, added });
  }
}

function search(a: Uint8Array, b: Uint8Array, limit: number, runs: Runs): void {
  let [left, x, y] = [limit, 0, 0];
  while (x < a.length && y < b.length && left > 0) {
    const found = stride(a.subarray(x), b.subarray(y));
    for (const [removed, added, equal] of found.edits) {
      runs.change(removed, added);
      if (equal > 0) mergeEqual(runs, equal);
      x += removed + equal;
      y += added + equal;
    }
    left -= found.steps;
  }
  runs.change(a.length - x, b.length - y);
}

function mergeEqual(runs: Runs, count: number): void {
  const last = runs.list.at(-1);
  if (last && last.equal > 0) last.equal += count;
  else runs.equal(count);
}

/** One stride: edits as [removed, added, equal bytes after]. */
function stride(a: Uint8Array, b: Uint8Array): { edits: [number, number, number][]; steps: number } {
  const trace: Int32Array[] = [];
  const furthest = new Int32Array(2 * STRIDE + 3);
  const middle = STRIDE + 1;
  let steps = 0;
  let best = { sum: -1, d: 0, k: 0 };
  for (let d = 0; d <= STRIDE; d += 1) {
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && furthest[middle + k - 1]! < furthest[middle + k + 1]!);
      const from = down ? furthest[middle + k + 1]! : furthest[middle + k - 1]! + 1;
      let x = Math.min(from, a.length);
      let y = Math.min(x - k, b.length);
      x = y + k;
      const before = x;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x += 1;
        y += 1;
      }
      steps += 1 + x - before;
      furthest[middle + k] = x;
      if (x >= 0 && y >= 0 && x + y > best.sum) best = { sum: x + y, d, k };
      if (x >= a.length && y >= b.length) {
        trace.push(furthest.slice(middle - d, middle + d + 1));
        return { edits: walkedBack(trace, { d, k }), steps };
      }
    }
    trace.push(furthest.slice(middle - d, middle + d + 1));
  }
  return { edits: walkedBack(trace, best), steps };
}

/** `trace[d]` holds the furthest x of the diagonals -d to d after d edits. */
function walkedBack(trace: Int32Array[], end: { d: number; k: number }): [number, number, number][] {
  const at = (d: number, k: number) => (Math.abs(k) > d ? -1 : trace[d]![k + d]!);
  const edits: [number, number, number][] = [];
  let { d, k } = end;
  let x = at(d, k);
  for (; d > 0; d -= 1) {
    const down = k === -d || (k !== d && at(d - 1, k - 1) < at(d - 1, k + 1));
    k = down ? k + 1 : k - 1;
    const from = at(d - 1, k);
    edits.push([down ? 0 : 1, down ? 1 : 0, x - (down ? from : from + 1)]);
    x = from;
  }
  edits.push([0, 0, x]);
  return edits.reverse();
}

/** A few equal bytes between larger changes are chance, and hard to read: they join the changes. */
function readable(list: Run[]): Run[] {
  const kept: Run[] = [];
  const size = (run: Run | undefined) => (run && run.equal === 0 ? Math.max(run.removed, run.added) : 0);
  for (const [index, run] of list.entries()) {
    const before = kept.at(-1);
    if (
      before &&
      before.equal === 0 &&
      (run.equal === 0 || run.equal < Math.min(size(before), size(list[index + 1])))
    ) {
      before.removed += run.removed + run.equal;
      before.added += run.added + run.equal;
    } else kept.push({ ...run });
  }
  return kept;
}

const continues = (byte: number | undefined) => byte !== undefined && byte >= 0x80 && byte < 0xc0;

/** Changes begin and end between characters of UTF-8, so that a character is shown as such on both sides. */
function wholeCharacters(list: Run[], expected: Uint8Array, received: Uint8Array): Run[] {
  const runs = list.map((run) => ({ ...run }));
  let [x, y] = [0, 0];
  for (const [index, run] of runs.entries()) {
    if (run.equal > 0) {
      const next = runs[index + 1];
      const cuts = next && (continues(expected[x + run.equal]) || continues(received[y + run.equal]));
      // A character has four bytes at most: longer runs of continuing bytes are no UTF-8, and stay as they are.
      const back = cuts ? leadBefore(expected, x + run.equal, Math.min(run.equal, 3)) : 0;
      if (next && back > 0) grow(run, next, back);
    } else {
      const next = runs[index + 1];
      if (!next) continue;
      let forward = 0;
      const after = x + run.removed;
      while (forward < 3 && forward < next.equal && continues(expected[after + forward])) forward += 1;
      if (forward > 0) grow(next, run, forward);
    }
    x += run.removed + run.equal;
    y += run.added + run.equal;
  }
  return runs.filter((run) => run.equal + run.removed + run.added > 0);
}

/** How many bytes back the character begins that `at` stands in. */
function leadBefore(bytes: Uint8Array, at: number, most: number): number {
  for (let back = 1; back <= most; back += 1)
    if (!continues(bytes[at - back])) return bytes[at - back]! >= 0xc0 ? back : 0;
  return 0;
}

function grow(equal: Run, change: Run, by: number): void {
  equal.equal -= by;
  change.removed += by;
  change.added += by;
}

function hunks(list: Run[], expected: Uint8Array, received: Uint8Array): Hunk[] {
  const made: Hunk[] = [];
  let [x, y] = [0, 0];
  const push = (kind: Hunk['kind'], bytes: Uint8Array) =>
    bytes.length > 0 && made.push({ kind, expectedAt: x, receivedAt: y, bytes });
  for (const { equal, removed, added } of list) {
    push('equal', expected.subarray(x, x + equal));
    push('removed', expected.subarray(x + equal, x + equal + removed));
    x += equal + removed;
    push('added', received.subarray(y + equal, y + equal + added));
    y += equal + added;
  }
  return made;
}
