// The report for people: each finding with its line and how to fix it, then a summary.

import { CODES } from '../codes/codes.js';
import { excerpt } from './excerpt.js';

const KNOWN = new Set([
  'code',
  'stage',
  'severity',
  'message',
  'at',
  'help',
  'rule',
  'document',
  'resource',
  'fingerprint',
  'source',
  'schemaAt',
  'offset',
  'reads',
]);

/** @param source { file, text, place, masks, notes } of the finding, as far as known */
export function prettyFinding(terminal, finding, { file, text, place, masks, notes = [] } = {}) {
  const clean = (value) => terminal.clean(value);
  const head = terminal.paint(finding.severity, `${finding.severity}[${clean(finding.code)}]`);
  const out = [`${head}${terminal.paint('bold', `: ${clean(finding.message)}`)}`];
  const where = placeText(terminal, { file, ...place });
  const at = [finding.at, resourceName(finding.resource)].filter(Boolean).map(clean).join(', ');
  const both = where && at ? `${where} (${at})` : where || at;
  if (both) out.push(`  ${terminal.paint('mark', terminal.signs.arrow)} ${both}`);
  if (text !== undefined && place && masks)
    out.push(...indented(excerpt(terminal, text, place, masks, finding.severity)));
  const facts = Object.entries(finding).filter(
    ([name, value]) => !KNOWN.has(name) && value !== null && value !== undefined,
  );
  if (facts.length > 0)
    out.push(`  = ${facts.map(([name, value]) => `${clean(name)}: ${shortened(terminal, value)}`).join(', ')}`);
  out.push(...notes.map((note) => `  = ${note}`));
  const fix = finding.help ?? CODES[finding.code]?.[1];
  if (fix) out.push(`  ${terminal.paint('info', 'help')}: ${clean(fix)}`);
  return `${out.join('\n')}\n`;
}

/** `FILE:LINE:COLUMN`, as far as known. Editors and terminals make it a link. */
export function placeText(terminal, { file, line, column }) {
  return [file === undefined ? undefined : terminal.clean(file), line, column]
    .filter((part) => part !== undefined)
    .join(':');
}

function indented(lines) {
  return lines.map((line) => `  ${line}`);
}

function shortened(terminal, value) {
  const text = typeof value === 'string' ? `\`${value}\`` : JSON.stringify(value);
  return terminal.clean(text.length > 80 ? `${text.slice(0, 79).toWellFormed()}${terminal.signs.more}` : text);
}

function resourceName(resource) {
  if (!resource?.kind) return undefined;
  return `${resource.kind} ${[resource.namespace, resource.name].filter(Boolean).join('/')}`.trim();
}

/** A verdict's stages on one line: which passed, failed or were skipped. */
export function stageStrip(terminal, stages) {
  const style = { pass: 'pass', fail: 'error', warn: 'warning', skipped: 'dim' };
  return stages
    .map(({ stage, result }) => terminal.paint(style[result] ?? 'dim', `${stage} ${terminal.signs[result] ?? result}`))
    .join('  ');
}

/** `2 errors, 1 warning`, or `no findings`. */
export function countsOf(findings) {
  const words = [
    ['error', 'error'],
    ['warning', 'warning'],
    ['info', 'note'],
  ].map(([severity, word]) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count > 0 && counted(count, word);
  });
  return words.filter(Boolean).join(', ') || 'no findings';
}

export function counted(count, word) {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

export function took(started) {
  const milliseconds = performance.now() - started;
  return milliseconds < 1000
    ? `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
    : `${(milliseconds / 1000).toFixed(1)} s`;
}
