// Writes reports: one to the screen, the others to files.

import { accessSync, appendFileSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { Terminal } from '../report/terminal.js';
import { reasonOf, writeAtomically } from './files.js';
import { hint } from './hints.js';
import { SCREEN } from './options.js';
import { UsageError } from './outcome.js';

/**
 * @param reports a function per format that returns its text; `pretty` and `compact` get the terminal to draw for
 * @param passed with --quiet, a run that passes prints no pretty report
 */
export async function writeReports(options, reports, passed) {
  const { io, formats } = options;
  for (const { format, file } of formats) {
    if (file !== undefined) save(file, await reports[format](Terminal.of({}, { color: 'never' }, io.env)), format);
    else if (format !== 'pretty' || !options.quiet || !passed)
      io.stdout.write(await reports[format](Terminal.of(io.stdout, options, io.env)));
  }
  if (isAnnotated(options, reports)) io.stderr.write(await reports.github());
  else if (!formats.some(({ format }) => format === 'github')) return;
  await addSummary(io, reports);
}

/** GitHub reads annotations from stderr too, and stdout stays what it is elsewhere. */
function isAnnotated({ formats, io, 'no-ci': isOff }, { github }) {
  return formats === SCREEN && io.env.GITHUB_ACTIONS === 'true' && !isOff && github !== undefined;
}

const LEAST = 16 * 1024; // bytes that a summary needs to say something

/** The report as the summary of the step. Other commands of the step may have written there. */
async function addSummary(io, { summary }) {
  const file = io.env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  try {
    const text = await summary(statSync(file, { throwIfNoEntry: false })?.size ?? 0, LEAST);
    if (text === undefined) hint(io, 'the summary of the step has no room for this report', {});
    else appendFileSync(file, text);
  } catch (error) {
    if (!error.syscall) throw error;
    hint(io, `the summary of the step cannot be written: ${reasonOf(error)}`, {});
  }
}

function save(file, text, format) {
  try {
    writeAtomically(file, text);
  } catch (error) {
    if (!error.syscall) throw error;
    throw new UsageError(`-f ${format}=${file}: cannot write it: ${reasonOf(error)}`);
  }
}

/** Before any work is done: only one report can go to the screen, and the others must have a place to go to. */
export function onlyOneOnScreen({ formats }) {
  if (formats.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError('two formats would go to the screen', 'send all but one to a file: -f json=report.json');
  }
  const files = formats.filter(({ file }) => file !== undefined);
  if (new Set(files.map(({ file }) => file)).size < files.length)
    throw new UsageError('two formats would go to the same file');
  for (const { format, file } of files) refuseFile(`-f ${format}=${file}`, file);
}

function refuseFile(given, file) {
  const folder = dirname(file);
  if (file.endsWith('/') || isFolder(file)) throw new UsageError(`${given}: it is a folder`, 'name a file in it');
  if (!isFolder(folder)) throw new UsageError(`${given}: there is no folder \`${folder}\``, `mkdir -p ${folder}`);
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UsageError(`${given}: cannot write to \`${folder}\`: ${reasonOf(error)}`);
  }
}

function isFolder(path) {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
