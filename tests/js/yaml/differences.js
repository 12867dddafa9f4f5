// Where our reader and go-yaml may differ, each with its reason. No entry lets a value differ.

/**
 * What is read as kubectl reads it alone: a byte order mark below a `---`, where kubectl cuts the stream. To go-yaml by
 * itself it is text.
 */
export const AS_KUBECTL = /\n\ufeff/;

/** What we refuse and go-yaml reads. */
export const REFUSED_HERE = [
  {
    message: /ends a line for kubectl|byte order mark|that YAML does not allow|half a character/,
    why: 'other readers take these characters for text, or not at all: what one reader sees is hidden from another',
  },
  {
    message: /a key appears twice|which is above it/,
    why: 'of two members with one name, readers keep the first or the last',
  },
  {
    message: /a key is not a string/,
    why: 'JSON has no other keys: a fraction, null, an integer beyond a double, or a collection',
  },
  {
    message: /this is a(?: Helm)? template/,
    why: 'braces within braces, in a text that is no YAML for us for another reason of this list',
  },
  {
    message: /question mark/,
    why: 'a key behind `?` is so rare that what the library drops after it is not worth the risk',
  },
  {
    message: /a colon needs a space after it/,
    why: 'in brackets, `a:` before a bracket or comma is a text for go-yaml and a key for YAML 1.2',
  },
  {
    message: /a line of spaces in this block|escaped line end before an empty line/,
    why: 'the library drops such lines, go-yaml keeps them',
  },
  {
    message: /shares its line|without `---` before it/,
    why: 'kubectl leaves such a document out, or refuses the stream',
  },
  {
    message: /\b(?:tags?|anchors?|alias)\b/i,
    why: 'go-yaml ignores most tags, and takes the end of some names for what follows',
  },
  {
    message: /nested deeper|nested too deeply|aliases expand/,
    why: 'a limit of ours',
  },
  {
    message: /JSON has no word|there is no anchor|contains itself|merges maps only/,
    why: 'go-yaml says the same when it comes so far',
  },
  {
    message:
      /^(?:a block|all|block|comments|expected|flow|implicit|invalid escape|map|missing|nested|not a YAML token|plain value|sequence item|tabs|the : indicator|unexpected|unknown directive|unsupported)\b/,
    why: 'the grammar of YAML 1.2 is stricter, such as on the indentation of brackets and quotes',
  },
];

/**
 * What go-yaml refuses and we read: `error` is in its words, `text` what the stream holds. kubectl reads nothing
 * of it.
 */
export const REFUSED_THERE = [
  {
    error: /tab character|cannot start any token|expected ':'|node content|indentation space|unexpected end of stream/,
    text: /\t/,
    why: 'a tab between tokens is white space in YAML 1.2',
  },
  {
    error: /./,
    text: /^\ufeff?%/m,
    why: 'directives that are unknown, of YAML 1.2, or without a document',
  },
  {
    error: /expected ',' or|node content|expected key|expected ':'/,
    text: /[[{]/,
    why: 'in brackets, YAML 1.2 lets a key end on a line before its colon',
  },
  {
    error: /./,
    text: /[[{][\s\S]*\?/,
    why: 'in brackets, YAML 1.2 lets a text hold a question mark',
  },
  {
    error: /./,
    text: /[[{,:]\s*:\S/,
    why: 'in brackets, YAML 1.2 lets a text begin with a colon',
  },
  {
    error: /alphabetic or numeric/,
    text: /[[{][\s\S]*[&*]/,
    why: 'in brackets, the library passes over what follows a value',
  },
  {
    error: /cannot decode !!int/,
    text: /float/,
    why: 'an integer from 2^63 with the tag `!!float`',
  },
  {
    error: /expected ':'/,
    text: /\n[ \t]*:/,
    why: 'a key on a line before its colon',
  },
  {
    error: /unknown escape character/,
    text: /\\\//,
    why: '`\\/` is an escape of JSON',
  },
  {
    error: /invalid Unicode character escape code/,
    text: /\\u[dD][89a-bA-B]/,
    why: 'two escapes for one character, as JSON writes it',
  },
  {
    error: /node content|expected <document start>/,
    text: /^\ufeff?\.\.\./m,
    why: 'a document that ends and has not begun, or an empty one after the end of another',
  },
];
