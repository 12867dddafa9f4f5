// The report of `countersign verify --registry` for people: for each request the report, and what follows for its hook.

import { took } from './pretty.js';
import { one, roomFor, total } from './verify.js';

/** @param results those of `verifyReport`, each with its `outcome` */
export function hooksReport(terminal, results, { started, verbose, unread }) {
  const room = roomFor(verbose);
  const parts = results.map(
    (result) => `${one(terminal, result, verbose, room)}${hookText(terminal, result.outcome)}\n`,
  );
  if (results.length + unread > 1 && results.length > 0) parts.push(total(terminal, results, unread));
  return parts.length === 0 ? '' : `${parts.join('\n').trimEnd()} ${terminal.paint('dim', `(${took(started)})`)}\n`;
}

function hookText(terminal, { hook, note, verdict, answer, disable }) {
  const name = hook === undefined ? 'no hook' : `hook ${hook}${note === undefined ? '' : ` (${terminal.clean(note)})`}`;
  // The reply to a handshake may contain a MAC for the sender, and no MAC is shown.
  const body = verdict.answer ? "the contract's own" : terminal.clean(JSON.stringify(answer.body) ?? 'without a body');
  const decision = disable.decision ? terminal.paint('error', 'disable it') : 'leave it as it is';
  return (
    `  ${name}\n  answer: ${answer.status} ${body}\n  ` +
    `${hook === undefined ? '' : `${decision}: `}${terminal.clean(disable.reason)}`
  );
}
