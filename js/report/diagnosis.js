// The report of a diagnosis for people.

import { counted } from './pretty.js';

/** The proved causes, then the suspects, each with the fix for every framework. */
export function diagnosisText(terminal, { holds, causes, suspects, tried, capped }) {
  const search = `${counted(tried, 'MAC')} tried${capped ? ', and a limit ended the search' : ''}`;
  if (causes.length === 0 && suspects.length === 0) {
    const [head, text] = nothing({ holds, tried, capped, search });
    return `${terminal.paint('bold', head)}: ${text}\n`;
  }
  const parts = [
    ...causes.map((cause) => one(terminal, 'proved', 'pass', cause)),
    ...suspects.map((cause) => one(terminal, 'suspected', 'warning', cause)),
  ];
  return `${parts.join('\n')}  ${terminal.paint('dim', `(${search})`)}\n`;
}

/** Why there is no cause to report. */
function nothing({ holds, tried, capped, search }) {
  if (holds)
    return ['the signature matches', 'it belongs to this request; the findings above are about something else'];
  if (tried === 0 && !capped)
    return [
      'not examined',
      'only HMACs and digests of the engine segments can be diagnosed, not message signatures, proofs, tokens or ' +
        'public keys',
    ];
  const help =
    'most likely it was signed with another key (give possible ones with --other-key-env), or the message was ' +
    'changed on the way';
  return ['no cause found', `no repair makes the signature match (${search})\n  help: ${help}`];
}

function one(terminal, word, style, { id, at, message, mends }) {
  const head = `${terminal.paint(style, `${word}[${id}]`)}${terminal.paint('bold', `: ${terminal.clean(message)}`)}`;
  const lines = byText(mends).map(
    ([text, frameworks]) => `  ${terminal.paint('info', frameworks.join(', '))}: ${terminal.clean(text)}`,
  );
  return [`${head} ${terminal.paint('dim', `(${terminal.clean(at)})`)}`, ...lines, ''].join('\n');
}

/** Frameworks with the same fix share a line. */
function byText(mends) {
  const found = new Map();
  for (const [framework, text] of Object.entries(mends)) found.set(text, [...(found.get(text) ?? []), framework]);
  return [...found];
}
