// What a run found, in one form for all the formats that other programs read.

import { createHash } from 'node:crypto';

import { CODES, explanation } from '../codes/codes.js';
import { counted, countsOf } from './pretty.js';

/**
 * @typedef {object} Result
 * @property {string} command `check`, `verify`, `lint` or `test`
 * @property {string} version of this package
 * @property {string} verdict `pass`, `fail` or `error`, if something could not be judged
 * @property {string[]} units what was judged: files, recordings, contracts or packs, by their names
 * @property {object[]} findings each with its `unit`, and with `source` { file, line, column, … } if it has a place
 * @property {object[]} [waived] findings that a waiver sets aside: `waived` { by, reason, owner, until }
 * @property {object[]} [baseline] findings that the baseline sets aside
 * @property {object[]} [skipped] what was met and not judged: { file, line, reason }
 * @property {object[]} [problems] { code, message, file, line, column, help }
 * @property {object[]} [tests] of `countersign test`, in place of findings that passed
 * @property {(code: string) => object | undefined} ruleOf the METADATA of the rule that reports a code
 * @property {(finding: object) => boolean} isFailing whether a finding fails the run
 * @property {(file: string) => string} pathOf a file's path from the root of the repository, or an absolute one
 */

const NAMED = 3; // of what was skipped
const EXIT = { pass: 0, fail: 1, error: 3 };

export function exitCode({ verdict }) {
  return EXIT[verdict];
}

/** `2 errors, 1 warning, 1 waived`: what every format says, so that nothing is left out in silence. */
export function summary({ findings, waived = [], baseline = [], skipped = [], problems = [] }) {
  return [
    countsOf(findings),
    waived.length > 0 && `${waived.length} waived`,
    baseline.length > 0 && `${baseline.length} in the baseline`,
    skipped.length > 0 && `${counted(filesOf(skipped).length, 'file')} skipped`,
    problems.length > 0 && `${counted(problems.length, 'problem')} kept it from judging everything`,
  ]
    .filter(Boolean)
    .join(', ');
}

const MOST = 20; // skipped files that are named

/** Which files were met and not judged, or undefined if there is none. */
export function skippedText({ skipped = [] }) {
  const files = filesOf(skipped);
  if (files.length === 0) return undefined;
  const more = files.length > MOST ? ` and ${files.length - MOST} more` : '';
  return `these files were not judged: ${files.slice(0, MOST).join(', ')}${more}`;
}

function filesOf(skipped) {
  return [...new Set(skipped.map(({ file }) => file))];
}

/** The files that no pack judged, the first by their names. */
export function firstOf(skipped, more = '…') {
  const files = filesOf(skipped);
  return `${files.slice(0, NAMED).join(', ')}${files.length > NAMED ? `, ${more}` : ''}`;
}

/** The findings with the problems among them, as the formats that know only findings list both. */
export function withProblems({ findings, problems = [] }) {
  return [...problems.map(asFinding), ...findings];
}

/** A problem in the form of a finding. */
function asFinding({ code = 'unevaluated', message, file, line, column, help }) {
  const source = file === undefined ? undefined : { file, line, column };
  return { code, severity: 'error', message: `could not be judged: ${message}`, source, unit: file, help };
}

/** How to fix it. */
export function remedy({ help, code }) {
  return help ?? CODES[code]?.[1];
}

/** What is known of the rule or check behind a code: { title, description, fix, uri }. */
export function describe({ ruleOf }, code) {
  const { title, description, remedy: fix, relatedResources = [] } = ruleOf(code) ?? {};
  const known = explanation(code);
  return {
    title: title ?? firstSentence(description ?? known?.means ?? code),
    description: description?.trim() ?? known?.means,
    fix: fix ?? known?.fix,
    uri: relatedResources[0],
  };
}

/** Something to point at, for formats that demand a place: what was judged first, if the finding has none. */
export function placeOf({ units }, { source, unit }) {
  return source ?? { file: unit ?? units[0] ?? '.', line: undefined };
}

/** `Pod shop/web`, or undefined. */
export function resourceOf({ resource }) {
  if (!resource?.kind) return undefined;
  return `${resource.kind} ${[resource.namespace, resource.name].filter(Boolean).join('/')}`.trim();
}

/** The finding's own fingerprint, or one of what does not change with its line. */
export function identity({ fingerprint, code, unit = '', at = '', message }) {
  if (fingerprint !== undefined) return fingerprint;
  return createHash('sha256')
    .update(JSON.stringify([code, unit, at, message]))
    .digest('hex')
    .slice(0, 16);
}

const RANKS = ['error', 'warning', 'info'];

/** The most severe first; else in their order. */
export function ranked(findings) {
  return findings.toSorted((left, right) => RANKS.indexOf(left.severity) - RANKS.indexOf(right.severity));
}

/** `[code, count]` of findings, the most frequent first. */
export function byCode(findings) {
  const counts = new Map();
  for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].sort(([one, left], [other, right]) => right - left || (one < other ? -1 : 1));
}

function firstSentence(text) {
  return /^[\s\S]*?[.!?](?=\s|$)/.exec(text.trim())?.[0].replace(/\s+/g, ' ') ?? text.trim();
}
