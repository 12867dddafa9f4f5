// What `verify` found in recorded requests, for the formats that other programs read.

import { RecordingText } from '../read/recording-text.js';
import { formatsOf } from '../report/formats.js';
import { problemOf } from './check-report.js';
import { resultOf } from './result.js';

/** @param results { file, head, request, contract, verdict, failed } of each request */
export function formatsOfRequests(options, results, problems) {
  return formatsOf(() => {
    const failed = options.failOn !== 'never' && results.some((result) => result.failed);
    return resultOf('verify', options, {
      verdict: problems.length > 0 ? 'error' : failed ? 'fail' : 'pass',
      units: results.map(({ file }) => file),
      findings: results.flatMap(placed),
      problems: problems.map(problemOf),
    });
  });
}

/** The findings about a request, each with its place in the file. */
function placed({ file, whole, head, request, contract, verdict }) {
  if (verdict.findings.length === 0) return [];
  const text = new RecordingText({ head, request, contract });
  return verdict.findings.map((finding) => {
    const { line, column, endLine, endColumn } = text.place(finding, request.body) ?? {};
    // Of an entry of a HAR, and of a request that was pasted, only the message has lines, and the file not.
    const own = whole ?? /^(.*\.(?:har|http))#\d+$/.exec(file)?.[1];
    const source = own === undefined ? { file, line, column, endLine, endColumn } : { file: own };
    return { ...finding, unit: file, source };
  });
}
