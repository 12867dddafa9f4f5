// `countersign check`, for CI. All documents of all files are checked together as one set.

import { isWalked } from '../read/kinds.js';
import { Unevaluated } from '../read/unevaluated.js';
import { checkReport } from '../report/check.js';
import { formatsOf } from '../report/formats.js';
import { jsonReport } from '../report/json.js';
import { jsonlReport } from '../report/jsonl.js';
import { counted } from '../report/pretty.js';
import { firstOf } from '../report/result.js';
import { whyReport } from '../report/why.js';
import { Changed } from './changed.js';
import { byFile, reportOf, sum } from './check-report.js';
import { dataByFiles } from './data.js';
import { readDocuments } from './documents.js';
import { hint, problem } from './hints.js';
import { namesIn } from './names-in.js';
import { failing, UsageError } from './outcome.js';
import { onlyOneOnScreen, writeReports } from './output.js';
import { graded, judgedByFiles, Overrides, strangeSeverities } from './overrides.js';
import { isJudged, isKubernetes, packsFor, takesAnyKind } from './packs.js';
import { paramsOf, refuseParams } from './params.js';
import { pathOf } from './place.js';
import { Progress } from './progress.js';
import { resultOf, rulesByCode } from './result.js';
import { setAsideBy } from './set-aside.js';
import { leavingOf, sourcesOf } from './sources.js';
import { countOf, listed, unjudged } from './unjudged.js';
import { nearMisses, withoutUnmet } from './unmet.js';
import { nothingMatched } from './walk.js';
import { whyOf } from './why.js';
import { yamlFindings } from './yaml-findings.js';

export async function check(options) {
  if (options.paths.length === 0 && options['files-from'] === undefined)
    throw new UsageError(
      'nothing to check',
      'name files, folders, patterns, or - for standard input; or say `paths` in countersign.yaml',
    );
  onlyOneOnScreen(options);
  if (options.why !== undefined && options.formats.some(({ format }) => format === 'jsonl'))
    throw new UsageError('--why has no place in jsonl, which has a line for each finding', 'use -f json');
  const { data, paramsFor, placeOf } = dataByFiles(options);
  const given = { data, now: options.now };
  const setAside = await setAsideBy(options);
  const started = performance.now();
  const overrides = new Overrides(options.settings);
  const leaving = leavingOf(options);
  const changed = options.changed === undefined ? undefined : new Changed(options);
  const progress = new Progress(options.io, options);
  const { documents: met, files, passed, problems: all } = read(options, leaving, progress);
  const problems = changed ? changed.problems(all) : all;
  const changedCount = changed && files.filter(({ path }) => changed.has(path)).length;
  const found = changedCount === 0 ? [] : met;
  const mayBeEmpty = options['allow-empty'] || changedCount === 0 || options['files-from'] !== undefined;
  const packsOf = (document) => overrides.of(document).packs ?? options.pack;
  const documents = found.filter((document) => isJudged(document, packsOf(document)));
  const others = found.filter((document) => !isJudged(document, packsOf(document)));
  const rest = unjudged(others, found, packsOf, changed);
  const skipped = [...rest.skipped, ...passed, ...leaving.links];
  problems.push(...rest.problems);
  const packs = await attempt(problems, [], () => packsFor(documents, options, packsOf));
  const besides = overrides.othersBeside(packs);
  for (const params of [{}, ...overrides.params]) await refuseParams(packs, paramsFor(params), besides, placeOf);
  const reports = packs.map((one) =>
    judgedByFiles(one, given, overrides, (params) => paramsOf(one, paramsFor(params))),
  );
  progress.end();
  const notes = packs.flatMap((one, index) =>
    nearMisses(one, reports[index].findings, { ...given, params: paramsOf(one, paramsFor({})) }),
  );
  const judged = [...reports.flatMap((report) => report.findings), ...notes, ...yamlFindings(documents)];
  const { findings: kept, unmet } = withoutUnmet(changed ? changed.findings(judged) : judged, options);
  const { findings: left, off } = graded(kept, overrides);
  const isWhole = !changed && problems.length === 0 && reports.every(({ verdict }) => verdict !== 'error');
  const aside = setAside(left, { documents, packs, files, isWhole });
  const { findings } = aside;
  const modules = reports.flatMap((report) => report.modules);
  if (modules.length > 0 && options.rego === undefined && !options.quiet) hint(options.io, ...inV0(modules));
  const why = options.why === undefined ? undefined : whyOf(packs, options.why, { ...given, params: paramsFor({}) });
  for (const { name, meant } of options.quiet ? [] : strangeSeverities(options.settings, packs, judged))
    hint(options.io, `severities: nothing is called \`${name}\``, { help: `did you mean \`${meant}\`?` });
  // An empty list is a document, but there is nothing to check in it.
  const judgedCount = Math.max(0, ...reports.map(({ counts }) => counts.documents));
  const empty = judgedCount === 0 && findings.length === 0 && problems.length === 0;
  if (empty && !mayBeEmpty) {
    const help =
      'folders are searched for .yaml, .yml, .json, .har and .http, and for a pack of your own for the other kinds; ' +
      '--allow-empty accepts none';
    problems.push(new Unevaluated('no document for a pack was found, so nothing was checked', {}, help));
  }
  // With several packs, one that got no documents would look like one that passed.
  const allGetSome = packs.length > 1 && !mayBeEmpty && !overrides.havePacks;
  for (const { name, documents: matching } of allGetSome ? packs : []) {
    if (matching.length === 0)
      problems.push(new Unevaluated(`the pack \`${name}\` got no documents`, {}, 'name files for it, or leave it out'));
  }
  for (const one of problems) problem(options.io, one);
  // If a rule could not be evaluated (verdict `error`), the input has neither passed nor failed.
  const unevaluated = problems.length > 0 || reports.some(({ verdict }) => verdict === 'error');
  const failed = failing(findings, options.failOn);
  const excluded = leaving.left.length;
  const counts = { files: files.length, skipped: countOf(skipped), excluded, off, unmet, ...sum(reports, aside) };
  if (changed) Object.assign(counts, { changed: changedCount, unchanged: changed.left });
  // A line of jsonl is a finding.
  if (skipped.length > 0 && !options.quiet && options.formats.some(({ format }) => format === 'jsonl'))
    hint(options.io, `${counts.skipped} skipped: ${firstOf(skipped)}`, { help: '-f json says why' });
  tellWhatIsNotThere(options, { leaving, changed, changedCount, off });
  const config = options.settings.files.length > 0 ? options.settings.files : undefined;
  const report = reportOf({
    ...aside,
    skipped: listed(skipped),
    modules,
    why,
    config,
    counts,
    problems,
    failed,
    unevaluated,
  });
  if (aside.unseen > 0 && !options.quiet) hint(options.io, ...notLookedFor(aside.unseen));
  const drawn = {
    report,
    findings,
    started,
    packs: packs.map(({ name }) => name),
    files: files.length,
    all: documents,
    verbose: options.verbose,
  };
  const whyText = (terminal) => (why ?? []).map((one) => `\n${whyReport(terminal, one)}`).join('');
  await writeReports(
    options,
    {
      pretty: (terminal) => checkReport(terminal, drawn) + whyText(terminal),
      json: () => jsonReport([JSON.stringify(report)], false),
      jsonl: () => jsonlReport(report.findings.map((finding) => JSON.stringify(finding))),
      ...formatsOf(() =>
        resultOf('check', options, {
          ...byFile(report),
          skipped,
          units: files.map(({ file }) => file),
          ruleOf: rulesByCode(packs),
        }),
      ),
    },
    !failed && !unevaluated && why === undefined,
  );
  for (const { pack } of packs) pack.free();
  return { findings: failed, unevaluated, left: findings, packs: drawn.packs, gone: aside.gone, unseen: aside.unseen };
}

/** Files are { file, path }; `passed` are names of a list that are passed over. */
function read(options, leaving, progress) {
  const { paths, as, 'allow-empty': allowEmpty } = options;
  const own = [options.waivers, options.baseline, options.writes].filter((file) => file !== undefined).map(pathOf);
  const isOwn = (file) => own.length > 0 && own.includes(pathOf(file));
  const isWanted = (name) => isWalked(name, takesAnyKind(options.pack));
  const [documents, files, problems] = [[], new Map(), []];
  const readAll = ({ file, path, bytes }, named, total) => {
    if (files.has(file) || (!named && isOwn(file))) return;
    files.set(file, { file, path });
    progress.say(`reading ${files.size} of ${counted(Math.max(files.size, total), 'file')}`);
    for (const document of attemptNow(problems, [], () => readDocuments(file, { as, bytes }).map(checkedList))) {
      if (document.problem) problems.push(document.problem);
      else documents.push({ ...document, path, named });
    }
  };
  for (const argument of paths) {
    const matched = attemptNow(problems, undefined, () => sourcesOf(argument, isWanted, leaving));
    if (matched?.length === 0 && !allowEmpty) problems.push(nothingMatched(argument));
    for (const source of matched ?? []) readAll(source, source.file === argument, matched.length);
  }
  const { names, passed } = namesIn(options, leaving);
  for (const source of names) readAll(source, false, names.length);
  return { documents, files: [...files.values()], passed, problems };
}

/** What the report does not show, on stderr: with -v each path that was left out. */
function tellWhatIsNotThere({ io, quiet, verbose }, { leaving, changed, changedCount, off }) {
  if (verbose) for (const { path, by } of leaving.left) io.stderr.write(`left out: ${path} (${by})\n`);
  if (verbose && off > 0) io.stderr.write(`switched off by the configuration: ${counted(off, 'finding')}\n`);
  if (!quiet) changed?.tell(io, changedCount);
}

/** A list without a list of items would be checked as one document with no content. */
function checkedList(document) {
  const { value, file, line } = document;
  if (
    !document.problem &&
    isKubernetes(document) &&
    /^[A-Za-z]*List$/.test(value.kind) &&
    value.apiVersion === 'v1' &&
    !Array.isArray(value.items)
  ) {
    throw new Unevaluated(`the \`${value.kind}\` has no list of \`items\``, { file, line });
  }
  return document;
}

function notLookedFor(count) {
  const about = count === 1 ? 'an entry of the baseline was' : `${count} entries of the baseline were`;
  return [`${about} not looked for: their files or packs are no part of this run`, {}];
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

function attemptNow(problems, otherwise, work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    problems.push(error, ...error.also);
    return otherwise;
  }
}

async function attempt(problems, otherwise, work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    problems.push(error, ...error.also);
    return otherwise;
  }
}
