// The files that `countersign init` writes.

import { readFileSync } from 'node:fs';

const SCHEMA = './node_modules/countersign/policies/config.schema.json';

export function configText({ paths, packs, recordings, manifests, usesNpm }) {
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
    ...(recordings.length > 0 ? contractLines(recordings) : []),
  ]);
}

function contractLines(folders) {
  return [
    '',
    '# Recorded webhooks: which contract they follow, and the environment variable with the key:',
    '# contracts:',
    ...folders.flatMap((folder) => [
      `#   - files: ${list([folder === '.' ? '*.http' : folder])}`,
      '#     contract: stripe',
      '#     key: { env: WEBHOOK_SECRET }',
    ]),
  ];
}

export function workflowText({ cases, usesNpm }) {
  const command = usesNpm ? 'npx countersign' : `npx --yes countersign@${version()}`;
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
    ...cases.map((folder) => `      - run: ${command} verify ${quoted(folder)}`),
  ]);
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
