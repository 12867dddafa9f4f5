// JSON, one member a line. Only blanks change: numbers, escapes, the order of keys and keys that stand twice stay as
// they are written.

import { parsed } from './json.js';

const TOKEN = /"(?:[^"\\]+|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g;

/** Undefined where the text is no JSON. */
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
