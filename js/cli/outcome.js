// How a run can end. run.js turns it into the exit code.

/** Wrong usage or configuration: exit 2. */
export class UsageError extends Error {
  constructor(message, help) {
    super(message);
    this.help = help;
  }
}

/** Whether there are findings that fail the run under `--fail-on`. */
export function failing(findings, failOn) {
  if (failOn === 'never') return false;
  return findings.some(({ severity }) => severity === 'error' || (failOn === 'warning' && severity === 'warning'));
}
