// Where reports go: one to the screen, the others to files.

import { writeAtomically } from './files.js';
import { UsageError } from './outcome.js';

/**
 * @param reports a function for each format that gives its text
 * @param quiet keeps the screen silent
 */
export function writeReports({ formats, quiet }, reports, passed) {
  for (const { format, file } of formats) {
    if (file === undefined) {
      if (format !== 'pretty' || !quiet || !passed) process.stdout.write(reports[format]());
      continue;
    }
    try {
      writeAtomically(file, reports[format]({ toFile: true }));
    } catch (error) {
      if (!error.syscall) throw error;
      throw new UsageError(`-f ${format}=${file}: cannot write it (${error.code})`);
    }
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
