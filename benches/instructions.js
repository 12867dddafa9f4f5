// Counts the instructions of ten fixed cases (examples/instructions.rs) under callgrind, natively, and compares them
// with the committed counts. A count does not depend on how busy the machine is. UPDATE_INSTRUCTIONS=1 writes them.

import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { report, rounded } from './figures.js';

const COMMITTED = new URL('instructions.json', import.meta.url);
const TOLERANCE = 0.02;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROFILE = 'instructions';
const UPDATE = process.env.UPDATE_INSTRUCTIONS === '1';

if (spawnSync('valgrind', ['--version']).error) {
  console.log('\nSKIPPED: instructions are not counted, since valgrind is not here (apt-get install valgrind)');
  process.exit();
}

function built() {
  console.log('\ncompiling the program whose instructions are counted (minutes when cold)');
  const args = ['build', '--quiet', '--locked', '--profile', PROFILE, '--example', 'instructions'];
  const messages = execFileSync('cargo', [...args, '--message-format=json'], { cwd: ROOT, encoding: 'utf8' });
  return messages
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line).executable)
    .find(Boolean);
}

function counted(program, name) {
  const args = ['--tool=callgrind', '--callgrind-out-file=/dev/null', '--toggle-collect=*counted*', program, name];
  const { status, stderr } = spawnSync('valgrind', args, { encoding: 'utf8' });
  const count = Number(/Collected : (\d+)/.exec(stderr)?.[1]);
  if (status !== 0 || !(count > 0)) throw new Error(`callgrind has counted nothing of ${name}\n${stderr}`);
  return count;
}

const program = built();
const names = execFileSync(program, { encoding: 'utf8' }).trim().split('\n');
const counts = Object.fromEntries(names.map((name) => [name, counted(program, name)]));
if (UPDATE) writeFileSync(COMMITTED, `${JSON.stringify(counts, null, 2)}\n`);
const committed = JSON.parse(readFileSync(COMMITTED, 'utf8'));

report(
  'instructions',
  names.map((name) => ({
    name,
    peer: `committed: ${committed[name] ?? 'nothing'}`,
    value: counts[name],
    unit: 'instructions',
  })),
);
const changed = [...new Set([...names, ...Object.keys(committed)])].filter(
  (name) => !(Math.abs(counts[name] / committed[name] - 1) <= TOLERANCE),
);
for (const name of changed) {
  const [was, is] = [committed[name] ?? 'nothing', counts[name] ?? 'nothing'];
  const change = was > 0 && is > 0 ? ` (${rounded((is / was - 1) * 100)} %)` : '';
  console.error(`${name}: committed were ${was}, counted were ${is}${change}`);
}
if (changed.length > 0) {
  console.error('if that is meant: UPDATE_INSTRUCTIONS=1 node benches/instructions.js, and commit instructions.json');
  process.exitCode = 1;
}
