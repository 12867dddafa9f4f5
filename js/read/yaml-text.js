// Which characters a YAML text may contain. A character that ends a line for one reader but not for another can hide
// text: in `a: 1 # x\rb: 2` kubectl reads a `b` that is part of a comment for others.

/** All but line feeds, tabs, and what YAML calls printable. A CR is one of a CRLF. */
const NOT_ALLOWED =
  /\r(?!\n)|[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/gu;
const SEAM = /(?:^|\n)---[ \t]*(?:#[^\n]*)?\r?\n$/;
const LONGEST_LINE = 1000;

const LINE_ENDS = new Map([
  ['\r', 'a carriage return without a line feed'],
  ['\x85', 'a next-line character (U+0085)'],
  ['\u2028', 'a line separator (U+2028)'],
  ['\u2029', 'a paragraph separator (U+2029)'],
]);

/**
 * The first character that readers of YAML take in different ways, or not at all: { message, offset, help }, or
 * undefined. A byte order mark may be where the text begins, and `inStream` below a `---`, where kubectl cuts.
 */
export function badCharacter(text, inStream) {
  for (const { 0: character, index } of text.matchAll(NOT_ALLOWED)) {
    if (character === '\ufeff' && (index === 0 || (inStream && isBelowSeam(text, index)))) continue;
    return { ...describe(character), offset: index };
  }
  return undefined;
}

function isBelowSeam(text, index) {
  return SEAM.test(text.slice(Math.max(0, index - LONGEST_LINE), index));
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
      message: 'a byte order mark that is not before a document: some readers skip it, others take it for text',
      help: `remove it, or put it on the line below a \`---\`; ${inQuotes}`,
    };
  }
  return { message: `a character that YAML does not allow (U+${code})`, help: `remove it; ${inQuotes}` };
}
