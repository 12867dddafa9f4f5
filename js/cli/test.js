// `countersign test`: runs the tests of packs and those that case folders are, as one run with one summary.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { Unevaluated } from '../read/unevaluated.js';
import { jsonReport } from '../report/json.js';
import { jsonlReport } from '../report/jsonl.js';
import { formatsOf } from '../report/formats.js';
import { findingsOfTests } from '../report/test-findings.js';
import { testReport } from '../report/test.js';
import { problemOf } from './check-report.js';
import { caseTests } from './case-tests.js';
import { dataOf } from './data.js';
import { hint, problem } from './hints.js';
import { UsageError } from './outcome.js';
import { onlyOneOnScreen, writeReports } from './output.js';
import { resultOf } from './result.js';
import { testsOfFolder } from './pack-folder.js';
import { fileOf, packOf } from './packs.js';
import { leavingOf } from './sources.js';
import { packsBelow } from './test-folders.js';
import { total } from './test-coverage.js';

const WRITE_ONE = 'a test is a rule in a file named …_test.rego: test_denied if { count(deny) == 1 with input as {…} }';
const WRITE_CASE = 'a case is a folder with request.http, and case.json with `expect`; ';
const LEFT = '-v says what was left out';
const KINDS = { pass: 'passed', fail: 'failed', error: 'errors', skip: 'skipped' };

export async function test(options) {
  if (options.paths.length === 0)
    throw new UsageError('nothing to test', 'name folders with packs or cases: countersign test policies/ cases/');
  onlyOneOnScreen(options);
  refuseUpdateInCI(options);
  const least = leastOf(options);
  const given = { ...dataOf(options), now: options.now, filter: options.filter, coverage: options.coverage };
  const started = performance.now();
  const leaving = leavingOf(options);
  const packs = options.paths.flatMap((path) => packsBelow(path, leaving)).filter(({ folder }) => !isCase(folder));
  const modulesOf = new Map(packs.map(({ folder, modules }) => [folder, modules]));
  const problems = [];
  const runs = [];
  for (const [folder, modules] of modulesOf)
    runs.push(...(await attempt(problems, () => ran(folder, modules, given, options))));
  const cases = await caseTests(options.paths, leaving, options);
  leaving.tell(options);
  const tests = [...runs.flatMap((run) => run.tests), ...cases];
  if (tests.length === 0 && problems.length === 0) problems.push(noTest(options, leaving));
  for (const one of problems) problem(options.io, one);
  if (tests.length > cases.length && options.filter === undefined && !options.quiet)
    for (const run of runs) if (run.tests.length === 0) hint(options.io, `${run.pack}: no test`, { help: WRITE_ONE });
  const coverage = options.coverage && runs.length > 0 ? total(runs.map((run) => run.coverage)) : undefined;
  const isLow = least !== undefined && coverage !== undefined && coverage.percent < least;
  const counts = { packs: modulesOf.size, cases: cases.length, ...countsOf(tests) };
  const failed = counts.failed > 0 || isLow;
  const unevaluated = problems.length > 0 || counts.errors > 0;
  const report = {
    schemaVersion: 1,
    verdict: unevaluated ? 'error' : failed ? 'fail' : 'pass',
    counts,
    tests,
    coverage: coverage && { ...coverage, least },
    problems: problems.length > 0 ? problems.map(problemOf) : undefined,
  };
  await writeReports(
    options,
    {
      pretty: (terminal) => testReport(terminal, report, { started, verbose: options.verbose }),
      json: () => jsonReport([JSON.stringify(report)], false),
      jsonl: () => jsonlReport(tests.map((one) => JSON.stringify(one))),
      ...formatsOf(() =>
        resultOf('test', options, {
          ...report,
          units: [...modulesOf.keys(), ...cases.map(({ folder }) => folder)],
          findings: findingsOfTests(report),
        }),
      ),
    },
    !failed && !unevaluated,
  );
  return { findings: failed, unevaluated };
}

function leastOf({ min, coverage }) {
  if (min === undefined) return undefined;
  if (!coverage) throw new UsageError('--min has no effect without --coverage', 'add --coverage, or leave it out');
  if (!/^\d+(?:\.\d+)?$/.test(min) || Number(min) > 100)
    throw new UsageError(`--min ${min}: it must be a percentage, 0 to 100`, 'write --min 90');
  return Number(min);
}

/** Whether the policies in a folder are those of a case's contract. */
function isCase(folder) {
  return existsSync(join(folder, 'case.json'));
}

/** A job that updates what it expects would never fail. */
function refuseUpdateInCI({ update, io }) {
  if (update && io.env.CI && !/^(?:0|false)$/i.test(io.env.CI))
    throw new UsageError(
      '--update is refused where CI is set: it would accept whatever comes',
      'update where you work, read what changed, and commit it',
    );
}

/** The tests of a folder, each with its pack and with the paths of its files. In a list, as `attempt` needs it. */
async function ran(folder, modules, given, { rego }) {
  const { files, data } = testsOfFolder(folder, modules);
  const pack = await packOf(folder, files, { data, rego });
  const { tests, coverage } = pack.test(given);
  pack.free();
  return [
    { pack: folder, tests: tests.map((one) => ofPack(folder, one)), coverage: coverage && covered(folder, coverage) },
  ];
}

function ofPack(folder, { name, outcome, file, stuck, ...rest }) {
  const place = stuck && { ...stuck, file: fileOf(folder, stuck.file) };
  return { pack: folder, name, outcome, file: fileOf(folder, file), ...rest, stuck: place };
}

function covered(folder, { percent, files }) {
  const named = files.map(({ file, never, ...rest }) => ({
    file: fileOf(folder, file),
    ...rest,
    never: never.map((one) => ({ ...one, file: fileOf(folder, one.file) })),
  }));
  return { percent, files: named };
}

function countsOf(tests) {
  const counts = { tests: tests.length, passed: 0, failed: 0, errors: 0, skipped: 0 };
  for (const { outcome } of tests) counts[KINDS[outcome]] += 1;
  return counts;
}

function noTest({ filter }, { left }) {
  if (filter === undefined)
    return new Unevaluated(
      'no test was found, so nothing was tested',
      {},
      left.length > 0 ? LEFT : WRITE_CASE + WRITE_ONE,
    );
  return new Unevaluated(`no test has \`${filter}\` in its name`, {}, 'without --filter, all tests run');
}

async function attempt(problems, work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    problems.push(error, ...error.also);
    return [];
  }
}
