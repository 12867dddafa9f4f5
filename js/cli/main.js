#!/usr/bin/env node
// The command line's outermost layer: the exit code is decided here, once, whatever happens.

process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error; // the reader had enough
});
process.on('uncaughtException', (error) => {
  process.stderr.write(`internal error: ${error.message}; please report it\n`);
  process.exit(4);
});

// Loaded late, so that a broken installation is no finding: Node would end with 1.
const outcome = await import('./run.js').then(
  ({ run }) => run(process.argv.slice(2)),
  (error) => {
    process.stderr.write(`countersign is not installed completely: ${error.message}\n`);
    return { bug: true };
  },
);

// 0 passed, 1 findings, 2 usage or configuration, 3 could not evaluate, 4 a bug of ours.
process.exitCode = outcome.bug ? 4 : outcome.unevaluated ? 3 : outcome.usage ? 2 : outcome.findings ? 1 : 0;
