// The report of `countersign test` for people: what failed and where it stopped, then coverage, then a summary.

import { expressionLines } from './policy.js';
import { counted, placeText, took } from './pretty.js';

/** @param report what `-f json` prints */
export function testReport(terminal, { verdict, counts, tests, coverage, problems }, { started, verbose }) {
  const shown = tests.filter(({ outcome, updated }) => verbose || updated || outcome === 'fail' || outcome === 'error');
  const blocks = shown.map((one) => testBlock(terminal, one, verbose));
  if (coverage) blocks.push(coverageBlock(terminal, coverage, verbose));
  const passed = verdict === 'pass';
  const sign = terminal.paint(passed ? 'pass' : 'error', terminal.signs[passed ? 'pass' : 'fail']);
  const outcomes = [
    `${counts.passed} passed`,
    counts.failed > 0 && `${counts.failed} failed`,
    counts.errors > 0 && `${counts.errors} could not be evaluated`,
    counts.skipped > 0 && `${counts.skipped} skipped`,
    problems && `${counted(problems.length, 'problem')} kept it from running everything`,
  ].filter(Boolean);
  const ran = [
    (counts.packs > 0 || counts.cases === 0) &&
      `${counted(counts.tests - counts.cases, 'test')} of ${counted(counts.packs, 'pack')}`,
    counts.cases > 0 && counted(counts.cases, 'case'),
  ]
    .filter(Boolean)
    .join(', ');
  blocks.push(
    `${sign} ${terminal.paint('bold', ran)}: ${outcomes.join(', ')} ${terminal.paint('dim', `(${took(started)})`)}\n`,
  );
  return blocks.join(verbose ? '' : '\n');
}

const SIGNS = { pass: ['pass', 'pass'], fail: ['error', 'fail'], error: ['error', 'fail'], skip: ['dim', 'skipped'] };

function testBlock(terminal, { name, outcome, file, line, message, help, stuck, cases = [], printed = [] }, verbose) {
  const clean = (text) => terminal.clean(text);
  const [style, sign] = SIGNS[outcome];
  const says = { error: ': could not be evaluated', skip: ': skipped' }[outcome] ?? '';
  const out = [`${terminal.paint(style, terminal.signs[sign])} ${terminal.paint('bold', clean(name))}${says}`];
  const failed = outcome === 'fail' || outcome === 'error';
  if (failed && stuck) {
    out.push(...expressionLines(terminal, stuck), `  = ${clean(stuck.reason)}`);
    out.push(...(stuck.values ?? []).map(({ name: variable, value }) => `  = ${clean(variable)}: ${clean(value)}`));
    if (stuck.help) out.push(`  ${terminal.paint('info', 'help')}: ${clean(stuck.help)}`);
  } else if (failed)
    out.push(`  ${terminal.paint('mark', terminal.signs.arrow)} ${placeText(terminal, { file, line })}`);
  if (message) out.push(`  = ${clean(message)}`);
  if (help) out.push(`  ${terminal.paint('info', 'help')}: ${clean(help)}`);
  const told = cases.filter((one) => verbose || one.outcome !== 'pass');
  out.push(...told.map((one) => `  case ${clean(one.name)}: ${WORDS[one.outcome]}`));
  out.push(...printed.map((text) => `  printed: ${clean(text)}`));
  return `${out.join('\n')}\n`;
}

const WORDS = { pass: 'passed', fail: 'failed', error: 'could not be evaluated', skip: 'skipped' };

const NEVER = { entered: 'evaluated', held: 'true' };

function coverageBlock(terminal, { percent, files, least }, verbose) {
  const rows = files.map(({ file, percent: own, notCovered, never }) => {
    const lines = notCovered.length > 0 ? `  never reached: ${notCovered.map(rangeText).join(', ')}` : '';
    const places = never.map(({ line, column, what }) => `\n    ${line}:${column} never ${NEVER[what]}`);
    return `  ${percentText(own)}  ${terminal.clean(file)}${lines}${verbose ? places.join('') : ''}`;
  });
  const isLow = least !== undefined && percent < least;
  const asked = isLow ? `, and ${least} % are asked for` : '';
  const style = isLow ? 'error' : 'bold';
  return `${[terminal.paint(style, `coverage: ${percentText(percent).trim()}${asked}`), ...rows].join('\n')}\n`;
}

function percentText(percent) {
  return `${percent.toFixed(1).padStart(5)} %`;
}

function rangeText([first, last]) {
  return first === last ? String(first) : `${first}-${last}`;
}
