// How a run can end. main.js turns it into the exit code.

/** Wrong usage or configuration: exit 2. */
export class UsageError extends Error {
  constructor(message, help) {
    super(message);
    this.help = help;
  }
}

/** Are there findings that `--fail-on` says fail the run? */
export function failing(findings, failOn) {
  if (failOn === 'never') return false;
  return findings.some(({ severity }) => severity === 'error' || (failOn === 'warning' && severity === 'warning'));
}
