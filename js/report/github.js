// Workflow commands of GitHub Actions: annotations on the lines of a pull request.

import { byCode, ranked, remedy, skippedText, withProblems } from './result.js';
import { headline } from './testcases.js';
import { clean } from './width.js';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' };
const LIMIT = 10; // of each command in a step; GitHub drops what is over in silence

/** The most severe findings as annotations, and the rest counted in one notice. */
export function githubReport(result) {
  const room = { error: LIMIT, warning: LIMIT, notice: LIMIT - 2 }; // two for what follows the findings
  const [lines, rest] = [[], []];
  for (const finding of ranked(withProblems(result))) {
    const name = COMMANDS[finding.severity];
    if (room[name] === 0) rest.push(finding);
    else lines.push(annotation(result, finding, name));
    room[name] = Math.max(0, room[name] - 1);
  }
  if (rest.length > 0) lines.push(command('notice', { title: 'countersign' }, rollUp(result, rest)));
  const skipped = skippedText(result);
  if (skipped !== undefined) lines.push(command('notice', { title: 'countersign' }, skipped));
  return lines.map((line) => `${line}\n`).join('');
}

function annotation(result, finding, name) {
  const { file, line, column, endLine, endColumn } = finding.source ?? {};
  const fix = remedy(finding);
  const isOneLine = endLine === undefined || endLine === line; // else GitHub takes no columns
  const path = file === undefined ? undefined : result.pathOf(file);
  const place = { file: path, line, endLine, ...(isOneLine ? { col: column, endColumn } : {}) };
  const text = `${finding.message}${fix === undefined ? '' : `\nhelp: ${fix}`}`;
  return command(name, { ...place, title: finding.code }, text);
}

function rollUp(result, rest) {
  const codes = byCode(rest).map(([code, count]) => `${count} ${code}`);
  return `${headline(result)}. GitHub shows only the first of a step; not annotated:\n${codes.join('\n')}`;
}

function command(name, properties, text) {
  const said = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${property(String(value))}`);
  return `::${name} ${said.join(',')}::${data(text)}`;
}

const ESCAPES = { '%': '%25', '\r': '%0D', '\n': '%0A', ':': '%3A', ',': '%2C' };

/** The log of a step shows what a terminal would: no text may drive it. */
function data(text) {
  const lines = text.split(/\r\n|[\r\n]/).map((line) => clean(line));
  return lines.join('\n').replace(/[%\r\n]/g, (one) => ESCAPES[one]);
}

function property(text) {
  return clean(text).replace(/[%\r\n:,]/g, (one) => ESCAPES[one]);
}
