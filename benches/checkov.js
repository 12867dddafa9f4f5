// Beside checkov, which `make bench-gate` installs: which of the official fixtures of Pod Security Admission, at
// baseline of the latest version, the whole commands tell from the harmless ones, and the time that the processor works
// for each, over the fixtures and over ordinary manifests. A fixture counts as found if something is found in it that is
// not found in base.yaml, the plainest pod that passes; so checks that every pod fails count neither for nor against.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ratioRow, report } from './figures.js';
import { manifests } from './manifests.js';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const CHECKOV = path('../target/checkov/bin/checkov');
const FIXTURES = join(process.env.COUNTERSIGN_DATA ?? path('../../shared/data'), 'k8s/psa/testdata/baseline');
const MAIN = path('../pkg/cli/main.js');
const ROUNDS = Number(process.argv[2] ?? 3);
const COUNT = 1000; // of the ordinary manifests

const latest = (versions) => versions.sort((a, b) => Number(a.slice(3)) - Number(b.slice(3))).at(-1);

/** Each command over a folder, and what its report says of single pods as [file, code]. */
const COMMANDS = {
  ours: {
    // Files that pass and files that fail have the same names, which is no matter of a single pod.
    args: (folder) => [
      ...['node', MAIN, 'check', '--no-config', '--pack', 'kubernetes', '--fail-on', 'never', '-f', 'json'],
      ...['--set', 'kubernetes.off=policy-kubernetes-duplicate-object', folder],
    ],
    found: ({ findings }) =>
      findings.filter(({ resource }) => resource?.kind === 'Pod').map(({ code, source }) => [source.file, code]),
  },
  theirs: {
    args: (folder) => [
      ...[CHECKOV, '-d', folder, '--framework', 'kubernetes', '--compact', '--quiet', '--skip-download'],
      ...['-o', 'json'],
    ],
    found: ({ results }) => results.failed_checks.map((one) => [one.file_abs_path, one.check_id]),
  },
};

if (!existsSync(CHECKOV)) console.log('SKIPPED: checkov is not here (make bench-gate)');
else if (!existsSync(FIXTURES)) console.log('SKIPPED: there are no fixtures (COUNTERSIGN_DATA, k8s/psa)');
else compare(join(FIXTURES, latest(readdirSync(FIXTURES))));

function compare(fixtures) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-checkov-'));
  try {
    const [name, all] = [basename(fixtures), readdirSync(fixtures, { recursive: true })];
    const rows = [timeRow(`checking the ${all.filter(isYaml).length} fixtures`, fixtures, folder)];
    console.log(`\nthe official fixtures of baseline ${name}`);
    for (const [who, label] of [
      ['ours', 'countersign'],
      ['theirs', 'checkov'],
    ])
      console.log(`  ${label.padEnd(12)} ${scoreOf(who, fixtures, reportIn(folder, who))}`);
    const ordinary = join(folder, 'ordinary');
    mkdirSync(ordinary);
    for (const [at, text] of manifests(COUNT).entries()) writeFileSync(join(ordinary, `${at}.yaml`), text);
    rows.push(timeRow(`checking ${COUNT} ordinary manifests`, ordinary, folder));
    report('the whole command beside checkov', rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isYaml(name) {
  return name.endsWith('.yaml');
}

function reportIn(folder, who) {
  return JSON.parse(readFileSync(join(folder, who), 'utf8'));
}

/** What is found in each folder of fixtures that base.yaml does not have as well. */
function scoreOf(who, fixtures, found) {
  const codes = new Map();
  for (const [file, code] of COMMANDS[who].found(found)) codes.set(file, (codes.get(file) ?? new Set()).add(code));
  const base = codes.get(join(fixtures, 'pass/base.yaml')) ?? new Set();
  const count = (kind) => {
    const files = readdirSync(join(fixtures, kind)).filter(isYaml);
    const isFound = (file) => [...(codes.get(join(fixtures, kind, file)) ?? [])].some((code) => !base.has(code));
    return `${files.filter(isFound).length} of ${files.length}`;
  };
  return `finds ${count('fail')} that break it, and ${count('pass')} that do not`;
}

function timeRow(name, target, folder) {
  const rounds = Array.from({ length: ROUNDS }, () => ({
    ours: seconds('ours', target, folder),
    theirs: seconds('theirs', target, folder),
  }));
  const micro = (who) => rounds.map((one) => one[who] * 1e6);
  return ratioRow(name, 'checkov', micro('ours'), micro('theirs'), 'the command, beside checkov');
}

/** The time that the processor works for a command and what it starts, as the shell says it. */
function seconds(who, target, folder) {
  const script = 'out=$1; shift; "$@" > "$out" 2> /dev/null; times';
  const text = execFileSync('sh', ['-c', script, 'sh', join(folder, who), ...COMMANDS[who].args(target)], {
    encoding: 'utf8',
  });
  const [, children] = text.trim().split('\n');
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, rest]) => sum + 60 * minutes + +rest, 0);
}
