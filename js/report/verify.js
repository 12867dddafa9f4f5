// The report of `countersign verify` for people.

import { RecordingText } from '../read/recording-text.js';
import { diagnosisText } from './diagnosis.js';
import { MOST, restText } from './few.js';
import { countsOf, counted, prettyFinding, stageStrip, took } from './pretty.js';

/** @param results { file, head, request, contract, verdict } for each request */
export function verifyReport(terminal, results, { started, verbose, unread }) {
  const room = roomFor(verbose);
  const parts = results.map((result) => one(terminal, result, verbose, room));
  if (results.length + unread > 1 && results.length > 0) parts.push(total(terminal, results, unread));
  return parts.length === 0 ? '' : `${parts.join('\n').trimEnd()} ${terminal.paint('dim', `(${took(started)})`)}\n`;
}

/** How many findings of all requests are drawn: nobody reads thousands. */
export function roomFor(verbose) {
  return { left: verbose ? Infinity : MOST };
}

/** @param room of `roomFor`, the same for all requests */
export function one(terminal, result, verbose, room) {
  const { file, verdict, request } = result;
  const blocks = [];
  const told = verdict.findings.filter(({ severity }) => verbose || severity !== 'info');
  const findings = told.slice(0, room.left);
  room.left -= findings.length;
  if (findings.length > 0) {
    const text = new RecordingText(result);
    for (const finding of findings) {
      const source = { file, text: text.text, masks: text.masks, place: text.place(finding, request.body) };
      blocks.push(prettyFinding(terminal, withHint(finding, result), source));
    }
  }
  if (told.length > findings.length) blocks.push(restText(terminal, told.slice(findings.length)));
  if (result.diagnosis) blocks.push(diagnosisText(terminal, result.diagnosis));
  const passed = !result.failed;
  const sign = terminal.paint(passed ? 'pass' : 'error', terminal.signs[passed ? 'pass' : 'fail']);
  const outcome = [verdict.verdict, verdict.status, verdict.statusText && `"${terminal.clean(verdict.statusText)}"`]
    .filter(Boolean)
    .join(' ');
  const event = verdict.event?.type ? `, event ${terminal.clean(verdict.event.type)}` : '';
  const says = `${terminal.clean(verdict.contract)} says ${outcome}${event}, ${countsOf(verdict.findings)}`;
  blocks.push(
    `${stageStrip(terminal, verdict.stages)}\n${sign} ${terminal.paint('bold', terminal.clean(file))}: ${says}\n`,
  );
  return blocks.join('\n');
}

/** What a recording is most often rejected for: its age, and in one written by hand, the editor's last line break. */
function withHint(finding, { request, clocked }) {
  if (clocked && finding.skewSeconds > 0)
    return { ...finding, help: `signed ${ago(finding.skewSeconds)} ago; a recording? add --now signed` };
  const counted = request.headers.some(([name]) => name.toLowerCase() === 'content-length');
  if (finding.code !== 'signature-mismatch' || counted || request.body.at(-1) !== 0x0a) return finding;
  return {
    ...finding,
    help:
      "the body ends with a line break: if the sender did not send one, remove it, or give the body's length with " +
      'Content-Length',
  };
}

const UNITS = [
  [86400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** A time in its largest unit of which there are at least two. */
function ago(seconds) {
  const [length, unit] = UNITS.find(([one]) => seconds >= 2 * one) ?? UNITS.at(-1);
  return counted(Math.floor(seconds / length), unit);
}

export function total(terminal, results, unread) {
  const failed = results.filter((result) => result.failed).length;
  const sign = terminal.paint(failed + unread ? 'error' : 'pass', terminal.signs[failed + unread ? 'fail' : 'pass']);
  const findings = results.flatMap(({ verdict }) => verdict.findings);
  const rest = unread > 0 ? `, ${unread} could not be checked` : '';
  return (
    `${sign} ${counted(results.length + unread, 'request')}: ${results.length - failed} passed, ${failed} ` +
    `failed${rest}, ${countsOf(findings)}`
  );
}
