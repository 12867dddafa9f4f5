// Parses flags strictly. An unknown flag is an error: a check that ignores a flag may let everything pass.

import { parseArgs } from 'node:util';

import { nearest } from '../base/nearest.js';
import { parseTime } from './clock.js';
import { NONE } from './config-find.js';
import { optionsOfEnvironment, variableOf } from './environment.js';
import { UsageError } from './outcome.js';

export const CHOICES = {
  as: [
    ...['cloudformation', 'cyclonedx', 'dockerfile', 'env', 'har', 'http', 'ini', 'json', 'jsonl', 'spdx', 'terraform'],
    ...['toml', 'yaml'],
  ],
  color: ['auto', 'always', 'never'],
  'fail-on': ['error', 'warning', 'never'],
  lang: ['en', 'zh-CN'],
  rego: ['v0', 'v1'],
};
const FORMATS = ['pretty', 'json', 'jsonl'];
/** For other programs, of commands that have findings. */
const CI = ['compact', 'sarif', 'junit', 'tap', 'github', 'gitlab', 'markdown'];
const MORE_FORMATS = { baseline: CI, check: CI, lint: CI, test: CI, verify: CI };
/** The formats of a run that was given none. */
export const SCREEN = [{ format: 'pretty', file: undefined }];
const CONTRACTS = { verify: [2, 'it takes one contract, or two to compare'] }; // at most

/**
 * Every user of the machine can see secrets in argv, and shells keep them. They are refused before anything is parsed.
 */
export function refuseSecrets(argv) {
  const found = argv.find((word) => /^--(key|secret|token|password)(=|$)/.test(word));
  if (found === undefined) return;
  const flag = found.split('=')[0];
  throw new UsageError(
    `\`${flag}\` is refused: every user of the machine can see a secret on the command line, and the shell's history ` +
      'keeps it',
    'use --key-env NAME (an environment variable) or --key-file FILE; if the secret was real, change it',
  );
}

export function parseOptions(name, { options }, argv, env = {}) {
  const { values: flags, positionals } = parsed(name, options, argv.map(withoutValue));
  const values = { ...configless(flags, known(name, optionsOfEnvironment(env, options))), ...flags };
  for (const [option, allowed] of Object.entries(CHOICES)) {
    const value = values[option];
    if (value !== undefined && !allowed.includes(value)) {
      const said = flags[option] === undefined ? `${variableOf(option)}=` : `--${option} `;
      throw new UsageError(`${said}${value} is not known`, `use one of ${allowed.join(', ')}`);
    }
  }
  const contracts = values.contract ?? [];
  const [most, reason] = CONTRACTS[name] ?? [1, 'it takes one contract'];
  if (contracts.length > most) throw new UsageError(`--contract was given ${contracts.length} times: ${reason}`);
  return {
    ...values,
    paths: positionals,
    contract: contracts[0],
    contracts,
    failOn: values['fail-on'] ?? 'error',
    formats: values.format?.map((text) => formatOf(name, text)) ?? SCREEN,
    now: isRecording(name, values.now) ? values.now : parseTime(values.now),
    settings: NONE,
  };
}

/** A flag about the configuration counts before both variables about it. */
function configless(flags, { config, 'no-config': none, ...others }) {
  if (flags.config !== undefined || flags['no-config']) return others;
  return { ...others, ...(none ? { 'no-config': true } : config === undefined ? {} : { config }) };
}

/** A format in the environment is for every command that can write it. */
function known(name, { format, ...others }) {
  const own = format?.filter((text) => formatsOf(name).includes(formatOf('check', text).format)) ?? [];
  return own.length > 0 ? { ...others, format: own } : others;
}

/** `--changed` may have no value. */
function withoutValue(word, index, argv) {
  return word === '--changed' && !argv.slice(0, index).includes('--') ? '--changed=' : word;
}

/** Recordings can be judged at times that differ for each. */
function isRecording(name, now) {
  return name === 'verify' && (now === 'signed' || now === 'recorded');
}

function parsed(name, options, argv) {
  try {
    return parseArgs({ args: argv, options, allowPositionals: true, strict: true });
  } catch (error) {
    // The messages of parseArgs repeat values; these only name the option.
    const option = /'(?:-\w, )?(--?[\w-]+)/.exec(error.message)?.[1] ?? 'an option';
    if (error.code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw new UsageError(misused(option, options), `countersign ${name} --help`);
    if (option === '--lang')
      throw new UsageError(
        `countersign ${name} takes no \`--lang\`: its output is in English`,
        'countersign explain CODE --lang zh-CN explains in Chinese what a code means and how to fix its cause',
      );
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

/** The formats that a command can write. */
export function formatsOf(name) {
  return [...FORMATS, ...(MORE_FORMATS[name] ?? [])];
}

export function formatOf(name, text) {
  const known = formatsOf(name);
  const [format, ...rest] = text.split('=');
  if (!known.includes(format)) {
    throw new UsageError(`format \`${format}\` is not known`, `use one of ${known.join(', ')}`);
  }
  const file = rest.length > 0 ? rest.join('=') : undefined;
  if (file === '') throw new UsageError(`-f ${format}= names no file`);
  return { format, file };
}
