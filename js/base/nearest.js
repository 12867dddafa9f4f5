// The name that was probably meant.

/** The known name with the fewest edits to `name`, if it is close at all. */
export function nearest(name, known) {
  let best;
  let fewest = Math.max(2, Math.floor(name.length / 3)) + 1;
  if (name.length > 100) return undefined;
  for (const candidate of known) {
    const edits = distance(name.toLowerCase(), candidate);
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

function distance(left, right) {
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let line = 1; line <= left.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= right.length; column += 1) {
      const swap = row[column - 1] + (left[line - 1] === right[column - 1] ? 0 : 1);
      next.push(Math.min(swap, row[column] + 1, next[column - 1] + 1));
    }
    row = next;
  }
  return row[right.length];
}
