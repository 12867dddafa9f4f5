// Runs one command and returns its exit code.

import { nearest } from '../base/nearest.js';
import { ContractError } from '../core/errors.js';
import { Unevaluated } from '../read/unevaluated.js';
import { placeText } from '../report/pretty.js';
import { Terminal } from '../report/terminal.js';
import { COMMANDS, LATER } from './commands.js';
import { configFile, NONE } from './config-find.js';
import { nearVariables } from './environment.js';
import { commandHelp, help } from './help.js';
import { hint } from './hints.js';
import { parseOptions, refuseSecrets } from './options.js';
import { UsageError } from './outcome.js';
import { pathsStartAt } from './place.js';
import { version } from './result.js';

/**
 * The command line on streams and an environment of the caller. What is read from standard input is read from the
 * process's own, and paths are relative to its folder.
 * @param io { stdout, stderr, env }
 * @returns the exit code: 0 passed, 1 findings, 2 usage or configuration, 3 could not evaluate, 4 a bug of ours
 */
export async function run(argv, io) {
  const { bug, unevaluated, usage, findings } = await outcomeOf(argv, io);
  return bug ? 4 : unevaluated ? 3 : usage ? 2 : findings ? 1 : 0;
}

/** { bug, unevaluated, usage, findings }, each true or absent. */
async function outcomeOf(argv, io) {
  let verbose = argv.includes('-v') || argv.includes('--verbose');
  let settings = NONE;
  try {
    refuseSecrets(argv);
    const [name, ...rest] = argv;
    if (name === undefined) throw new UsageError('no command given', `\n\n${help()}`);
    if (name === '--help' || name === '-h' || name === 'help')
      return print(io, Object.hasOwn(COMMANDS, rest[0] ?? '') ? commandHelp(rest[0]) : help());
    if (name === '--version' || name === '-V') return print(io, version());
    const command = commandNamed(name);
    const options = { ...parseOptions(name, command, rest, io.env), io };
    verbose = options.verbose;
    if (options.help) return print(io, commandHelp(name));
    const filled = await configured(name, command, options);
    ({ settings } = filled);
    return await command.run(filled);
  } catch (error) {
    return explainFailure(io, error, verbose, settings);
  }
}

/** The options with what the configuration says; without one, nothing of it is loaded. */
async function configured(name, command, options) {
  if (!('config' in command.options)) return options;
  const { io, quiet, verbose } = options;
  for (const { name: variable, meant } of quiet ? [] : nearVariables(io.env))
    hint(io, `the environment variable \`${variable}\` is not read`, { help: `did you mean \`${meant}\`?` });
  const file = configFile(options);
  pathsStartAt(file ?? (name === 'baseline' ? options.paths[1] : options.baseline));
  if (file === undefined) return options;
  const { withConfig } = await import('./config.js');
  const filled = await withConfig(name, options, file);
  if (verbose) io.stderr.write(`configuration: ${filled.settings.files.join(', ')}\n`);
  return filled;
}

/** Help for errors whose own help is about the API. */
const FIXES = {
  'key-missing':
    'use --key-env NAME or --key-file FILE; if the receiver really has no secret, declare `"signature": null`',
};

function commandNamed(name) {
  if (Object.hasOwn(COMMANDS, name)) return COMMANDS[name];
  const available = Object.keys(COMMANDS).join(', ');
  if (LATER.includes(name))
    throw new UsageError(`\`${name}\` is not available in this version`, `available are ${available}`);
  if (name.startsWith('-'))
    throw new UsageError(
      `\`${name.split('=')[0]}\` must come after the command`,
      'write countersign COMMAND [OPTIONS]',
    );
  const close = nearest(name, Object.keys(COMMANDS));
  throw new UsageError(
    `unknown command \`${name}\``,
    close ? `did you mean \`${close}\`?` : `available are ${available}`,
  );
}

function print(io, text) {
  io.stdout.write(`${text.trimEnd()}\n`);
  return {};
}

function explainFailure(io, error, verbose, { files }) {
  const terminal = Terminal.of(io.stderr, {}, io.env);
  const say = (text) => io.stderr.write(`${text}\n`);
  if (error instanceof UsageError || error instanceof ContractError || error instanceof Unevaluated) {
    for (const one of [error, ...(error.also ?? [])]) sayError(terminal, say, one);
    if (files.length > 0 && !error.place)
      say(`  note: some options are from ${files.map((file) => terminal.clean(file)).join(', ')}`);
    return error instanceof Unevaluated || cannotEvaluate(error) ? { unevaluated: true } : { usage: true };
  }
  say(error.code === 'internal' ? error.message : `internal error: ${error.message}; please report it`);
  if (verbose) say(error.cause?.stack ?? error.stack);
  else say('  help: -v prints the stack');
  return { bug: true };
}

function sayError(terminal, say, error) {
  const code = error.code ? `[${error.code}]` : '';
  const place = [error.file, error.at].filter(Boolean).map((part) => terminal.clean(part));
  const where = [...place, placeText(terminal, error.place ?? {})].filter(Boolean).join(' at ');
  const at = where ? ` (${where})` : '';
  say(`${terminal.paint('error', `error${code}`)}: ${terminal.clean(error.message)}${at}`);
  const fix = FIXES[error.code] ?? error.help;
  if (fix) say(fix.startsWith('\n') ? fix.trim() : `  help: ${terminal.clean(fix)}`);
}

/** If a policy does not load, nothing can be checked. Any other contract error is a configuration error. */
function cannotEvaluate(error) {
  return error instanceof ContractError && error.code === 'contract-policy';
}
