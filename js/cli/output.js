// Where reports go: one to the screen, the others to files.

import { Terminal } from '../report/terminal.js';
import { writeAtomically } from './files.js';
import { UsageError } from './outcome.js';

/**
 * @param reports a function for each format that gives its text; `pretty` is given what the place can show
 * @param passed a quiet run shows people nothing when all passes
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

/** Two reports on one screen would be neither. Asked before any work is done. */
export function onlyOneOnScreen({ formats }) {
  if (formats.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError('two formats would go to the screen', 'send all but one to a file: -f json=report.json');
  }
  const files = formats.map(({ file }) => file).filter((file) => file !== undefined);
  if (new Set(files).size < files.length) throw new UsageError('two formats would go to the same file');
}
