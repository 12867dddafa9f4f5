// Sets findings aside that a waiver is for, and says what is wrong with waivers.

import { nearest } from '../base/nearest.js';
import { counted } from '../report/pretty.js';
import { finding } from './gate-finding.js';
import { pathOfDocument } from './place.js';
import { ruleNames } from './rules.js';
import { nearBy, waiversIn } from './waiver-comments.js';

const DAY = 24 * 60 * 60;
const MOST = 10; // resources that one waiver may be for

/** What says that something was not judged cannot be waived. */
const UNJUDGED = /^(?:rule-error$|limit-)/;

/**
 * The waivers of the options. A mistake in their file is thrown.
 * @returns a function of findings and the run that found them, { documents, packs, isWhole }: { left, waived, told },
 * `told` about the waivers
 */
export async function waiversFor({ waivers: path, 'no-inline': noInline, now, strict, 'files-from': list }) {
  const inFile = path === undefined ? [] : await (await import('./waivers-file.js')).waiversOf(path);
  const lesser = strict ? 'error' : 'warning';
  return (findings, { documents, packs, isWhole }) => {
    const { waivers: comments, malformed } = waiversIn(documents);
    const told = malformed.map((one) => finding('waiver-malformed', 'error', one, `no waiver: ${one.fault}`));
    if (noInline)
      for (const one of comments)
        told.push(finding('waiver-refused', lesser, one, `the comment does not waive \`${one.rule}\``));
    const judged = findings.filter(({ code }) => !UNJUDGED.test(code));
    const near = nearBy(comments.length > 0 ? judged : []);
    const takenBy = new Map();
    let known; // the names of rules, asked for once
    for (const waiver of noInline ? inFile : [...inFile, ...comments]) {
      const all = waiver.near === undefined ? judged.filter(waiver.fits) : (near.get(waiver.near) ?? []);
      const fitting = all.filter((one) => isOf(one, waiver.rule));
      const fault = faultOf(waiver, fitting, now ?? Date.now() / 1000);
      if (fault) told.push(finding(fault.code, 'error', waiver, fault.message));
      else for (const one of fitting) if (!takenBy.has(one)) takenBy.set(one, waiver);
      // What a list of files leaves out may be what a waiver of the file is for.
      const wasLookedFor = isWhole && (list === undefined || waiver.by === 'comment');
      if (!fault && fitting.length === 0 && wasLookedFor)
        told.push(finding('waiver-unused', lesser, waiver, ...unused(waiver, (known ??= namesOf(packs)))));
    }
    const [waived, left] = [[], []];
    for (const one of findings)
      if (takenBy.has(one)) waived.push({ ...one, waived: factsOf(takenBy.get(one)) });
      else left.push(one);
    return { left, waived, told };
  };
}

/** Whether a finding is of a rule, by its code, with or without `policy-`, or by the name in the report. */
function isOf({ code, rule }, name) {
  return name === code || name === rule || `policy-${name}` === code;
}

/** Why it waives nothing, though findings may fit. */
function faultOf({ rule, match, until, owner }, fitting, now) {
  if (now >= Date.parse(until) / 1000 + DAY) {
    const again = `${counted(fitting.length, 'finding')} ${fitting.length === 1 ? 'counts' : 'count'} again`;
    const message = `the waiver of \`${rule}\` ended on ${until}, so ${again}; its owner is ${owner}`;
    return { code: 'waiver-expired', message };
  }
  const wide = tooWide(rule, match, fitting);
  return wide && { code: 'waiver-too-wide', message: `the waiver of \`${rule}\` is too wide: ${wide}` };
}

function tooWide(rule, { file, fingerprint, resource } = {}, fitting) {
  if (/[*?]/.test(rule)) return 'its rule is a pattern';
  const isFileAlone = file !== undefined && fingerprint === undefined && resource === undefined;
  if (isFileAlone && !/[^*?.,/!{}]/.test(file.replace(/\[[^\]]*\]|\.\w+$/g, ''))) return `\`${file}\` fits any file`;
  const about = new Set(fitting.map((one) => JSON.stringify(one.resource ?? (one.from && pathOfDocument(one.from)))));
  return about.size > MOST ? `it fits findings of ${about.size} resources, and at most ${MOST} are allowed` : undefined;
}

function namesOf(packs) {
  return new Set(ruleNames(packs).flatMap((name) => [name, `policy-${name.replace(/^policy-/, '')}`]));
}

/** The message, and the help if the name of the rule is a slip. */
function unused({ rule }, known) {
  const close = known.has(rule) ? undefined : nearest(rule, [...known]);
  return [`the waiver of \`${rule}\` fits no finding`, close && `did you mean \`${close}\`?`];
}

function factsOf({ by, reason, owner, until, from: { file }, place: { line } }) {
  return { by, reason, owner, until, source: { file, line } };
}
