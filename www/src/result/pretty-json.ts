// JSON text with line breaks, for reading. Values stay as they are written: a number keeps every digit, a string its escapes.

/** Of a JSON text that is well formed. */
export function prettyJson(text: string): string {
  let [made, depth, at] = ['', 0, 0];
  const newline = () => `\n${'  '.repeat(depth)}`;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '"') {
      const end = stringEnd(text, at);
      made += text.slice(at, end);
      at = end;
      continue;
    }
    if ('{['.includes(character)) {
      const empty = /^[ \t\r\n]*([}\]])/.exec(text.slice(at + 1, at + 200));
      if (empty) {
        made += character + empty[1];
        at += 1 + empty[0].length;
        continue;
      }
      depth += 1;
      made += character + newline();
    } else if ('}]'.includes(character)) {
      depth = Math.max(depth - 1, 0);
      made += newline() + character;
    } else if (character === ',') made += `,${newline()}`;
    else if (character === ':') made += ': ';
    else if (!' \t\r\n'.includes(character)) made += character;
    at += 1;
  }
  return made;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
