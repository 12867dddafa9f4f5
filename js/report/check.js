// The report of `countersign check` for people.

import { secretRanges } from '../places/secrets.js';
import { countsOf, counted, prettyFinding, took } from './pretty.js';

/**
 * @param drawn { report, findings with `from` (their document) and `place`, packs, files, all (documents), started }
 */
export function checkReport(terminal, { report, findings, packs, files, all, started }) {
  const masks = new Map();
  const blocks = findings.map(({ from, place, ...finding }) => {
    if (!from) return prettyFinding(terminal, finding);
    if (!masks.has(from.text)) masks.set(from.text, masksOf(from.text, all));
    return prettyFinding(terminal, finding, { file: from.file, text: from.text, place, masks: masks.get(from.text) });
  });
  const passed = report.verdict === 'pass';
  const sign = terminal.paint(passed ? 'pass' : 'error', terminal.signs[passed ? 'pass' : 'fail']);
  const checked = `${counted(files, 'file')}, ${counted(all.length, 'document')}`;
  const rules = report.counts.rules > 0 ? ` (${counted(report.counts.rules, 'rule')})` : '';
  const judges = packs.length > 0 ? ` against ${packs.map((name) => terminal.clean(name)).join(', ')}${rules}` : '';
  const failed = report.problems
    ? `, ${counted(report.problems.length, 'problem')} kept it from evaluating everything`
    : '';
  blocks.push(
    `${sign} ${terminal.paint('bold', checked)}${judges}: ${countsOf(findings)}${failed} ` +
      `${terminal.paint('dim', `(${took(started)})`)}\n`,
  );
  return blocks.join('\n');
}

/** A line above or below may belong to another document in the file. */
function masksOf(text, all) {
  const own = all.filter((document) => document.text === text);
  if (own[0].masks) return own[0].masks(); // recorded traffic masks its whole file
  const ranges = own.map(secretRanges);
  return ranges.includes(undefined) ? undefined : ranges.flat();
}
