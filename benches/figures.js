// What the benchmarks have in common: figures of rounds, and the file they are kept in.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const FILE = 'bench.json';

export function quantile(values, at) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))];
}

/** The median of the rounds with their 10th and 90th percentile. */
export function spread(values) {
  const [p10, median, p90] = [0.1, 0.5, 0.9].map((at) => Number(quantile(values, at).toFixed(2)));
  return { median, p10, p90 };
}

/** Beside what other benchmarks have kept. */
export function keep(figures) {
  const kept = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};
  writeFileSync(FILE, `${JSON.stringify({ ...kept, node: process.version, ...figures }, null, 2)}\n`);
}
