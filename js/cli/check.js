// `countersign check`, for CI. All documents of all files are checked together as one set.

import { Unevaluated } from '../read/unevaluated.js';
import { checkReport } from '../report/check.js';
import { formatsOf } from '../report/formats.js';
import { jsonReport } from '../report/json.js';
import { jsonlReport } from '../report/jsonl.js';
import { counted } from '../report/pretty.js';
import { whyReport } from '../report/why.js';
import { byFile, judged, reportOf, sum } from './check-report.js';
import { dataOf } from './data.js';
import { readDocuments } from './documents.js';
import { pathOf } from './fingerprint.js';
import { hint, problem } from './hints.js';
import { failing, UsageError } from './outcome.js';
import { onlyOneOnScreen, writeReports } from './output.js';
import { isJudged, isKubernetes, isTraffic, packsFor } from './packs.js';
import { resultOf, rulesByCode } from './result.js';
import { setAsideBy } from './set-aside.js';
import { filesOf, nothingMatched } from './walk.js';
import { whyOf } from './why.js';

const READ = /\.(ya?ml|json|har|http)$/;

export async function check(options) {
  if (options.paths.length === 0)
    throw new UsageError('nothing to check', 'name files, folders, patterns, or - for standard input');
  onlyOneOnScreen(options);
  if (options.why !== undefined && options.formats.some(({ format }) => format === 'jsonl'))
    throw new UsageError('--why has no place in jsonl, which has a line for each finding', 'use -f json');
  const given = { ...dataOf(options), now: options.now };
  const setAside = await setAsideBy(options);
  const started = performance.now();
  const { documents: found, files, problems } = read(options);
  const documents = found.filter((document) => isJudged(document, options.pack));
  const skipped = found.filter((document) => !isJudged(document, options.pack));
  problems.push(...unjudged(skipped, options));
  const packs = await attempt(problems, [], () => packsFor(documents, options));
  const reports = packs.map((found) => judged(found, given));
  const all = reports.flatMap((report) => report.findings);
  const isWhole = problems.length === 0 && reports.every(({ verdict }) => verdict !== 'error');
  const aside = setAside(all, { documents, packs, files, isWhole });
  const { findings } = aside;
  const modules = reports.flatMap((report) => report.modules);
  if (modules.length > 0 && options.rego === undefined && !options.quiet) hint(options.io, ...inV0(modules));
  const why = options.why === undefined ? undefined : whyOf(packs, options.why, given);
  // An empty list is a document, but there is nothing to check in it.
  const judgedCount = Math.max(0, ...reports.map(({ counts }) => counts.documents));
  const empty = judgedCount === 0 && findings.length === 0 && problems.length === 0;
  if (empty && !options['allow-empty']) {
    const help = 'folders are searched for .yaml, .yml, .json, .har and .http; --allow-empty accepts none';
    problems.push(new Unevaluated('no document for a pack was found, so nothing was checked', {}, help));
  }
  // With several packs, one that got no documents would look like one that passed.
  for (const { name, documents: matching } of packs.length > 1 && !options['allow-empty'] ? packs : []) {
    if (matching.length === 0)
      problems.push(new Unevaluated(`the pack \`${name}\` got no documents`, {}, 'name files for it, or leave it out'));
  }
  for (const one of problems) problem(options.io, one);
  // If a rule could not be evaluated (verdict `error`), the input has neither passed nor failed.
  const unevaluated = problems.length > 0 || reports.some(({ verdict }) => verdict === 'error');
  const failed = failing(findings, options.failOn);
  const counts = {
    files: files.length,
    skipped: skipped.length,
    ...sum(
      reports.map(({ counts }) => counts),
      aside,
    ),
  };
  const report = reportOf({ ...aside, modules, why, counts, problems, failed, unevaluated });
  if (aside.unseen > 0 && !options.quiet) hint(options.io, ...notLookedFor(aside.unseen));
  const drawn = {
    report,
    findings,
    started,
    packs: packs.map(({ name }) => name),
    files: files.length,
    all: documents,
  };
  const whyText = (terminal) => (why ?? []).map((one) => `\n${whyReport(terminal, one)}`).join('');
  writeReports(
    options,
    {
      pretty: (terminal) => checkReport(terminal, drawn) + whyText(terminal),
      json: () => jsonReport([JSON.stringify(report)], false),
      jsonl: () => jsonlReport(report.findings.map((finding) => JSON.stringify(finding))),
      ...formatsOf(() => resultOf('check', options, { ...byFile(report), units: files, ruleOf: rulesByCode(packs) })),
    },
    !failed && !unevaluated && why === undefined,
  );
  for (const { pack } of packs) pack.free();
  return { findings: failed, unevaluated, report, packs: drawn.packs, gone: aside.gone, unseen: aside.unseen };
}

function read({ paths, as, 'allow-empty': allowEmpty, waivers, baseline, writes }) {
  const own = [waivers, baseline, writes].filter((file) => file !== undefined).map(pathOf);
  const isOwn = (file) => own.length > 0 && own.includes(pathOf(file));
  const [documents, files, problems] = [[], new Set(), []];
  for (const path of paths) {
    const matched = attemptNow(problems, undefined, () => filesOf(path, (name) => READ.test(name)));
    if (matched?.length === 0 && !allowEmpty) problems.push(nothingMatched(path));
    for (const file of matched ?? []) {
      if (files.has(file) || (file !== path && isOwn(file))) continue;
      files.add(file);
      const found = attemptNow(problems, [], () => readDocuments(file, { as }).map(checkedList));
      documents.push(...found.map((document) => ({ ...document, named: file === path })));
    }
  }
  return { documents, files: [...files], problems };
}

/** A list without a list of items would be checked as one document with no content. */
function checkedList(document) {
  const { value, file, line } = document;
  if (
    isKubernetes(document) &&
    /^[A-Za-z]*List$/.test(value.kind) &&
    value.apiVersion === 'v1' &&
    !Array.isArray(value.items)
  ) {
    throw new Unevaluated(`the \`${value.kind}\` has no list of \`items\``, { file, line });
  }
  return document;
}

/**
 * Documents that no pack checks. If the user named the file, it is a problem; files met in a folder are only counted.
 */
function unjudged(documents, options) {
  const met = new Set(documents.filter(({ named }) => !named).map(({ file }) => file));
  if (met.size > 0 && !options.quiet) {
    const named = `${[...met].slice(0, 3).join(', ')}${met.size > 3 ? ', …' : ''}`;
    hint(options.io, `${counted(met.size, 'file')} skipped, of kinds that no pack checks: ${named}`, {});
  }
  // Report a recording only once, whatever it contains.
  const told = documents.filter(
    ({ named, traffic, file }, index) => named && !(traffic && documents[index - 1]?.file === file),
  );
  return told.map(
    (document) =>
      new Unevaluated(
        'no pack checks this kind of document',
        { file: document.file, line: document.line },
        fixFor(document, options),
      ),
  );
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

function fixFor(document, { pack }) {
  if (Array.isArray(document.value.log?.entries))
    return `this is recorded traffic without the ending .har: add --as har${pack ? '' : ' and --pack NAME|DIR'}`;
  if (!isTraffic(document) && pack)
    return (
      `${pack.join(', ')} does not check this kind; recorded traffic without the ending .har or .http needs --as ` +
      'har or --as http'
    );
  if (!isTraffic(document)) return 'it has no `apiVersion` and `kind`: add --pack NAME|DIR';
  return 'recorded traffic needs a pack: --pack coze-migration, --pack api-lifecycle, or a folder of your own';
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
