// Flags, strictly: an unknown one ends the run, because a gate that ignores a flag is a gate that is open.

import { parseArgs } from 'node:util';

import { nearest } from '../base/nearest.js';
import { parseTime } from './clock.js';
import { UsageError } from './outcome.js';

const CHOICES = {
  as: ['har', 'http', 'json', 'yaml'],
  color: ['auto', 'always', 'never'],
  'fail-on': ['error', 'warning', 'never'],
};
const FORMATS = ['pretty', 'json', 'jsonl'];
const CONTRACTS = { verify: [2, 'two contracts are compared'] }; // at most

/**
 * Secrets in argv are seen by every user of the machine and kept by every shell. Looked for before anything is parsed.
 */
export function refuseSecrets(argv) {
  const found = argv.find((word) => /^--(key|secret|token|password)(=|$)/.test(word));
  if (found === undefined) return;
  const flag = found.split('=')[0];
  throw new UsageError(
    `\`${flag}\` is refused: a secret on the command line is seen by every user of the machine and kept in the ` +
      `shell's history`,
    'use --key-env NAME (an environment variable) or --key-file FILE; change the secret if it was real',
  );
}

export function parseOptions(name, { options }, argv) {
  const { values, positionals } = parsed(name, options, argv);
  for (const [option, allowed] of Object.entries(CHOICES)) {
    const value = values[option];
    if (value !== undefined && !allowed.includes(value)) {
      throw new UsageError(`--${option} ${value} is not known`, `it is one of ${allowed.join(', ')}`);
    }
  }
  const contracts = values.contract ?? [];
  const [most, reason] = CONTRACTS[name] ?? [1, 'one contract is used here'];
  if (contracts.length > most) throw new UsageError(`--contract was given ${contracts.length} times: ${reason}`);
  return {
    ...values,
    paths: positionals,
    contract: contracts[0],
    contracts,
    failOn: values['fail-on'] ?? 'error',
    formats: (values.format ?? ['pretty']).map(formatOf),
    now: parseTime(values.now),
  };
}

function parsed(name, options, argv) {
  try {
    return parseArgs({ args: argv, options, allowPositionals: true, strict: true });
  } catch (error) {
    // parseArgs's own texts repeat values; these name the option alone.
    const option = /'(?:-\w, )?(--?[\w-]+)/.exec(error.message)?.[1] ?? 'an option';
    if (error.code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw new UsageError(misused(option, options), `countersign ${name} --help`);
    const close = nearest(option.replace(/^-+/, ''), Object.keys(options));
    throw new UsageError(
      `\`${option}\` is not an option of countersign ${name}`,
      close ? `did you mean \`--${close}\`?` : `countersign ${name} --help lists them`,
    );
  }
}

function misused(option, options) {
  const takesValue = options[option.replace(/^-+/, '')]?.type === 'string';
  return takesValue ? `\`${option}\` needs a value` : `\`${option}\` takes no value`;
}

function formatOf(text) {
  const [format, ...rest] = text.split('=');
  if (!FORMATS.includes(format)) {
    throw new UsageError(`format \`${format}\` is not known`, `in this version there are ${FORMATS.join(', ')}`);
  }
  const file = rest.length > 0 ? rest.join('=') : undefined;
  if (file === '') throw new UsageError(`-f ${format}= names no file`);
  return { format, file };
}
