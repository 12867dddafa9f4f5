#!/usr/bin/env node
// Runs the command line as a process. Whatever happens, it ends with one of the exit codes in run.js.

process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error; // the reader had enough
});
process.on('uncaughtException', (error) => {
  process.stderr.write(`internal error: ${error.message}; please report it\n`);
  process.exit(4);
});

// Imported here so that a broken installation does not exit with 1, which means findings.
process.exitCode = await import('./run.js').then(
  ({ run }) => run(process.argv.slice(2), process),
  (error) => {
    process.stderr.write(`countersign is not installed completely: ${error.message}\n`);
    return 4;
  },
);
