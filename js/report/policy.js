// Places and expressions of policies, for people.

import { placeText } from './pretty.js';

/** `╭─▶ FILE:LINE:COLUMN` and the expression there. @param place { file, line, column, text } */
export function expressionLines(terminal, { file, line, column, text }) {
  const { bar, arrow } = terminal.signs;
  return [
    `  ${terminal.paint('mark', arrow)} ${placeText(terminal, { file, line, column })}`,
    `  ${terminal.paint('mark', `${line} ${bar}`)} ${terminal.clean(text)}`,
  ];
}
