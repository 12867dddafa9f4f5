// Writes reports: one to the screen, the others to files.

import { Terminal } from '../report/terminal.js';
import { writeAtomically } from './files.js';
import { UsageError } from './outcome.js';

/**
 * @param reports a function per format that returns its text; `pretty` gets the terminal to draw for @param passed with
 * --quiet, a run that passes prints no pretty report
 */
export function writeReports(options, reports, passed) {
  for (const { format, file } of options.formats) {
    if (file !== undefined) save(file, reports[format](Terminal.of({}, { color: 'never' }, options.io.env)), format);
    else if (format !== 'pretty' || !options.quiet || !passed)
      options.io.stdout.write(reports[format](Terminal.of(options.io.stdout, options, options.io.env)));
  }
}

function save(file, text, format) {
  try {
    writeAtomically(file, text);
  } catch (error) {
    if (!error.syscall) throw error;
    throw new UsageError(`-f ${format}=${file}: cannot write it (${error.code})`);
  }
}

/** Only one report can go to the screen. Checked before any work is done. */
export function onlyOneOnScreen({ formats }) {
  if (formats.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError('two formats would go to the screen', 'send all but one to a file: -f json=report.json');
  }
  const files = formats.map(({ file }) => file).filter((file) => file !== undefined);
  if (new Set(files).size < files.length) throw new UsageError('two formats would go to the same file');
}
