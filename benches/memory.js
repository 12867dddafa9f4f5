// The module's memory, which only ever grows: after a million checks, and for one body of 1 to 17 MB, each in a process
// of its own (grown.js), as a multiple of the body.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { report, rounded, valueRow } from './figures.js';

const KB = 1024;
const MB = KB * KB;
const SIZES = [1, 4, 17];
const CHECKS = 1_000_000;

function grown(way, bytes, checks) {
  const program = fileURLToPath(new URL('grown.js', import.meta.url));
  return Number(execFileSync(process.execPath, [program, way, bytes, checks], { encoding: 'utf8' }));
}

const WAYS = [
  ['check', 'memory to report'],
  ['decide', 'memory to decide'],
];

const rows = WAYS.flatMap(([way, goal]) => [
  valueRow(
    `${way}: ${CHECKS} of 1 KB, after the first thousand`,
    undefined,
    { median: grown(way, KB, CHECKS) / KB },
    'KB',
    'memory after a million checks',
  ),
  ...SIZES.map((size) => {
    const times = rounded(grown(way, size * MB, 0) / (size * MB));
    return valueRow(`${way}: objects, ${size} MB`, undefined, { median: times }, 'times the body', goal);
  }),
]);
report('memory of the module', rows);
