// The whole command `countersign check` over 10,000 small manifests, one a file and all in one file: the time that the
// processor works, over what the package `yaml` alone takes to parse them, and the most memory. Another number of
// manifests can be given as an argument.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { report, rounded, spread, valueRow } from './figures.js';
import { manifests } from './manifests.js';

const ROUNDS = 3;
const COUNT = Number(process.argv[2] ?? 10_000);
const MAIN = fileURLToPath(new URL('../pkg/cli/main.js', import.meta.url));

/** What a process says at its end: its seconds of the processor, and its most memory in MB. */
const USED = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write(JSON.stringify([(userCPUTime + systemCPUTime) / 1e6, maxRSS / 1000]) + '\\n');
});`;

const PEER = `import { readdirSync, readFileSync, statSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
const [path] = process.argv.slice(2);
const files = statSync(path).isDirectory() ? readdirSync(path).sort().map((name) => path + '/' + name) : [path];
for (const file of files) for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) document.toJS();`;

const folder = mkdtempSync(join(tmpdir(), 'countersign-command-'));
const peer = fileURLToPath(new URL('./command-peer.tmp.mjs', import.meta.url)); // where `yaml` is found
try {
  mkdirSync(join(folder, 'many'));
  const texts = manifests(COUNT);
  for (const [index, text] of texts.entries()) writeFileSync(join(folder, `many/${index}.yaml`), text);
  writeFileSync(join(folder, 'one.yaml'), texts.join('---\n'));
  writeFileSync(join(folder, 'used.mjs'), USED);
  writeFileSync(peer, PEER);
  const rows = [];
  for (const [name, path] of [
    [`checking ${COUNT} manifests in as many files`, 'many'],
    [`checking ${COUNT} manifests in one file`, 'one.yaml'],
  ]) {
    const rounds = Array.from({ length: ROUNDS }, () => ({
      theirs: used([peer, join(folder, path)]),
      ours: used([MAIN, 'check', '--no-config', '--fail-on', 'never', '-f', 'json=report.json', path]),
    }));
    const over = spread(rounds.map(({ ours, theirs }) => ours[0] / theirs[0]));
    const [ours, theirs] = ['ours', 'theirs'].map((who) => rounded(spread(rounds.map((one) => one[who][0])).median));
    rows.push(valueRow(name, 'yaml parsing them', over, '×', undefined, { ours, theirs, unit: 's' }));
    rows.push(valueRow(`${name}: memory`, undefined, spread(rounds.map(({ ours: [, most] }) => most)), 'MB'));
  }
  report('the whole command', rows);
} finally {
  rmSync(folder, { recursive: true });
  rmSync(peer, { force: true });
}

function used(args) {
  const options = { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' };
  const script = `node --import ./used.mjs "$@" 2>&1 1>/dev/null | tail -n 1`;
  const text = execFileSync('sh', ['-c', script, 'sh', ...args], { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(text);
}
