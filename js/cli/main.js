#!/usr/bin/env node
// Runs the command line as a process. Whatever happens, it ends with one of the exit codes in run.js.

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code }) => {
    if (code === 'EPIPE') return; // the reader had enough
    const reason = code === 'ENOSPC' ? 'no space is left on the device' : code;
    process.stderr.write(`error: cannot write standard output: ${reason}\n`);
    process.exit(2);
  });
}
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
