// What a run found as tests that passed and failed, for JUnit and TAP.

import { counted } from './pretty.js';
import { remedy, resourceOf, summary } from './result.js';

const OWN = 'countersign'; // what is about the run and not about one thing that was judged

/**
 * The tests: { suite, classname, name, outcome: pass, fail, error or skip, file, line, message, type, lines, printed }.
 * `lines` say why it failed; `printed` is what a test that passed has to say.
 * @param {import('./result.js').Result} result
 */
export function testcasesOf(result) {
  if (result.tests === undefined) return ofUnits(result);
  // What else makes the run fail, lest it look like one that passed.
  const problems = (result.problems ?? []).map((problem, index) => ({ ...ofProblem(problem, index), suite: OWN }));
  return [...result.tests.map(ofTest), ...problems, ...ofCoverage(result.coverage)].map((one) => ({
    classname: one.suite,
    ...one,
  }));
}

/** The tests of each suite, in the order in which the suites come first. */
export function suitesOf(testcases) {
  const suites = new Map();
  for (const one of testcases) suites.set(one.suite, [...(suites.get(one.suite) ?? []), one]);
  return [...suites].map(([name, cases]) => ({ name, cases }));
}

/** A test for each finding and each problem; what has neither passes as one test. */
function ofUnits(result) {
  const { units, findings, waived = [], baseline = [], skipped = [], problems = [] } = result;
  const found = new Map(units.map((unit) => [unit, []]));
  const add = (suite, testcase) => {
    if (!found.has(suite)) found.set(suite, []);
    found.get(suite).push({ ...testcase, suite, classname: suite });
  };
  const about = (finding, testcase) => add(finding.unit ?? OWN, { ...testcase, ...named(finding) });
  for (const finding of findings) about(finding, ofFinding(finding, result.isFailing(finding)));
  for (const finding of waived) about(finding, { outcome: 'skip', message: `waived: ${finding.waived.reason}` });
  for (const finding of baseline) about(finding, { outcome: 'skip', message: 'it is in the baseline' });
  for (const { file, line, reason } of skipped)
    add(file, {
      outcome: 'skip',
      name: line === undefined ? 'skipped' : `skipped: line ${line}`,
      file,
      line,
      message: reason,
    });
  for (const [index, problem] of problems.entries()) add(problem.file ?? OWN, ofProblem(problem, index));
  return [...found].flatMap(([suite, cases]) =>
    cases.length > 0
      ? numbered(cases)
      : [{ suite, classname: suite, name: 'no findings', outcome: 'pass', file: suite }],
  );
}

function named(finding) {
  const about = [resourceOf(finding), finding.at].filter(Boolean).join(' ');
  const { file, line } = finding.source ?? {};
  return { name: about ? `${finding.code}: ${about}` : finding.code, file, line };
}

function ofFinding(finding, isFailing) {
  const { code, severity, message } = finding;
  const fix = remedy(finding);
  const lines = fix === undefined ? [] : [`help: ${fix}`];
  if (isFailing) return { outcome: 'fail', message, type: code, lines };
  return { outcome: 'pass', printed: [`${severity}: ${message}`, ...lines] };
}

/** Names are how a CI follows a test from run to run, so equal ones get a number. */
function numbered(cases) {
  const seen = new Map();
  return cases.map((one) => {
    const count = (seen.get(one.name) ?? 0) + 1;
    seen.set(one.name, count);
    return count === 1 ? one : { ...one, name: `${one.name} (${count})` };
  });
}

function ofTest({ pack, folder, name, outcome, file, line, message, help, stuck, cases = [], printed = [] }) {
  const end = folder === undefined ? name.lastIndexOf('.') : name.search(/[/\\][^/\\]*$/);
  const failed = cases.filter((one) => one.outcome !== 'pass').map((one) => `case ${one.name}: ${one.outcome}`);
  const place = stuck && [`${stuck.file}:${stuck.line}:${stuck.column}: ${stuck.text}`, stuck.reason];
  const values = stuck?.values?.map((one) => `${one.name} = ${one.value}`) ?? [];
  return {
    // Of a case, the folder in which its folder is.
    suite: pack ?? (folder.replace(/[/\\]?[^/\\]*$/, '') || '.'),
    classname: name.slice(0, Math.max(0, end)),
    name: name.slice(end + 1),
    outcome,
    file,
    line,
    message: saidBy({ outcome, message, stuck }),
    type: outcome,
    lines: [...(place ?? []), ...values, ...failed, ...(help === undefined ? [] : [`help: ${help}`])],
    printed,
  };
}

/** Why a test failed, in a line. */
export function saidBy({ outcome, message, stuck }) {
  if (outcome === 'pass' || outcome === 'skip') return message;
  return message ?? stuck?.reason ?? 'it is not true';
}

function ofProblem({ code = 'unevaluated', message, file, line, column, help }, index) {
  const where = [file, line, column].filter((part) => part !== undefined).join(':');
  const lines = help === undefined ? [] : [`help: ${help}`];
  const name = where || `problem ${index + 1}`;
  return { name, outcome: 'error', file, line, message, type: code, lines };
}

function ofCoverage(coverage = {}) {
  const message = lowCoverage(coverage);
  if (message === undefined) return [];
  return [{ suite: OWN, name: 'coverage', outcome: 'fail', message, type: 'fail', lines: [] }];
}

export function lowCoverage({ percent, least }) {
  if (least === undefined || percent >= least) return undefined;
  return `${percent} % of the lines were reached, and ${least} % are asked for`;
}

/** What the run comes to, in a line. */
export function headline(result) {
  return result.tests === undefined ? summary(result) : outcomesOf(testcasesOf(result));
}

/** `3 tests, 1 failed`. */
function outcomesOf(testcases) {
  const count = (outcome) => testcases.filter((one) => one.outcome === outcome).length;
  const [failed, errors, skipped] = [count('fail'), count('error'), count('skip')];
  return [
    counted(testcases.length, 'test'),
    failed > 0 && `${failed} failed`,
    errors > 0 && `${errors} could not be judged`,
    skipped > 0 && `${skipped} skipped`,
  ]
    .filter(Boolean)
    .join(', ');
}
