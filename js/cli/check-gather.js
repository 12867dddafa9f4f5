// The documents of a check: what is read, which of it packs judge, and what is left.

import { isWalked } from '../read/kinds.js';
import { Unevaluated } from '../read/unevaluated.js';
import { counted } from '../report/pretty.js';
import { readDocuments } from './documents.js';
import { namesIn } from './names-in.js';
import { isJudged, isKubernetes, takesAnyKind } from './packs.js';
import { pathOf } from './place.js';
import { sourcesOf } from './sources.js';
import { unjudged } from './unjudged.js';
import { nothingMatched } from './walk.js';

/**
 * { documents, files, changedCount, packsOf, skipped, problems }: what packs judge, and `skipped` what none does.
 * `packsOf` gives the names of a document's packs.
 */
export function gather({ options, overrides, leaving, changed, progress }) {
  const packsOf = (document) => overrides.of(document).packs ?? options.pack;
  const isWanted = (path) => isWalked(path, takesAnyKind(packsOf({ path })));
  const { documents: met, files, passed, problems } = read(options, isWanted, leaving, progress);
  const changedCount = changed && files.filter(({ path }) => changed.has(path)).length;
  const found = changedCount === 0 ? [] : met;
  const documents = found.filter((document) => isJudged(document, packsOf(document)));
  const others = found.filter((document) => !isJudged(document, packsOf(document)));
  const rest = unjudged(others, found, packsOf, changed);
  return {
    documents,
    files,
    changedCount,
    packsOf,
    skipped: [...rest.skipped, ...passed, ...leaving.links],
    problems: [...(changed ? changed.problems(problems) : problems), ...rest.problems],
  };
}

/** Files are { file, path }; `passed` are names of a list that are passed over. */
function read(options, isWanted, leaving, progress) {
  const { paths, as, 'allow-empty': allowEmpty } = options;
  const own = [options.waivers, options.baseline, options.writes].filter((file) => file !== undefined).map(pathOf);
  const isOwn = (file) => own.length > 0 && own.includes(pathOf(file));
  const [documents, files, problems] = [[], new Map(), []];
  const readAll = ({ file, path, bytes }, named, total) => {
    if (files.has(file) || (!named && isOwn(file))) return;
    files.set(file, { file, path });
    progress.say(`reading ${files.size} of ${counted(Math.max(files.size, total), 'file')}`);
    for (const document of attempt(problems, [], () => readDocuments(file, { as, bytes }).map(checkedList))) {
      if (document.problem) problems.push(document.problem);
      else documents.push({ ...document, path, named });
    }
  };
  for (const argument of paths) {
    const matched = attempt(problems, undefined, () => sourcesOf(argument, isWanted, leaving));
    if (matched?.length === 0 && !allowEmpty) problems.push(nothingMatched(argument));
    for (const source of matched ?? []) readAll(source, source.file === argument, matched.length);
  }
  const { names, passed } = namesIn(options, leaving);
  for (const source of names) readAll(source, false, names.length);
  return { documents, files: [...files.values()], passed, problems };
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

function attempt(problems, otherwise, work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    problems.push(error, ...error.also);
    return otherwise;
  }
}
