// The report of `countersign check`: the findings of the packs, each with its place in the files.

import { fingerprintOf } from './fingerprint.js';
import { fileOf, isOwn } from './packs.js';

/**
 * What a pack says of its documents: its counts, its modules by their paths, and findings with `from` and `place`. What
 * they rest on is placed only when it is told (`readsOf`): there is much more of it.
 */
export function judged({ name, pack, documents }, given) {
  const report = pack.check(
    documents.map(({ value }) => value),
    given,
  );
  const findings = report.findings.map((finding) => {
    const document = documents[finding.document];
    const { at, place } = placed(document, finding.at);
    const fingerprint = fingerprintOf(finding, document);
    // A shipped pack names the place of each finding itself.
    return { ...finding, at, fingerprint, from: document, place, isPlacedByReads: isOwn(name) };
  });
  const modules = (report.modules ?? []).map(({ file, version }) => ({ file: fileOf(name, file), version }));
  return { ...report, findings, modules };
}

/** What a finding of `judged` rests on: { at, absent, place }, or undefined if it is not known. */
export function readsOf({ from, reads }) {
  return reads?.map(({ at, absent }) => ({ absent, ...placed(from, at) }));
}

/** A pointer as a reader of the document's file would write it, and its place there. */
function placed(document, pointer) {
  const at = document?.at && pointer !== undefined ? document.at(pointer) : pointer;
  return { at, place: document?.locate(pointer ?? '') };
}

/** The counts of several packs, and of what is left of their findings. */
export function sum(reports, { findings, waived, baseline }) {
  const total = { documents: 0, rules: 0 };
  for (const { counts } of reports) for (const name of Object.keys(total)) total[name] += counts[name];
  const of = (severity) => findings.filter((finding) => finding.severity === severity).length;
  const left = { errors: of('error'), warnings: of('warning'), infos: of('info') };
  return { ...total, ...left, waived: waived.length, baseline: baseline.length };
}

/** The report for machines: findings with their source, without what only the drawing needs. */
export function reportOf({ findings, waived, baseline, skipped, modules, why, config, counts, problems, ...ended }) {
  const { failed, unevaluated } = ended;
  const someOf = (list) => (list.length > 0 ? list : undefined);
  return {
    schemaVersion: 1,
    verdict: unevaluated ? 'error' : failed ? 'fail' : 'pass',
    config,
    counts,
    findings: findings.map(findingOf),
    waived: waived.map(findingOf),
    baseline: baseline.map(findingOf),
    skipped: someOf(skipped),
    problems: someOf(problems.map(problemOf)),
    modules: someOf(modules),
    why,
  };
}

/** The report with the file of each finding as what it is about. */
export function byFile({ findings, waived, baseline, ...report }) {
  const named = (all) => all?.map((finding) => ({ ...finding, unit: finding.source?.file }));
  return { ...report, findings: named(findings), waived: named(waived), baseline: named(baseline) };
}

function findingOf(finding) {
  const { from, place, isPlacedByReads, document, code, rule, severity, message, at, reads, ...rest } = finding;
  return {
    code,
    rule,
    severity,
    message,
    at,
    source: sourceOf(from, place),
    ...rest,
    reads: readsOf(finding)?.map((read) => ({ at: read.at, absent: read.absent, source: sourceOf(from, read.place) })),
  };
}

function sourceOf(from, place) {
  if (!from) return undefined;
  const { line, column, endLine, endColumn } = place;
  return { file: from.file, line, column, endLine, endColumn };
}

/** A problem as a report for machines has it. */
export function problemOf({ message, place: { code, file, line, column }, help }) {
  return { code, message, file, line, column, help };
}
