// The help texts.

import { COMMANDS } from './commands.js';

const OPTIONS = {
  contract: [
    '--contract NAME|FILE',
    'a shipped contract, a contract file (JSON or YAML) with its schemas and policies beside it, or a bundle',
    { verify: '; twice, to compare two' },
  ],
  'key-env': [
    '--key-env [ID=]NAME',
    "the key stands in that environment variable: the secret, or the sender's public key, as the contract's " +
      'algorithm wants it; repeatable',
  ],
  'key-file': ['--key-file [ID=]FILE', 'the key stands in that file, one trailing line break is taken off; repeatable'],
  registry: [
    '--registry FILE',
    "in place of a contract, many hooks (hooks.json): the request's host and path pick the hook, whose contract and " +
      'key are read from where the file says',
  ],
  failures: [
    '--failures ID=N',
    'with --registry, how many signatures of that hook were refused in a row before; repeatable',
  ],
  seen: ['--seen FILE', "replay keys seen before, one a line, as a verdict's `replay.key` gives them"],
  jkt: ['--jkt THUMBPRINT', 'of a DPoP contract: the key (RFC 7638, SHA-256) that the access token is bound to'],
  nonces: ['--nonces NONCE', 'of a DPoP contract with `nonce`: one that the server gave out; repeatable'],
  now: ['--now T', 'judge as of then: Unix seconds or RFC 3339 (default: the clock)'],
  nonce: ['--nonce HEX', '16 lower-case hex digits, where the contract has a nonce (default: drawn)'],
  method: ['--method M', 'of a contract with several methods, this one (default: its first, else POST)'],
  header: [
    '--header NAME:VALUE',
    'a header of the request, such as the message id that the contract signs; repeatable',
  ],
  url: ['--url URL', 'the URL as the sender calls it'],
  origin: ['--origin URL', 'the public scheme://host that the sender calls, where a proxy stands before the receiver'],
  explain: ['--explain', 'why a signature does not match: repairs are tried until one fits'],
  'other-key-env': [
    '--other-key-env [ID=]NAME',
    'with --explain, a key that the sender may have used by mistake, such as that of another environment; it lets ' +
      'nothing pass; repeatable',
  ],
  sign: ['--sign', 'sign the message, and print the request in its place'],
  curl: ['--curl', 'print a curl command'],
  http: ['--http', 'print the raw HTTP request (default); `countersign verify` reads it'],
  pack: [
    '--pack NAME|DIR',
    'a shipped pack, or a folder of Rego files with a slash (./team); repeatable (default: by the kind of the ' +
      'documents)',
  ],
  data: ['--data FILE', 'JSON or YAML, its members under `data.`; a member `params` feeds data.params'],
  set: [
    '--set KEY=VALUE',
    'sets data.params.KEY, repeatable; VALUE is read as JSON',
    { check: ', else as text', verify: ' where it begins with [, { or ", else as text' },
  ],
  as: [
    '--as KIND',
    'read every file as har, http, json or yaml (default: by its name; standard input is YAML or JSON)',
  ],
  'allow-empty': ['--allow-empty', 'nothing matched is no failure'],
  output: ['-o, --output FILE', 'write there, whole or not at all (default: standard output)'],
  format: ['-f, --format FORMAT[=FILE]', 'pretty (default), json or jsonl; repeatable, one of them to the screen'],
  'fail-on': ['--fail-on SEVERITY', 'error (default), warning or never'],
  color: ['--color WHEN', 'auto (default), always or never; NO_COLOR and FORCE_COLOR are honoured'],
  quiet: ['-q, --quiet', 'no report on the screen when all passes, no hints'],
  verbose: ['-v, --verbose', 'also what passed, and where an internal error happened'],
  help: ['-h, --help', 'this text'],
};

const EXIT =
  'Exit: 0 passed, 1 findings at or above --fail-on, 2 usage or configuration, 3 could not evaluate, 4 a bug of ours.';

const EXAMPLES = {
  check: [
    'countersign check deploy/',
    'kustomize build . | countersign check --set require=encryption -',
    'countersign check -f pretty -f json=report.json "deploy/**/*.yaml"',
    'countersign check --pack coze-migration recorded.har',
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
  lint: ['countersign lint ./contract.json', 'countersign lint --fail-on warning stripe github'],
  bundle: ['countersign bundle ./contract.json -o contract.bundle.json'],
  explain: ['countersign explain signature-mismatch'],
};

export function help() {
  const commands = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(9)} ${about}`);
  return [
    'countersign: checks webhooks against contracts and deployments against policies',
    '',
    'Usage: countersign COMMAND [OPTIONS] ARGUMENTS',
    '',
    ...commands,
    '',
    'countersign COMMAND --help tells more, countersign --version the version.',
    EXIT,
  ].join('\n');
}

export function commandHelp(name) {
  const { about, usage, options } = COMMANDS[name];
  const rows = Object.keys(OPTIONS)
    .filter((option) => option in options)
    .map((option) => OPTIONS[option]);
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
    EXIT,
  ].join('\n');
}
