#!/usr/bin/env node
// The process around the command line: whatever happens, it ends with one of the exit codes that run.js lists.

process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error; // the reader had enough
});
process.on('uncaughtException', (error) => {
  process.stderr.write(`internal error: ${error.message}; please report it\n`);
  process.exit(4);
});

// Loaded late, so that a broken installation is no finding: Node would end with 1.
process.exitCode = await import('./run.js').then(
  ({ run }) => run(process.argv.slice(2), process),
  (error) => {
    process.stderr.write(`countersign is not installed completely: ${error.message}\n`);
    return 4;
  },
);
