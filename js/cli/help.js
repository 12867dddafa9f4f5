// The texts of --help.

import { COMMANDS } from './commands.js';

const OPTIONS = {
  contract: [
    '--contract NAME|FILE',
    'a shipped contract, a contract file (JSON or YAML) with its schemas and policies next to it, or a bundle',
    { verify: '; give it twice to compare two' },
  ],
  'key-env': [
    '--key-env [ID=]NAME',
    "the environment variable that contains the key: the secret or the sender's public key, depending on the " +
      "contract's algorithm; repeatable",
  ],
  'key-file': [
    '--key-file [ID=]FILE',
    'the file that contains the key; one trailing line break is removed; repeatable',
  ],
  registry: [
    '--registry FILE',
    "many hooks (hooks.json) instead of one contract: the request's host and path select the hook, and the file " +
      'says where its contract and key are',
  ],
  failures: [
    '--failures ID=N',
    'with --registry, how many signatures in a row were refused for that hook before; repeatable',
  ],
  hook: ['--hook ID', 'the hook'],
  uri: ['--uri URL', "the hook's address: http or https, without credentials, query and fragment"],
  note: ['--note TEXT', 'what the hook is for'],
  receipt: ['--receipt yes|no', 'whether a receipt is needed; with settle, whether the message asked for one'],
  receiver: ['--receiver NAME', "whom messages are for, for the contract's policy"],
  'disable-after': ['--disable-after N', 'disable the hook after so many refused signatures in a row'],
  reason: ['--reason TEXT', 'why the hook is disabled; whoever calls it sees this'],
  unset: [
    '--unset MEMBER',
    'with set, take a member away: note, contract, key, receipt, data, receiver or disableAfter',
  ],
  'no-answer': ['--no-answer', 'with settle, no answer came'],
  seen: ['--seen FILE', 'a file with the replay keys seen before, one per line, as in `replay.key` of a verdict'],
  jkt: [
    '--jkt THUMBPRINT',
    'for a DPoP contract: the thumbprint (RFC 7638, SHA-256) of the key that the access token is bound to',
  ],
  nonces: ['--nonces NONCE', 'for a DPoP contract with `nonce`: a nonce that the server issued; repeatable'],
  now: [
    '--now T',
    'the time of the check: Unix seconds, RFC 3339, or a day, 00:00 UTC (default: the clock)',
    { verify: '; signed: when each request was signed; recorded: when each entry of a HAR was' },
  ],
  nonce: ['--nonce HEX', 'the nonce, if the contract has one: 16 lower-case hex digits (default: random)'],
  method: ['--method M', 'the method, if the contract allows several (default: its first, else POST)'],
  header: [
    '--header NAME:VALUE',
    'a header of the request, such as the message id that the contract signs; repeatable',
  ],
  url: ['--url URL', 'the URL that the sender calls'],
  origin: ['--origin URL', 'the public scheme://host that the sender calls, if a proxy is in front of the receiver'],
  explain: ['--explain', 'explain why a signature does not match, by trying repairs until one fits'],
  'other-key-env': [
    '--other-key-env [ID=]NAME',
    'with --explain, a key that the sender may have used by mistake, such as that of another environment; no ' +
      'request passes with it; repeatable',
  ],
  'registry contract': ['--contract NAME|FILE', "the hook's contract: a shipped one, or a file beside hooks.json"],
  'registry key-env': ['--key-env NAME', "the environment variable that contains the hook's key"],
  'registry key-file': ['--key-file FILE', "the file that contains the hook's key; relative paths start at hooks.json"],
  'registry data': [
    '--data POINTER',
    "a part of the message's `data` that the hook selects (a JSON Pointer, /bug/id); repeatable",
  ],
  'registry failures': ['--failures N', 'with settle, how many signatures in a row were refused before'],
  sign: ['--sign', 'sign the message and print the request instead'],
  curl: ['--curl', 'print a curl command'],
  http: ['--http', 'print the raw HTTP request (default); `countersign verify` reads it'],
  pack: [
    '--pack NAME|DIR|FILE',
    'a shipped pack; a folder of Rego files, written with a slash (./team); or a YAML file with templates and ' +
      'constraints of Gatekeeper; repeatable (default: chosen by the kind of the documents)',
  ],
  'explain pack': ['--pack NAME|DIR', 'the pack whose rules are explained; repeatable (default: the shipped ones)'],
  namespace: [
    '--namespace NAME',
    'only the rules of this package judge, such as main for policies of conftest; repeatable (default: all)',
  ],
  rego: [
    '--rego VERSION',
    'v0 or v1: read every policy as this version of Rego (default: v1, or v0 if only that can be read)',
  ],
  data: [
    '--data FILE|DIR',
    'a JSON or YAML file whose members appear under `data.`, or a folder of them, each below the names of its ' +
      'folders; the member `params` becomes data.params; repeatable',
  ],
  set: [
    '--set KEY=VALUE',
    'set data.params.KEY, where a.b is the member b of a; repeatable; VALUE is read as JSON',
    { check: ', else as text', verify: ' if it starts with [, { or ", else as text' },
  ],
  config: [
    '--config FILE',
    'read this configuration (default: countersign.yaml or countersign.json of the working directory, or above it up ' +
      'to the root of the git repository)',
  ],
  'no-config': ['--no-config', 'read no configuration'],
  exclude: [
    '--exclude PATTERN',
    'leave out what the pattern fits in folders, written as in .gitignore; a file that is named is read; repeatable',
  ],
  changed: [
    '--changed[=REF]',
    'report only what is in files changed since the branch left REF, uncommitted and untracked ones too (default: ' +
      'the default branch of the remote; without a remote, HEAD)',
  ],
  as: [
    '--as KIND',
    'read every file as cloudformation, cyclonedx, dockerfile, env, har, http, ini, json, jsonl, spdx, terraform (a ' +
      'plan as JSON), toml or yaml (default: by its name, else by its text)',
  ],
  'files-from': [
    '--files-from FILE',
    'check the files that FILE (- for standard input) lists, one a line or with NUL between them, as git diff ' +
      '--name-only -z does; names that are gone or that no pack checks are counted, and no problem',
  ],
  'allow-empty': ['--allow-empty', 'do not fail if nothing matches'],
  waivers: ['--waivers FILE', 'the findings that are waived: a YAML or JSON file, by policies/waivers.schema.json'],
  'no-inline': ['--no-inline', 'waive nothing by comments in the files (`# countersign-ignore`), and report each'],
  baseline: ['--baseline FILE', 'fail only for findings that this file of `countersign baseline` does not have'],
  strict: [
    '--strict',
    'unused waivers, entries of the baseline that are gone, and rules that met no document are errors',
  ],
  why: [
    '--why RULE',
    'say past which expression a rule never went, in how many documents; RULE is its path, its id or the code of its ' +
      'findings',
  ],
  filter: ['--filter TEXT', 'only the tests with TEXT in their name'],
  coverage: ['--coverage', 'measure which lines of the policies are reached; -v shows the expressions that are not'],
  min: ['--min PERCENT', 'with --coverage, fail if fewer lines are reached'],
  update: [
    '--update',
    'write what case folders give as what they expect, and say so; refused where the environment has CI',
  ],
  output: ['-o, --output FILE', 'write to FILE, completely or not at all (default: standard output)'],
  format: [
    '-f, --format FORMAT[=FILE]',
    'pretty (default), json, jsonl, compact, sarif, junit, tap, github, gitlab or markdown; repeatable, but only one ' +
      'can go to the screen',
  ],
  ...Object.fromEntries(
    ['list', 'registry', 'shape'].map((command) => [
      `${command} format`,
      ['-f, --format FORMAT[=FILE]', 'pretty (default), json or jsonl; repeatable, but only one can go to the screen'],
    ]),
  ),
  'no-ci': [
    '--no-ci',
    'in GitHub Actions, do not annotate lines and add no summary of the step (without -f, both are done)',
  ],
  lang: [
    '--lang LANGUAGE',
    'en or zh-CN: the README to read, if there is one in that language (default: by LC_ALL, LC_MESSAGES or LANG)',
    { explain: '; codes are explained in both' },
  ],
  'fail-on': ['--fail-on SEVERITY', 'error (default), warning or never'],
  color: ['--color WHEN', 'auto (default), always or never; NO_COLOR and FORCE_COLOR are honoured'],
  force: ['--force', 'write files anew that are there'],
  'dry-run': ['--dry-run', 'print what would be written, and write nothing'],
  quiet: ['-q, --quiet', 'print no hints, and no report if everything passes'],
  verbose: [
    '-v, --verbose',
    'list what passed, draw more than the first 50 findings, and print the stack of internal errors',
  ],
  help: ['-h, --help', 'show this text'],
};

const EXIT =
  'Exit: 0 passed, 1 findings at or above --fail-on, 2 usage or configuration, 3 could not evaluate, 4 internal error.';
const EXIT_OF = { test: EXIT.replace('findings at or above --fail-on', 'a test failed, or --min was not reached') };

const EXAMPLES = {
  check: [
    'countersign check deploy/',
    'kustomize build . | countersign check --set require=encryption -',
    'countersign check -f pretty -f json=report.json "deploy/**/*.yaml"',
    'countersign check --pack coze-migration recorded.har',
    'countersign check --pack ./policy --namespace main --data ./exceptions deploy/',
    'countersign check --waivers waivers.yaml --no-inline deploy/',
    'countersign check --pack ./team --why team.images.deny deploy/',
  ],
  baseline: [
    'countersign baseline write baseline.json deploy/',
    'countersign check --baseline baseline.json deploy/',
    'countersign baseline check baseline.json deploy/',
    'countersign baseline prune baseline.json deploy/',
  ],
  test: [
    'countersign test policies/ cases/',
    'countersign test --coverage --min 90 -f pretty -f junit=tests.xml ./team',
    'countersign test --filter latest -v ./team',
  ],
  verify: [
    'countersign verify --contract sub2api --key-env WEBHOOK_SECRET recorded.http',
    'countersign verify --contract ./contract.json --key-file secret.txt --now 2026-11-21T09:30:00Z recordings/',
    'countersign verify --registry hooks.json --failures li=2 recorded.http',
    'countersign verify --contract ./v1.json --contract ./v2.json --key-env WEBHOOK_SECRET recordings/',
  ],
  sign: [
    'countersign sign --contract sub2api --key-env WEBHOOK_SECRET --curl --url ' +
      'http://127.0.0.1:8080/api/v1/customer-service/webhook body.json',
    'countersign sign --contract ./square.json --key-env KEY --origin https://hooks.example.org --url ' +
      'http://127.0.0.1:8080/square body.json',
  ],
  shape: [
    'countersign shape --contract sub2api event.json > message.json',
    'countersign shape --contract sub2api --sign --key-env WEBHOOK_SECRET --curl --url ' +
      'http://127.0.0.1:8080/api/v1/customer-service/webhook event.json',
  ],
  registry: [
    'countersign registry list hooks.json',
    'countersign registry add hooks.json --hook li --uri https://example.com/receiveHook --contract envelope',
    'countersign registry set hooks.json --hook li --receipt yes --disable-after 3',
    "countersign registry disable hooks.json --hook li --reason 'moved on 2026-10-01'",
    'countersign registry settle hooks.json --hook li --failures 2 answer.http',
  ],
  lint: ['countersign lint ./contract.json', 'countersign lint --fail-on warning stripe github'],
  bundle: ['countersign bundle ./contract.json -o contract.bundle.json'],
  list: ['countersign list', 'countersign list coze signature', 'countersign list -f json 知识库'],
  explain: [
    'countersign explain signature-mismatch',
    'countersign explain --lang zh-CN sub2api',
    'countersign explain kubernetes-etcd-encryption',
    'countersign explain --pack ./team image-latest',
  ],
  init: ['countersign init', 'countersign init --dry-run'],
  completion: ['source <(countersign completion bash)', 'countersign completion zsh > ~/.zfunc/_countersign'],
};

export function help() {
  const commands = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`);
  return [
    'countersign: checks webhooks against contracts and deployments against policies',
    '',
    'Usage: countersign COMMAND [OPTIONS] ARGUMENTS',
    '',
    ...commands,
    '',
    'countersign COMMAND --help shows more; countersign --version shows the version.',
    EXIT,
  ].join('\n');
}

export function commandHelp(name) {
  const { about, usage, options } = COMMANDS[name];
  const rows = Object.keys(OPTIONS)
    .filter((option) => option in options)
    .map((option) => OPTIONS[`${name} ${option}`] ?? OPTIONS[option]);
  const textOf = (text, more) => `${text}${more?.[name] ?? ''}`;
  const width = Math.max(...rows.map(([head]) => head.length));
  return [
    `countersign ${name}: ${about}`,
    '',
    `Usage: ${usage}`,
    '',
    ...rows.map(([head, text, more]) => `  ${head.padEnd(width)}  ${textOf(text, more)}`),
    '',
    'Examples:',
    ...EXAMPLES[name].map((line) => `  ${line}`),
    '',
    EXIT_OF[name] ?? EXIT,
  ].join('\n');
}
