// The report as Markdown, for a comment on a pull request or the summary of a step in GitHub Actions.

import { byCode, exitCode, ranked, remedy, resourceOf, skippedText, withProblems } from './result.js';
import { headline } from './testcases.js';
import { clean } from './width.js';

const MOST = 60_000; // bytes: a comment takes 65,536 characters
const ROOM = 4_000; // of those, what the counts of the rest may take
const encoder = new TextEncoder();

/** @param {import('./result.js').Result} result @param most how many bytes it may be */
export function pullRequestReport(result, most = MOST) {
  const sign = exitCode(result) === 0 ? '✓' : '✗';
  const head = `### ${sign} countersign ${result.command}: ${escaped(headline(result))}\n`;
  const findings = [...ranked(withProblems(result)), ...setAside(result)];
  const skipped = skippedText(result);
  const note = skipped === undefined ? '' : `\n${escaped(skipped)}\n`;
  if (findings.length === 0) return head + note;
  const columns = '\n| | place | finding | help |\n|---|---|---|---|\n';
  let left = most - bytes(head + note + columns) - ROOM;
  const rows = [];
  for (const finding of findings) {
    const row = rowOf(finding);
    left -= bytes(row);
    if (left < 0) break;
    rows.push(row);
  }
  return `${head}${columns}${rows.join('')}${restOf(findings.slice(rows.length))}${note}`;
}

function setAside({ waived = [], baseline = [] }) {
  return [
    ...waived.map((finding) => ({ ...finding, severity: 'waived', help: waiverText(finding.waived) })),
    ...baseline.map((finding) => ({ ...finding, severity: 'baseline' })),
  ];
}

function waiverText({ reason, owner, until }) {
  return `${reason} (${owner}, until ${until})`;
}

function rowOf(finding) {
  const { severity, code, message, source, unit } = finding;
  const { file = unit, line, column } = source ?? {};
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const about = resourceOf(finding);
  const where = [place, about].filter(Boolean).map(escaped).join('<br>');
  return `| ${severity} | ${where} | **${escaped(code)}**: ${escaped(message)} | ${escaped(remedy(finding) ?? '')} |\n`;
}

function restOf(findings) {
  if (findings.length === 0) return '';
  let text = `\nand ${findings.length} more, for which there is no room:\n\n`;
  for (const [code, count] of byCode(findings)) {
    const row = `- ${count} ${escaped(code)}\n`;
    if (bytes(text) + bytes(row) > ROOM - 100) return `${text}- …\n`;
    text += row;
  }
  return text;
}

/** Text of a document cannot make a link, an image, a mention or HTML, nor end its cell. */
function escaped(text) {
  return text
    .split(/\r\n|[\r\n]/)
    .map((line) =>
      clean(line)
        .replace(/[&<>@#]/g, entity)
        .replace(/[\\`*_{}[\]()!|~$]/g, '\\$&'),
    )
    .join('<br>');
}

function entity(one) {
  return `&#${one.charCodeAt(0)};`;
}

function bytes(text) {
  return encoder.encode(text).length;
}
