// The coverage of several packs together.

/** @param all { files } of each pack @returns { percent, files }, of lines */
export function total(all) {
  const files = all.flatMap((one) => one.files);
  const count = (member) => files.flatMap((file) => file[member]).reduce((sum, range) => sum + linesIn(range), 0);
  const [reached, not] = [count('covered'), count('notCovered')];
  const percent = reached + not === 0 ? 100 : Math.floor((1000 * reached) / (reached + not)) / 10;
  return { percent, files };
}

function linesIn([first, last]) {
  return last - first + 1;
}
