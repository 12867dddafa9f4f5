// `countersign check`: the CI gate. All documents of all files are one set, judged together.

import { checkReport } from '../report/check.js';
import { jsonlReport } from '../report/jsonl.js';
import { jsonReport } from '../report/json.js';
import { Terminal } from '../report/terminal.js';
import { readDocuments } from './documents.js';
import { problem } from './hints.js';
import { failing, Unevaluated, UsageError } from './outcome.js';
import { onlyOneOnScreen, writeReports } from './output.js';
import { dataOf, packsFor } from './packs.js';
import { filesOf } from './walk.js';

const READ = /\.(ya?ml|json)$/;

export async function check(options) {
  if (options.paths.length === 0) throw new UsageError('nothing to check', 'name files, folders, patterns, or - for standard input');
  onlyOneOnScreen(options);
  const started = performance.now();
  const { documents, files, problems } = read(options.paths);
  const packs = await attempt(problems, [], () => packsFor(documents, options));
  const findings = packs.flatMap((found) => judged(found, options));
  for (const { pack } of packs) pack.free();
  const empty = documents.length === 0 && problems.length === 0;
  if (empty && !options['allow-empty']) {
    problems.push(new Unevaluated('nothing matched, so nothing was checked', {}, 'folders are searched for .yaml, .yml and .json; --allow-empty accepts none'));
  }
  problems.forEach(problem);
  // A rule that could not answer is no pass and no finding of the input's: the run could not evaluate.
  const unevaluated = problems.length > 0 || findings.some(({ code }) => code === 'rule-error' || code.startsWith('limit-'));
  const failed = failing(findings, options.failOn);
  const report = reportOf({ findings, documents, files, problems, failed, unevaluated });
  const drawn = { report, findings, started, packs: packs.map(({ name }) => name), files: files.length, all: documents };
  writeReports(options, {
    pretty: ({ toFile } = {}) => checkReport(toFile ? Terminal.of({}, { color: 'never' }) : Terminal.of(process.stdout, options), drawn),
    json: () => jsonReport([JSON.stringify(report)], false),
    jsonl: () => jsonlReport(report.findings.map((finding) => JSON.stringify(finding))),
  }, !failed && !unevaluated);
  return { findings: failed, unevaluated };
}

function read(paths) {
  const [documents, files, problems] = [[], new Set(), []];
  for (const path of paths) {
    for (const file of attemptNow(problems, [], () => filesOf(path, (name) => READ.test(name)))) {
      if (files.has(file)) continue;
      files.add(file);
      documents.push(...attemptNow(problems, [], () => readDocuments(file)));
    }
  }
  return { documents, files: [...files], problems };
}

function judged({ pack, documents }, options) {
  const { data, params } = dataOf(options);
  const report = pack.check(documents.map(({ value }) => value), { data, params, now: options.now });
  return report.findings.map((finding) => {
    const document = documents[finding.document];
    const place = document && finding.at !== undefined ? document.locate(finding.at) : document?.locate('');
    return { ...finding, from: document, place };
  });
}

/** The report that machines read: findings with a source, without what only drawing needs. */
function reportOf({ findings, documents, files, problems, failed, unevaluated }) {
  const count = (severity) => findings.filter((finding) => finding.severity === severity).length;
  return {
    schemaVersion: 1,
    verdict: unevaluated ? 'error' : failed ? 'fail' : 'pass',
    counts: { files: files.length, documents: documents.length, error: count('error'), warning: count('warning'), info: count('info') },
    findings: findings.map(({ from, place, document, code, rule, severity, message, at, ...rest }) => ({
      code, rule, severity, message, at, source: sourceOf(from, place), ...rest,
    })),
    ...(problems.length > 0 ? { problems: problems.map(({ message, place, help }) => ({ message, ...withoutText(place), help })) } : {}),
  };
}

function sourceOf(from, place) {
  if (!from) return undefined;
  const { line, column, endLine, endColumn } = place;
  return { file: from.file, line, column, endLine, endColumn };
}

function withoutText({ file, line, column, code }) {
  return { code, file, line, column };
}

function attemptNow(problems, otherwise, work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    problems.push(error);
    return otherwise;
  }
}

async function attempt(problems, otherwise, work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    problems.push(error);
    return otherwise;
  }
}
