// The report of `countersign check` for people.

import { secretRanges } from '../places/secrets.js';
import { fewOf, restText } from './few.js';
import { countsOf, counted, placeText, prettyFinding, took } from './pretty.js';
import { firstOf } from './result.js';

const ALSO = 2; // places that are shown beside the first

/**
 * @param drawn { report, findings with `from` (their document) and `place`, readsOf (a finding), packs, files, all
 * (documents), started, verbose }
 */
export function checkReport(terminal, { report, findings, readsOf, packs, files, all, started, verbose }) {
  const masks = new Map();
  const { shown, rest } = fewOf(findings, { all: verbose, fileOf: ({ from }) => from?.file });
  const blocks = shown.map(({ from, place, isPlacedByReads, ...finding }) => {
    if (!from) return prettyFinding(terminal, finding);
    if (!masks.has(from.text)) masks.set(from.text, masksOf(from, all));
    const source = { file: from.file, text: from.text, place, masks: masks.get(from.text) };
    const reads = isPlacedByReads ? readsOf({ ...finding, from }) : [];
    return prettyFinding(terminal, finding, { ...source, notes: notesOf(terminal, finding.at, reads, from) });
  });
  if (rest.length > 0) blocks.push(restText(terminal, rest));
  const passed = report.verdict === 'pass';
  const sign = terminal.paint(passed ? 'pass' : 'error', terminal.signs[passed ? 'pass' : 'fail']);
  const checked = `${counted(files, 'file')}, ${counted(all.length, 'document')}`;
  const { rules: total, unmet } = report.counts;
  const met = unmet > 0 ? `, ${unmet} met no document` : '';
  const rules = total > 0 ? ` (${counted(total, 'rule')}${met})` : '';
  const judges = packs.length > 0 ? ` against ${packs.map((name) => terminal.clean(name)).join(', ')}${rules}` : '';
  const failed = report.problems
    ? `, ${counted(report.problems.length, 'problem')} kept it from evaluating everything`
    : '';
  const aside = ['waived', 'baseline', 'skipped'].map((name) => asideText(name, report.counts[name])).join('');
  const waived = verbose ? waivedLines(terminal, report.waived) : '';
  blocks.push(
    `${sign} ${terminal.paint('bold', checked)}${judges}: ${countsOf(findings)}${aside}${failed} ` +
      `${terminal.paint('dim', `(${took(started)})`)}\n${waived}${skippedLines(terminal, report.skipped, verbose)}`,
  );
  return blocks.join('\n');
}

function asideText(name, count) {
  return count > 0 ? `, ${count} ${name === 'baseline' ? 'in the baseline' : name}` : '';
}

function waivedLines(terminal, waived) {
  return waived
    .map(({ code, source = {}, waived: { reason, owner, until } }) => {
      const about = [placeText(terminal, source), terminal.clean(code)].filter(Boolean).join(', ');
      return `  waived: ${about} until ${until}, by ${terminal.clean(owner)}: ${terminal.clean(reason)}\n`;
    })
    .join('');
}

/** What no pack judged: the first files, or with `verbose` each with its reason. */
function skippedLines(terminal, skipped = [], verbose) {
  if (skipped.length === 0) return '';
  const clean = (text) => terminal.clean(text);
  if (verbose) return skipped.map((one) => `  skipped: ${placeText(terminal, one)}, ${clean(one.reason)}\n`).join('');
  return `  ${terminal.paint('dim', `skipped: ${clean(firstOf(skipped, terminal.signs.more))} (-v says why)`)}\n`;
}

/** Where else to look, if the finding is placed by what it read: the second and third place, without values. */
function notesOf(terminal, at, [first, ...others] = [], { file }) {
  if (first === undefined || !isAt(first, at)) return [];
  return others.slice(0, ALSO).map(({ at: pointer, absent, place }) => {
    const where = `${placeText(terminal, { file, ...place })} (${terminal.clean(pointer)})`;
    return absent ? `also read: ${where}, where there is nothing` : `also read: ${where}`;
  });
}

/** Of what is absent, the finding's place is that which should have it. */
function isAt({ at, absent }, place) {
  return at === place || (absent && at.startsWith(`${place}/`));
}

/** A line above or below may belong to another document in the file. */
function masksOf({ text, masks }, all) {
  if (masks) return masks(); // recorded traffic masks its whole file
  const own = all.filter((document) => document.text === text);
  const ranges = own.map(secretRanges);
  return ranges.includes(undefined) ? undefined : ranges.flat();
}
