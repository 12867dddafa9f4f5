// GitLab's Code Quality report.

import { identity, placeOf, remedy, skippedText, withProblems } from './result.js';

const SEVERITIES = { error: 'major', warning: 'minor', info: 'info' };

export function gitlabReport(result) {
  const seen = new Map();
  const issues = [...withProblems(result), ...skippedOf(result)].map((finding) => {
    const { file, line = 1 } = placeOf(result, finding);
    const fix = remedy(finding);
    return {
      description: fix === undefined ? finding.message : `${finding.message} (help: ${fix})`,
      check_name: finding.code,
      fingerprint: unique(seen, identity(finding)),
      severity: SEVERITIES[finding.severity],
      location: { path: result.pathOf(file), lines: { begin: line } },
    };
  });
  return `${JSON.stringify(issues, null, 2)}\n`;
}

/** One issue for all: an issue for each would be most of the report. */
function skippedOf(result) {
  const message = skippedText(result);
  if (message === undefined) return [];
  return [{ code: 'skipped', severity: 'info', message, source: { file: result.skipped[0].file } }];
}

/** Of two issues with one fingerprint, GitLab shows one. */
function unique(seen, fingerprint) {
  const count = seen.get(fingerprint) ?? 0;
  seen.set(fingerprint, count + 1);
  return count === 0 ? fingerprint : `${fingerprint}-${count + 1}`;
}
