// Sets findings aside that a baseline has, and says what of the baseline is no longer found.

import { isThere, packNames, readBaseline } from './baseline-file.js';
import { finding } from './gate-finding.js';
import { pathOfDocument } from './place.js';

/**
 * The baseline of the options, which name one. A mistake in it is thrown.
 * @returns a function of findings and the run that found them, { packs, files, isWhole }: { left, known, told, gone,
 * unseen }. `gone` are the indexes of entries without a finding; `unseen` counts those that the run had no chance to
 * find.
 */
export function baselineFor({ baseline: path, strict, exact = strict }) {
  const { packs, entries, document } = readBaseline(path);
  const severity = exact ? 'error' : 'warning';
  const about = (at) => ({ from: document, at, place: document.locate(at) });
  return (findings, run) => {
    const { left, known, missing } = compared(findings, entries);
    const unsure = { left, known, told: [], gone: [], unseen: missing.length };
    if (!run.isWhole) return unsure;
    const own = packNames(run.packs.map(({ name }) => name));
    const others = packs.filter((name) => !own.includes(name));
    if (others.length > 0) {
      const message = `the baseline is for ${packs.join(', ')}; this run has ${own.join(', ') || 'no pack'}`;
      return { ...unsure, told: [finding('baseline-packs', severity, about('/packs'), message)] };
    }
    const gone = missing.filter(canBeGone(entries, run));
    const told = gone.map((index) => {
      const { code, file, message } = entries[index];
      const text = `\`${code}\` is no longer found${file === undefined ? '' : ` in ${file}`}: ${message}`;
      return finding('baseline-stale', severity, about(`/findings/${index}`), text);
    });
    return { left, known, told, gone, unseen: missing.length - gone.length };
  };
}

/** Each entry is for one finding. */
function compared(findings, entries) {
  const indexes = new Map();
  for (const [index, { fingerprint }] of entries.entries()) {
    if (indexes.has(fingerprint)) indexes.get(fingerprint).push(index);
    else indexes.set(fingerprint, [index]);
  }
  const isKnown = (one) => indexes.get(one.fingerprint)?.shift() !== undefined;
  const [left, known] = [[], []];
  for (const one of findings) (isKnown(one) ? known : left).push(one);
  return { left, known, missing: [...indexes.values()].flat().sort((one, other) => one - other) };
}

/** Whether a run would have found an entry: its file was checked, or there is none any more. */
function canBeGone(entries, { files }) {
  const checked = new Set(files.map(pathOfDocument));
  const wasSeen = ({ file }) => checked.has(file) || !isThere(file);
  const all = entries.every((entry) => entry.file === undefined || wasSeen(entry));
  return (index) => (entries[index].file === undefined ? all : wasSeen(entries[index]));
}
