// The formats that other programs read, of any command that has findings.

import { compactReport } from './compact.js';
import { githubReport } from './github.js';
import { gitlabReport } from './gitlab.js';
import { junitReport } from './junit.js';
import { pullRequestReport } from './pull-request.js';
import { sarifReport } from './sarif.js';
import { tapReport } from './tap.js';

const SUMMARY = 1024 * 1024; // bytes: GitHub takes no larger summary of a step

/**
 * A function for each format, which gives its text.
 * @param {() => import('./result.js').Result} make called once, when a format is first asked for
 */
export function formatsOf(make) {
  let made;
  const result = () => (made ??= make());
  return {
    compact: (terminal) => compactReport(terminal, result()),
    sarif: () => sarifReport(result()),
    junit: () => junitReport(result()),
    tap: () => tapReport(result()),
    github: () => githubReport(result()),
    gitlab: () => gitlabReport(result()),
    markdown: () => pullRequestReport(result()),
    /** For the summary of a step, of which `taken` bytes are written; undefined if less than `least` are left. */
    summary: (taken, least) => (SUMMARY - taken < least ? undefined : pullRequestReport(result(), SUMMARY - taken)),
  };
}
