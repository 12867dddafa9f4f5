// Why a rule gave nothing, for people.

import { expressionLines } from './policy.js';
import { counted } from './pretty.js';

/** @param why { rule, documents, holds, stops } */
export function whyReport(terminal, { rule, documents, holds, stops }) {
  const head = `why ${terminal.clean(rule)}`;
  const out = [`${terminal.paint('bold', head)}: it gave something for ${holds} of ${counted(documents, 'document')}`];
  for (const { reason, documents: count, help, ...place } of stops) {
    out.push(...expressionLines(terminal, place));
    out.push(`  = ${terminal.clean(reason)} (${counted(count, 'document')})`);
    if (help) out.push(`  ${terminal.paint('info', 'help')}: ${terminal.clean(help)}`);
  }
  return `${out.join('\n')}\n`;
}
