// What contracts find, as a run reports it: with the severities of the configuration, and with fingerprints.

import { JsonText } from '../places/json-text.js';
import { counted } from '../report/pretty.js';
import { fingerprintIn, toldApart } from './fingerprint.js';
import { failing, UsageError } from './outcome.js';
import { graded, Overrides } from './overrides.js';
import { pathOf } from './place.js';

export class Severities {
  /** How many findings are switched off. */
  off = 0;
  #overrides;

  constructor(settings) {
    this.#overrides = new Overrides(settings);
  }

  /** Findings about a file, or about what ships, which has no path. */
  of(findings, path) {
    const { findings: kept, off } = graded(
      findings.map((finding) => ({ ...finding, from: { path } })),
      this.#overrides,
    );
    this.off += off;
    return kept.map(({ from, ...finding }) => finding);
  }

  /** The findings of a verdict. An error is why it rejects: what the receiver will do is no matter of a report. */
  ofVerdict(findings, path) {
    const kept = this.of(findings, path);
    const errors = (list) => list.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    const lost = errors(findings).find((code) => !errors(kept).includes(code));
    if (lost === undefined) return kept;
    throw new UsageError(
      `severities: the contract rejects a message for \`${lost}\` (${path}), so that stays an error`,
      'take it out of `severities`, or let `overrides` say it for other files; a message that is to be rejected is a ' +
        'case for countersign test',
    );
  }

  /** A report of a pack. */
  ofReport(report, path) {
    const findings = this.of(report.findings, path);
    const count = (severity) => findings.filter((finding) => finding.severity === severity).length;
    const counts = { ...report.counts, errors: count('error'), warnings: count('warning'), infos: count('info') };
    const verdict = report.verdict === 'error' ? 'error' : counts.errors > 0 ? 'fail' : 'pass';
    return { ...report, verdict, counts, findings };
  }

  tell({ io, verbose }) {
    if (verbose && this.off > 0)
      io.stderr.write(`switched off by the configuration: ${counted(this.off, 'finding')}\n`);
  }
}

/**
 * Results with what the configuration makes of their findings, and with `failed`.
 * @param results { file, request, verdict, text, … } of each request @param at the findings in the text, as a pointer
 */
export function reported(results, at, options) {
  const severities = new Severities(options.settings);
  const each = results.map(({ file, whole, request, verdict }) => {
    const path = whole ?? wholeOf(file);
    const subject = [pathOf(path), request.method, String(request.url).replace(/[?#].*$/s, '')];
    return severities
      .ofVerdict(verdict.findings, path)
      .map((finding) => ({ ...finding, fingerprint: fingerprintIn(subject, finding), from: { path } }));
  });
  severities.tell(options);
  const told = toldApart(each.flat()).map(({ from, ...finding }) => finding);
  return results.map((result, index) => {
    const findings = told.splice(0, each[index].length);
    const verdict = { ...result.verdict, findings };
    const failed = verdict.verdict === 'reject' || failing(findings, options.failOn);
    return { ...result, verdict, text: textOf(result, at, findings), failed };
  });
}

/** A verdict's text has no fingerprints: unless the configuration changes a severity, it is the same in every home. */
function textOf({ text, verdict }, at, told) {
  const findings = told.map(({ fingerprint, ...finding }) => finding);
  return JSON.stringify(findings) === JSON.stringify(verdict.findings) ? text : withFindings(text, at, findings);
}

/** The text of a verdict with other findings. The rest stays as it is, byte by byte. */
export function withFindings(text, at, findings) {
  const [start, end] = new JsonText(text).locate(at).value;
  return text.slice(0, start) + JSON.stringify(findings) + text.slice(end);
}

/** Of a file of many messages, one is named by its number. */
function wholeOf(file) {
  return file.replace(/(\.(?:har|http))#\d+$/, '$1');
}
