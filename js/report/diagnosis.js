// What the doctor found, for people.

import { counted } from './pretty.js';

/** Causes that are proved, then suspects, each with the mend in every framework. */
export function diagnosisText(terminal, { causes, suspects, tried, capped }) {
  const search = `${counted(tried, 'MAC')} tried${capped ? ', and a limit ended the search' : ''}`;
  if (causes.length === 0 && suspects.length === 0) {
    return `${terminal.paint('bold', 'no cause found')}: no repair makes the signature match (${search})\n  help: another key, or the message was changed on the way\n`;
  }
  const parts = [
    ...causes.map((cause) => one(terminal, 'proved', 'pass', cause)),
    ...suspects.map((cause) => one(terminal, 'suspected', 'warning', cause)),
  ];
  return `${parts.join('\n')}  ${terminal.paint('dim', `(${search})`)}\n`;
}

function one(terminal, word, style, { id, at, message, mends }) {
  const head = `${terminal.paint(style, `${word}[${id}]`)}${terminal.paint('bold', `: ${terminal.clean(message)}`)}`;
  const lines = byText(mends).map(([text, frameworks]) => `  ${terminal.paint('info', frameworks.join(', '))}: ${terminal.clean(text)}`);
  return [`${head} ${terminal.paint('dim', `(${terminal.clean(at)})`)}`, ...lines, ''].join('\n');
}

/** Frameworks with the same mend stand on one line. */
function byText(mends) {
  const found = new Map();
  for (const [framework, text] of Object.entries(mends)) found.set(text, [...(found.get(text) ?? []), framework]);
  return [...found];
}
