// Which findings are drawn on a screen: nobody reads thousands.

import { byCode, ranked } from './result.js';

export const MOST = 50;

/**
 * The findings to draw, and the rest. Of many, the most severe are drawn. Those of a file stand together, from its top
 * to its end; files are in the order in which they come first.
 */
export function fewOf(findings, { all, fileOf }) {
  const drawn = all ? findings : ranked(findings).slice(0, MOST);
  const chosen = new Set(drawn);
  const files = new Map();
  for (const finding of findings) {
    if (!chosen.has(finding)) continue;
    const file = fileOf(finding);
    if (!files.has(file)) files.set(file, []);
    files.get(file).push(finding);
  }
  const own = files.get(undefined) ?? []; // about the run, and no file of it
  files.delete(undefined);
  const shown = [...[...files.values()].flatMap((some) => some.toSorted(fromTheTop)), ...own];
  return { shown, rest: findings.filter((finding) => !chosen.has(finding)) };
}

function fromTheTop({ place: one }, { place: other }) {
  return (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
}

/** What is not drawn, counted by code. */
export function restText(terminal, rest) {
  const counts = byCode(rest).map(([code, count]) => {
    const { severity } = rest.find((finding) => finding.code === code);
    return `  ${String(count).padStart(6)} ${terminal.paint(severity, `${severity}[${terminal.clean(code)}]`)}`;
  });
  const help = `  ${terminal.paint('info', 'help')}: -v draws them too, and -f compact has a line for each`;
  return `${terminal.paint('bold', `${rest.length} more are not drawn:`)}\n${counts.join('\n')}\n${help}\n`;
}
