// The lines of a text with their offsets.

/** { text, start } of each line, without its line break. @param {string} text */
export function* linesOf(text) {
  let start = 0;
  while (start <= text.length) {
    const end = text.indexOf('\n', start);
    const to = end === -1 ? text.length : end;
    yield { text: text.slice(start, to).replace(/\r$/, ''), start };
    start = to + 1;
  }
}
