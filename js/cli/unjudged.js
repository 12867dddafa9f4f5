// What `countersign check` met and no pack judges: counted and named in the report, and a problem where it would hide
// something.

import { nearest } from '../base/nearest.js';
import { describedBy } from '../read/kinds.js';
import { Unevaluated } from '../read/unevaluated.js';
import { isKubernetes, isTraffic, judgesKubernetes } from './packs.js';

const LISTED = 100; // in a report; all are counted
const KUSTOMIZATION = /(?:^|[/\\])kustomization\.ya?ml$/;
const VERSION = /^(?:[a-z0-9.-]+\/)?v\d\w*$/;

/**
 * { skipped, problems } of what no pack judges. `skipped`: { file, line, documents, reason } for each file and reason.
 * @param documents those that no pack judges, each with `named` if the user named its file
 * @param all every document that was read
 * @param packsOf the names of the packs of a document
 * @param changed if given, only what has changed can be a problem
 */
export function unjudged(documents, all, packsOf, changed) {
  const withObjects = new Set(all.filter(isKubernetes).map(({ file }) => file));
  const [skipped, problems] = [new Map(), []];
  for (const document of documents) {
    const pack = packsOf(document);
    const isNew = changed === undefined || changed.has(document.path);
    const found = isNew && judgesKubernetes(pack) ? doubtOf(document, withObjects.has(document.file)) : undefined;
    if (found) {
      problems.push(new Unevaluated(found.message, { file: document.file, line: document.line }, found.help));
      continue;
    }
    const reason = reasonOf(document);
    const key = JSON.stringify([document.file, reason]);
    const first = skipped.get(key);
    if (first) first.documents += 1;
    else {
      skipped.set(key, { file: document.file, line: document.line, documents: 1, reason });
      if (document.named && isNew) problems.push(noPack(document, pack));
    }
  }
  problems.push(...all.filter((one) => judgesKubernetes(packsOf(one))).flatMap(doubtsInList));
  return { skipped: [...skipped.values()], problems };
}

/** Of a `List`, each item is an object, and no rule would see one that is none. */
function doubtsInList(document) {
  const { value, file } = document;
  if (!isKubernetes(document) || value.apiVersion !== 'v1' || value.kind !== 'List') return [];
  return value.items.flatMap((item, index) => {
    if (item !== null && typeof item === 'object' && isKubernetes({ value: item })) return [];
    const { line, column } = document.locate(`/items/${index}`);
    const found = doubtOf({ value: item ?? [], file }, true);
    return [new Unevaluated(found.message, { file, line, column }, found.help)];
  });
}

/** How many documents were skipped, and files without documents. */
export function countOf(skipped) {
  return skipped.reduce((sum, { documents = 1 }) => sum + documents, 0);
}

/** The first of what was skipped, for reports. */
export function listed(skipped) {
  return skipped.slice(0, LISTED);
}

function reasonOf(document) {
  if (isTraffic(document)) return 'no pack of this run checks recorded traffic';
  if (isKubernetes(document)) return 'no pack of this run checks Kubernetes objects';
  const what = describedBy(document.value)?.name;
  return what ? `it is ${what}, which no pack of this run checks` : 'no pack of this run checks this kind of document';
}

function noPack(document, pack) {
  const place = { file: document.file, line: document.line };
  return new Unevaluated('no pack checks this kind of document', place, fixFor(document, pack));
}

function fixFor(document, pack) {
  const described = describedBy(document.value);
  if (described?.kind === 'har')
    return `this is recorded traffic without the ending .har: add --as har${pack ? '' : ' and --pack NAME|DIR'}`;
  if (isTraffic(document))
    return 'recorded traffic needs a pack: --pack coze-migration, --pack api-lifecycle, or a folder of your own';
  const from = '; names of a list that no pack checks are passed over with --files-from';
  if (pack)
    return (
      `${pack.join(', ')} does not check ${described?.name ?? 'this kind'}; recorded traffic without the ending .har ` +
      `or .http needs --as har or --as http${from}`
    );
  const why = described ? `it is ${described.name}` : 'it has no `apiVersion` and `kind`';
  return `${why}: add --pack NAME|DIR${from}`;
}

/** { message, help } for what may be meant as an object of Kubernetes and is none: kubectl would not pass over it. */
function doubtOf({ value, file }, isBesideObjects) {
  const isMap = typeof value === 'object' && !Array.isArray(value);
  if (
    Array.isArray(value) &&
    value.some((item) => item !== null && typeof item === 'object' && isKubernetes({ value: item }))
  )
    return {
      message: 'a list of objects of Kubernetes, which kubectl does not take',
      help: 'make each a document, or an item of a `List`',
    };
  const { apiVersion, kind } = value;
  const near = isMap && misspelt(value);
  const half =
    (typeof kind === 'string' && /^[A-Z][A-Za-z0-9]*$/.test(kind) && !KUSTOMIZATION.test(file)) ||
    (typeof apiVersion === 'string' && VERSION.test(apiVersion) && describedBy(value)?.kind !== 'chart');
  if (near && (half || isBesideObjects))
    return { message: `\`${near[0]}\`: no object of Kubernetes has such a member`, help: `write \`${near[1]}\`` };
  if (isMap && half) {
    const missing = typeof kind === 'string' ? 'apiVersion' : 'kind';
    const has = missing === 'kind' ? '`apiVersion` and no `kind`' : '`kind` and no `apiVersion`';
    return {
      message: `a document with ${has}: an object of Kubernetes has both, as texts`,
      help: `add \`${missing}\`; if it is no such object, leave its file out with --exclude`,
    };
  }
  if (!isBesideObjects) return undefined;
  return {
    message: 'no object of Kubernetes, beside some in its file: kubectl refuses it',
    help: 'add `apiVersion` and `kind`, or move the document to another file',
  };
}

/** [what is written, what is meant] for a member that is nearly `apiVersion` or `kind`, where that is missing. */
function misspelt(value) {
  for (const wanted of ['apiVersion', 'kind']) {
    if (Object.hasOwn(value, wanted)) continue;
    const own = Object.keys(value);
    const name = own.find((one) => one.toLowerCase() === wanted.toLowerCase()) ?? nearest(wanted, own);
    if (name !== undefined && (wanted === 'apiVersion' || name.toLowerCase() === 'kind')) return [name, wanted];
  }
  return undefined;
}
