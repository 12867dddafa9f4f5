// The report of `countersign verify` for people.

import { countsOf, counted, prettyFinding, stageStrip, took } from './pretty.js';
import { RecordingText } from './recording.js';

/** @param results { file, bytes, request, layout, contract, verdict } for each request */
export function verifyReport(terminal, results, { started, verbose }) {
  const parts = results.map((result) => one(terminal, result, verbose));
  if (results.length > 1) parts.push(total(terminal, results));
  return parts.length === 0 ? '' : `${parts.join('\n').trimEnd()} ${terminal.paint('dim', `(${took(started)})`)}\n`;
}

function one(terminal, result, verbose) {
  const { file, verdict, request } = result;
  const blocks = [];
  const findings = verdict.findings.filter(({ severity }) => verbose || severity !== 'info');
  if (findings.length > 0) {
    const text = new RecordingText(result);
    for (const finding of findings) {
      const source = { file, text: text.text, masks: text.masks, place: text.place(finding, request.body) };
      blocks.push(prettyFinding(terminal, finding, source));
    }
  }
  const passed = verdict.verdict !== 'reject';
  const sign = terminal.paint(passed ? 'pass' : 'error', terminal.signs[passed ? 'pass' : 'fail']);
  const outcome = [verdict.verdict, verdict.status, verdict.statusText && `"${terminal.clean(verdict.statusText)}"`].filter(Boolean).join(' ');
  const event = verdict.event?.type ? `, event ${terminal.clean(verdict.event.type)}` : '';
  const says = `${terminal.clean(verdict.contract)} says ${outcome}${event}, ${countsOf(verdict.findings)}`;
  blocks.push(`${stageStrip(terminal, verdict.stages)}\n${sign} ${terminal.paint('bold', terminal.clean(file))}: ${says}\n`);
  return blocks.join('\n');
}

function total(terminal, results) {
  const rejected = results.filter(({ verdict }) => verdict.verdict === 'reject').length;
  const sign = terminal.paint(rejected ? 'error' : 'pass', terminal.signs[rejected ? 'fail' : 'pass']);
  const findings = results.flatMap(({ verdict }) => verdict.findings);
  return `${sign} ${counted(results.length, 'request')}: ${results.length - rejected} passed, ${rejected} rejected, ${countsOf(findings)}`;
}
