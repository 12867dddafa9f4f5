// The comments of a YAML text, as its lexer sees them: `#` in quotes or in a block text is no comment.

import { Lines } from '../places/lines.js';
import { lexemes } from './yaml-lexer.js';

/**
 * The comments of a stream: { text, line, column, offset, from, to, target }. Its part of the stream goes `from` a line
 * (1, or that of `---`) `to` before another. `target` is the line that it is about: its own; if it has that to itself,
 * the next one with content; undefined if its part has none.
 */
export function yamlComments(text) {
  const lines = new Lines(text);
  const [found, starts] = [[], [1]];
  for (const { source, offset } of lexemes(text)) {
    const isComment = source.startsWith('#');
    if (!isComment && source !== '---') continue;
    const { line, column } = lines.place(offset);
    if (isComment) found.push({ text: source.trimEnd(), line, column, offset, part: starts.length - 1 });
    else starts.push(line);
  }
  let below = 0; // the first line with content below the last comment
  return found.map(({ part, ...comment }) => {
    const { line, column } = comment;
    const [from, to = lines.count + 1] = [starts[part], starts[part + 1]];
    if (
      lines
        .line(line)
        .slice(0, column - 1)
        .trim() !== ''
    )
      return { ...comment, from, to, target: line };
    if (below <= line) below = contentFrom(lines, line + 1, to);
    return { ...comment, from, to, target: below < to ? below : undefined };
  });
}

function contentFrom(lines, from, to) {
  let line = from;
  while (line < to && /^\s*(?:#|$)/.test(lines.line(line))) line += 1;
  return line;
}
