// Formats JSON with one member per line. Only white space changes: numbers, escapes, the order of keys and duplicate
// keys stay as written.

import { parsed } from './json.js';

const TOKEN = /"(?:[^"\\]+|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g;

/** Returns undefined if the text is not JSON. */
export function formatJson(text: string): string | undefined {
  if (parsed(text) === undefined) return undefined;
  let depth = 0;
  let before = '';
  let out = '';
  const newline = (): string => `\n${'  '.repeat(depth)}`;
  for (const [token] of text.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']';
    const empty = closes && (before === '{' || before === '[');
    if (closes) depth -= 1;
    if (before === ':') out += ' ';
    else if (!empty && (closes || before === ',' || before === '{' || before === '[')) out += newline();
    out += token;
    if (token === '{' || token === '[') depth += 1;
    before = token;
  }
  return text.endsWith('\n') ? `${out}\n` : out;
}
