// What the benchmarks have in common: figures of rounds, the rows that they make, and the file that keeps the rows.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

const FILE = 'bench.json';
const GOALS = JSON.parse(readFileSync(new URL('goals.json', import.meta.url), 'utf8'));

export function quantile(values, at) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))];
}

/** The median of the rounds with their 10th and 90th percentile. */
export function spread(values) {
  const [p10, median, p90] = [0.1, 0.5, 0.9].map((at) => rounded(quantile(values, at)));
  return { median, p10, p90 };
}

/**
 * The peer's time over ours: above 1 we are faster. The ratio is of the fast rounds (the p10 of each), which a busy
 * machine disturbs least; p10 and p90 are of the ratios of each round, and show the noise. A goal is the least ratio
 * that is wanted; `goal` is its name in goals.json.
 */
export function ratioRow(name, peer, ours, theirs, goal) {
  const { p10, p90 } = spread(theirs.map((time, round) => time / ours[round]));
  const [own, other] = [ours, theirs].map((times) => quantile(times, 0.1));
  const took = { ours: rounded(own), theirs: rounded(other), unit: 'µs' };
  return { name, peer, ratio: rounded(other / own), p10, p90, goal: goalOf(goal), took };
}

/** What is not a ratio of a peer to us. A goal is the most that is wanted. `took` is as in the other rows, if known. */
export function valueRow(name, peer, { median, p10, p90 }, unit, goal, took) {
  return { name, peer, value: median, unit, p10, p90, goal: goalOf(goal), took };
}

function goalOf(name) {
  if (name === undefined) return undefined;
  if (GOALS[name] === undefined) throw new Error(`goals.json has no goal \`${name}\``);
  return GOALS[name];
}

/** Undefined where nothing is wanted. */
function reached({ ratio, value, goal }) {
  if (goal === undefined) return undefined;
  return ratio === undefined ? value <= goal : ratio >= goal;
}

/** Prints the rows, and keeps them in place of what this part has kept before. */
export function report(part, rows) {
  const shown = rows.map((row) => {
    const figure = row.ratio === undefined ? `${row.value} ${row.unit}` : `${row.ratio} ×`;
    const noise = row.p10 === undefined ? '' : `${row.p10}-${row.p90}`;
    const goal = row.goal === undefined ? '' : `${row.ratio === undefined ? '≤' : '≥'} ${row.goal}`;
    const took = row.took === undefined ? '' : `${row.took.ours} against ${row.took.theirs} ${row.took.unit}`;
    return [row.name, row.peer ?? '', figure, noise, goal, reached(row) === false ? 'falls short' : '', took];
  });
  const lines = [['', 'against', '', 'p10-p90', 'wanted', '', 'took'], ...shown];
  const widths = lines[0].map((_, column) => Math.max(...shown.map((cells) => cells[column].length)));
  const padded = (cells) => cells.map((cell, at) => cell.padEnd(widths[at])).filter((_, at) => widths[at] > 0);
  console.log(`\n${part}`);
  const [load] = loadavg();
  if (load > availableParallelism() && rows.some(({ p10 }) => p10 !== undefined))
    console.log(`  THE MACHINE IS BUSY (load ${rounded(load)}): measure again when it is not`);
  for (const line of lines) console.log(`  ${padded(line).join('  ').trimEnd()}`);
  const kept = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')).rows : [];
  const all = [...(kept ?? []).filter((row) => row.part !== part), ...rows.map((row) => ({ part, ...row }))];
  writeFileSync(FILE, `${JSON.stringify({ node: process.version, rows: all }, null, 2)}\n`);
}

export function rounded(value) {
  return Number(value.toPrecision(3));
}
