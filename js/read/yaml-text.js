// Which characters a YAML text may contain. A character that ends a line for one reader but not for another can hide
// text: in `a: 1 # x\rb: 2` kubectl reads a `b` that is part of a comment for others.

/** All but line feeds, tabs, and what YAML calls printable. A CR is one of a CRLF. */
const NOT_ALLOWED =
  /\r(?!\n)|[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

const LINE_ENDS = new Map([
  ['\r', 'a carriage return without a line feed'],
  ['\x85', 'a next-line character (U+0085)'],
  ['\u2028', 'a line separator (U+2028)'],
  ['\u2029', 'a paragraph separator (U+2029)'],
]);

/** The first character that readers of YAML take in different ways, or not at all: { message, offset, help }, or undefined. */
export function badCharacter(text) {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const found = NOT_ALLOWED.exec(text.slice(start));
  if (found === null) return undefined;
  const [character] = found;
  return { ...describe(character), offset: start + found.index };
}

function describe(character) {
  const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
  const inQuotes = `in a text in double quotes, write it as \\u${code}`;
  if (LINE_ENDS.has(character)) {
    return {
      message: `${LINE_ENDS.get(character)}: it ends a line for kubectl, and is text to other readers`,
      help: `end lines with a line feed; ${inQuotes}`,
    };
  }
  if (character === '\ufeff') {
    return {
      message: 'a byte order mark that is not at the start: some readers skip it, others take it for text',
      help: `remove it; ${inQuotes}`,
    };
  }
  return { message: `a character that YAML does not allow (U+${code})`, help: `remove it; ${inQuotes}` };
}
