// A line for each finding, as compilers write it: editors and problem matchers read it.

import { placeText } from './pretty.js';
import { skippedText, withProblems } from './result.js';
import { headline } from './testcases.js';

export function compactReport(terminal, result) {
  const lines = withProblems(result).map((finding) => line(terminal, finding));
  const skipped = skippedText(result);
  if (skipped !== undefined) lines.push(`countersign: skipped: ${terminal.clean(skipped)}`);
  lines.push(`countersign: ${result.verdict}: ${headline(result)}`);
  return `${lines.join('\n')}\n`;
}

function line(terminal, { code, severity, message, source, unit }) {
  const where = placeText(terminal, source ?? { file: unit ?? 'countersign' });
  return `${where}: ${terminal.paint(severity, `${severity} ${terminal.clean(code)}`)} ${terminal.clean(message)}`;
}
