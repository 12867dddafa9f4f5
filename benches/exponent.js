// How a time grows with a size: the exponent of a fit of log time over log size.

import { quantile, spread, valueRow } from './figures.js';
import { alternate } from './rounds.js';

/** `runFor` gives what is timed for a size. */
export async function exponentRow(name, sizes, runFor, goal) {
  const contenders = {};
  for (const size of sizes) contenders[size] = await runFor(size);
  const times = await alternate(contenders);
  const exponent = (timeOf) => slope(sizes.map((size) => [Math.log(size), Math.log(timeOf(times[size]))]));
  const { p10, p90 } = spread(times[sizes[0]].map((_, round) => exponent((all) => all[round])));
  const { median } = spread([exponent((all) => quantile(all, 0.1))]);
  const range = `${sizes[0]} to ${sizes.at(-1)}`;
  return valueRow(`${name}, ${range}`, undefined, { median, p10, p90 }, 'exponent', goal);
}

/** The slope of the line through the points by least squares. */
function slope(points) {
  const [meanX, meanY] = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
