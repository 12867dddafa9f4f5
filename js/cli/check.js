// `countersign check`, for CI. All documents of all files are checked together as one set.

import { Unevaluated } from '../read/unevaluated.js';
import { checkReport } from '../report/check.js';
import { formatsOf } from '../report/formats.js';
import { jsonReport } from '../report/json.js';
import { jsonlReport } from '../report/jsonl.js';
import { counted } from '../report/pretty.js';
import { firstOf } from '../report/result.js';
import { whyReport } from '../report/why.js';
import { Changed } from './changed.js';
import { gather } from './check-gather.js';
import { judge } from './check-judge.js';
import { byFile, readsOf, reportOf, sum } from './check-report.js';
import { dataByFiles } from './data.js';
import { hint, problem } from './hints.js';
import { failing, UsageError } from './outcome.js';
import { onlyOneOnScreen, writeReports } from './output.js';
import { Overrides, strangeSeverities } from './overrides.js';
import { Progress } from './progress.js';
import { resultOf, rulesByCode } from './result.js';
import { setAsideBy } from './set-aside.js';
import { leavingOf } from './sources.js';
import { countOf, listed } from './unjudged.js';
import { whyOf } from './why.js';

export async function check(options) {
  refuseMisuse(options);
  const run = begin(options);
  const setAside = await setAsideBy(options);
  const set = gather(run);
  const judged = await judge(run, set);
  const aside = setAside(judged.findings, { ...set, ...judged, isWhole: isWhole(run, set, judged) });
  try {
    return await conclude(run, set, judged, aside);
  } finally {
    for (const { pack } of judged.packs) pack.free();
  }
}

function refuseMisuse(options) {
  if (options.paths.length === 0 && options['files-from'] === undefined)
    throw new UsageError(
      'nothing to check',
      'name files, folders, patterns, or - for standard input; or say `paths` in countersign.yaml',
    );
  onlyOneOnScreen(options);
  if (options.why !== undefined && options.formats.some(({ format }) => format === 'jsonl'))
    throw new UsageError('--why has no place in jsonl, which has a line for each finding', 'use -f json');
}

/** What a run is given. */
function begin(options) {
  const { data, paramsFor, placeOf } = dataByFiles(options);
  return {
    options,
    given: { data, now: options.now },
    paramsFor,
    placeOf,
    started: performance.now(),
    overrides: new Overrides(options.settings),
    leaving: leavingOf(options),
    changed: options.changed === undefined ? undefined : new Changed(options),
    progress: new Progress(options.io, options),
  };
}

/** Whether all that was asked for was judged, so that what was not found is not there. */
function isWhole({ changed }, set, { reports, problems }) {
  const isJudged = reports.every(({ verdict }) => verdict !== 'error');
  return !changed && set.problems.length + problems.length === 0 && isJudged;
}

/** Says what there is to say, writes the reports, and gives how the run ended. */
async function conclude(run, set, judged, aside) {
  const { options, started } = run;
  const { packs, reports } = judged;
  const { findings } = aside;
  const modules = reports.flatMap((report) => report.modules);
  const params = run.paramsFor({});
  const why = options.why === undefined ? undefined : whyOf(packs, options.why, { ...run.given, params });
  const problems = [...set.problems, ...judged.problems, ...emptiness(run, set, judged, findings)];
  // If a rule could not be evaluated (verdict `error`), the input has neither passed nor failed.
  const unevaluated = problems.length > 0 || reports.some(({ verdict }) => verdict === 'error');
  const failed = failing(findings, options.failOn);
  const counts = countsOf(run, set, judged, aside);
  tell(run, set, judged, { modules, problems, counts, unseen: aside.unseen });
  const report = reportOf({
    ...aside,
    skipped: listed(set.skipped),
    modules,
    why,
    config: options.settings.files.length > 0 ? options.settings.files : undefined,
    counts,
    problems,
    failed,
    unevaluated,
  });
  const names = packs.map(({ name }) => name);
  const files = set.files.map(({ file }) => file);
  const pathIn = new Map(set.files.map(({ file, path }) => [file, path]));
  const drawn = {
    report,
    findings,
    readsOf,
    started,
    packs: names,
    files: files.length,
    all: set.documents,
    verbose: options.verbose,
  };
  const whyText = (terminal) => (why ?? []).map((one) => `\n${whyReport(terminal, one)}`).join('');
  const result = () => ({ ...byFile(report), skipped: set.skipped, units: files, pathIn, ruleOf: rulesByCode(packs) });
  await writeReports(
    options,
    {
      pretty: (terminal) => checkReport(terminal, drawn) + whyText(terminal),
      json: () => jsonReport([JSON.stringify(report)], false),
      jsonl: () => jsonlReport(report.findings.map((finding) => JSON.stringify(finding))),
      ...formatsOf(() => resultOf('check', options, result())),
    },
    !failed && !unevaluated && why === undefined,
  );
  return { findings: failed, unevaluated, left: findings, packs: names, gone: aside.gone, unseen: aside.unseen };
}

/** A run that judged nothing, and a pack that got nothing, would look like one that passed. */
function emptiness({ options, overrides }, set, { packs, reports, problems }, findings) {
  if (options['allow-empty'] || set.changedCount === 0 || options['files-from'] !== undefined) return [];
  // An empty list is a document, but there is nothing to check in it.
  const judgedCount = Math.max(0, ...reports.map(({ counts }) => counts.documents));
  const found = [];
  if (judgedCount + findings.length + set.problems.length + problems.length === 0) {
    const help =
      'folders are searched for .yaml, .yml, .json, .har and .http, and for a pack of your own for the other kinds; ' +
      '--allow-empty accepts none';
    found.push(new Unevaluated('no document for a pack was found, so nothing was checked', {}, help));
  }
  for (const { name, documents } of packs.length > 1 && !overrides.havePacks ? packs : []) {
    if (documents.length === 0)
      found.push(new Unevaluated(`the pack \`${name}\` got no documents`, {}, 'name files for it, or leave it out'));
  }
  return found;
}

function countsOf({ leaving, changed }, set, { reports, off, unmet }, aside) {
  const excluded = leaving.left.length;
  const counts = {
    files: set.files.length,
    skipped: countOf(set.skipped),
    excluded,
    off,
    unmet,
    ...sum(reports, aside),
  };
  return changed ? { ...counts, changed: set.changedCount, unchanged: changed.left } : counts;
}

/** Hints and problems, on stderr; with -v each path that was left out. */
function tell({ options, leaving, changed }, set, { packs, all, off }, { modules, problems, counts, unseen }) {
  const { io, quiet, verbose } = options;
  const say = (message, more = {}) => {
    if (!quiet) hint(io, message, more);
  };
  if (modules.length > 0 && options.rego === undefined) say(...inV0(modules));
  for (const { name, meant } of quiet ? [] : strangeSeverities(options.settings, packs, all))
    say(`severities: nothing is called \`${name}\``, { help: `did you mean \`${meant}\`?` });
  for (const one of problems) problem(io, one);
  // A line of jsonl is a finding.
  if (set.skipped.length > 0 && options.formats.some(({ format }) => format === 'jsonl'))
    say(`${counts.skipped} skipped: ${firstOf(set.skipped)}`, { help: '-f json says why' });
  leaving.tell({ io, verbose });
  if (verbose && off > 0) io.stderr.write(`switched off by the configuration: ${counted(off, 'finding')}\n`);
  if (!quiet) changed?.tell(io, set.changedCount);
  if (unseen > 0) say(notLookedFor(unseen));
}

function notLookedFor(count) {
  const about = count === 1 ? 'an entry of the baseline was' : `${count} entries of the baseline were`;
  return `${about} not looked for: their files or packs are no part of this run`;
}

/** What is read as Rego v0, said once. */
function inV0(modules) {
  const named = `${modules
    .slice(0, 3)
    .map(({ file }) => file)
    .join(', ')}${modules.length > 3 ? ', …' : ''}`;
  const help = '--rego v0 says that they are, and --rego v1 shows what to change: OPA 1.0 and later read v1';
  return [`${counted(modules.length, 'module')} read as Rego v0: ${named}`, { help }];
}
