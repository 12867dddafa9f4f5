// The doctor's code stands on one line; a screen shows it with a line for each statement.

/**
 * Breaks after the brace that opens a block, after a statement and before the brace that closes the block. Only blanks
 * change, so the code does what it did: what stands in a string, in parentheses or in an object stays on its line.
 */
export function codeLines(code: string): string {
  const open: ('block' | 'other')[] = [];
  let [lines, quote] = ['', ''];
  const newline = () => `\n${'  '.repeat(open.filter((kind) => kind === 'block').length)}`;
  const blockEnds = () => open.at(-1) === 'block';
  for (let at = 0; at < code.length; at += 1) {
    const character = code[at]!;
    if (quote) {
      if (character === quote) quote = '';
      lines += character;
    } else if (character === "'" || character === '"') {
      quote = character;
      lines += character;
    } else if (character === '{' && code[at + 1] === ' ' && opensBlock(code.slice(0, at))) {
      open.push('block');
      lines += `{${newline()}`;
      at += 1;
    } else if ('({['.includes(character)) {
      open.push('other');
      lines += character;
    } else if (')}]'.includes(character)) {
      const block = open.pop() === 'block';
      lines = block ? `${lines.trimEnd()}${newline()}${character}` : lines + character;
    } else if (character === ';' && code[at + 1] === ' ' && (open.length === 0 || blockEnds())) {
      lines += `;${newline()}`;
      at += 1;
    } else lines += character;
  }
  return lines;
}

/** Of JavaScript and Go: after an arrow, a list of parameters, or a condition. */
function opensBlock(before: string): boolean {
  return /(?:=>|\)|^if [^{}]*) $/.test(before);
}
