// What the comments of a text are about. A reader that tells comments from text gives them as `comments()`.

import { Lines } from '../places/lines.js';

/**
 * Comments with their lines: { text, line, column, offset, from, to, target }. `target` is the line that one is about:
 * its own; if it has that to itself, the next one with content; undefined if its part has none.
 * @param {string} text
 * @param {{ text: string, offset: number }[]} comments in their order
 * @param {{ marks?: string, starts?: number[] }} [of] the characters that begin a comment, and the offsets where
 * another part of the text begins: one goes `from` a line `to` before another
 */
export function aboutLines(text, comments, { marks = '#', starts = [] } = {}) {
  const lines = new Lines(text);
  const parts = [1, ...starts.map((offset) => lines.place(offset).line)];
  const isEmpty = new RegExp(`^\\s*(?:[${marks}]|$)`);
  let [part, below] = [0, 0]; // `below` is the first line with content below the last comment
  return comments.map(({ text: raw, offset }) => {
    const { line, column } = lines.place(offset);
    while (parts[part + 1] <= line) part += 1;
    const [from, to = lines.count + 1] = parts.slice(part, part + 2);
    const found = { text: raw.trimEnd(), line, column, offset, from, to };
    if (
      lines
        .line(line)
        .slice(0, column - 1)
        .trim() !== ''
    )
      return { ...found, target: line };
    if (below <= line) for (below = line + 1; below < to && isEmpty.test(lines.line(below)); ) below += 1;
    return { ...found, target: below < to ? below : undefined };
  });
}
