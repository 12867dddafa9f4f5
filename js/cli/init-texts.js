// The files that `countersign init` writes.

import { readFileSync } from 'node:fs';

const SCHEMA = './node_modules/countersign/policies/config.schema.json';

export function configText({ paths, packs, contracts, recordings, manifests, usesNpm }) {
  const used = [
    ...(manifests > 0 || packs.length === 0 ? ['kubernetes'] : []),
    ...packs.map((folder) => `./${folder}`),
  ];
  return lines([
    usesNpm && `# yaml-language-server: $schema=${SCHEMA}`,
    '# What countersign checks here. docs/config.md of the package says what else may be said.',
    `paths: ${list(paths.length > 0 ? paths : ['.'])}`,
    `packs: ${list(used)}`,
    '',
    '# Of findings, these severities; "off" leaves them out, and counts them:',
    '# severities:',
    '#   kubernetes-readiness-probe: "off"',
    '',
    '# Settings for some files:',
    '# overrides:',
    '#   - files: [dev/]',
    '#     params: { kubernetes.level: privileged }',
    ...contractLines(contracts, recordings),
  ]);
}

/** What the recordings follow, as far as their headers say so. */
function contractLines(contracts, recordings) {
  if (recordings.length === 0) return [];
  const about = ['', '# Recorded webhooks: which contract they follow, and the environment variable with the key.'];
  if (contracts.length === 0)
    return [
      ...about,
      '# contracts:',
      `#   - files: ${list(recordings.map((folder) => (folder === '.' ? '*.http' : folder)))}`,
      '#     contract: stripe',
      '#     key: { env: STRIPE_SECRET }',
    ];
  const entries = contracts.flatMap(({ contract, others, files, env }) => [
    `  - files: ${list(files)}`,
    `    contract: ${contract}${others.length > 0 ? ` # or ${others.join(', ')}, which read the same header` : ''}`,
    `    key: { env: ${env} }`,
  ]);
  return [...about, 'contracts:', ...entries];
}

export function workflowText({ cases, expects, tested, contracts, recordings, usesNpm }) {
  const command = usesNpm ? 'npx countersign' : `npx --yes countersign@${version()}`;
  const names = (folders) => folders.map(quoted).join(' ');
  const tests = [...(expects ? cases : []), ...tested];
  return lines([
    'name: countersign',
    'on:',
    '  push: { branches: [main] }',
    '  pull_request:',
    'permissions: { contents: read }',
    'jobs:',
    '  check:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/checkout@v4',
    '      - uses: actions/setup-node@v4',
    '        with: { node-version: 22 }',
    usesNpm && '      - run: npm ci',
    `      - run: ${command} check`,
    tests.length > 0 && `      - run: ${command} test ${names(tests)}`,
    cases.length > 0 && !expects && `      - run: ${command} verify ${names(cases)}`,
    ...(contracts.length > 0 ? recordingLines(command, names(recordings), contracts) : []),
  ]);
}

function recordingLines(command, folders, contracts) {
  return [
    `      - run: ${command} verify --now signed ${folders}`,
    '        env: # secrets of the repository; a key for tests will do, if the recordings are signed with it',
    ...contracts.map(({ env }) => `          ${env}: \${{ secrets.${env} }}`),
  ];
}

function lines(all) {
  return `${all.filter((line) => line !== false).join('\n')}\n`;
}

function list(items) {
  return `[${items.map(quoted).join(', ')}]`;
}

/** Plain where YAML and a shell both read it as it is. */
function quoted(text) {
  return /^\.?[\w/][\w./-]*$|^\.$/.test(text) ? text : JSON.stringify(text);
}

function version() {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}
