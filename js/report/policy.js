// Places and expressions of policies, for people.

import { placeText } from './pretty.js';

const LINES = 3; // of one expression

/** `╭─▶ FILE:LINE:COLUMN` and the expression there. @param place { file, line, column, text } */
export function expressionLines(terminal, { file, line, column, text }) {
  const [first, ...more] = text.split(/\r?\n/).slice(0, LINES);
  const gutter = String(line);
  const { bar, arrow } = terminal.signs;
  const drawn = (number, shown) =>
    `  ${terminal.paint('mark', `${number.padStart(gutter.length)} ${bar}`)} ${terminal.clean(shown)}`.trimEnd();
  return [
    `  ${terminal.paint('mark', arrow)} ${placeText(terminal, { file, line, column })}`,
    drawn(gutter, first),
    ...more.map((shown) => drawn('', shown)),
  ];
}
