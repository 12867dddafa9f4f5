// Draws a few lines of the user's file with a mark under the place. The file cannot control the terminal, and no secret
// is shown.

import { Lines } from '../places/lines.js';
import { cells } from './width.js';

const FAR = 4096; // text of a line that is further from the mark is never drawn

/** @param text the whole file @param place { line, column, endLine, endColumn, offsets } @param masks ranges to hide */
export function excerpt(terminal, text, place, masks, style = 'error') {
  const lines = Lines.of(text);
  const last = Math.min(place.line + 1, lines.count);
  const gutter = String(last).length;
  const room = terminal.width - gutter - 4;
  const { bar } = terminal.signs;
  const drawn = [];
  const [markStart, markEnd] = place.offsets;
  const from = place.column;
  for (let number = Math.max(1, place.line - 1); number <= last; number += 1) {
    const line = lineCells(terminal, lines, number, masks, number === place.line ? markStart : 0);
    if (number !== place.line && line.cells.length === 0) continue;
    const window = windowOf(terminal, line, number === place.line ? markStart : line.start, room, from);
    const head = `${terminal.paint('mark', `${String(number).padStart(gutter)} ${bar}`)} `;
    drawn.push(`${head}${number === place.line ? window.text : terminal.paint('dim', window.text)}`.trimEnd());
    if (number === place.line) {
      const { before, under } = underline(window, markStart, markEnd);
      drawn.push(
        `${' '.repeat(gutter)} ${terminal.paint('mark', bar)} ` +
          `${' '.repeat(before)}${terminal.paint(style, '^'.repeat(under))}`,
      );
    }
  }
  return drawn;
}

/**
 * A line as cells, each with its offset in the file; a masked stretch is one cell. Of a long line, only the part around
 * the mark.
 */
function lineCells(terminal, lines, number, masks, mark) {
  const whole = lines.line(number);
  const skipped = Math.max(0, mark - lines.start(number) - FAR);
  const text = whole.slice(skipped, skipped + 2 * FAR);
  const start = lines.start(number) + skipped;
  const near = masks.filter(([from, to]) => to > start && from < start + text.length);
  const found = [];
  for (const cell of cells(text)) {
    const offset = start + cell.offset;
    const mask = near.find(([from, to]) => offset >= from && offset < to);
    if (!mask) found.push({ ...cell, offset });
    else if (/\s/.test(cell.text) && found.at(-1)?.mask !== mask) found.push({ ...cell, offset });
    else if (found.at(-1)?.mask !== mask) {
      found.push({ text: terminal.signs.mask, width: 6, offset, mask });
    }
  }
  return { start, cells: found };
}

/** As much of the line as there is room for, around the mark. */
function windowOf(terminal, line, mark, room, column) {
  const total = line.cells.reduce((sum, { width }) => sum + width, 0);
  if (total <= room) return shown(line.cells);
  const { more } = terminal.signs;
  let index = line.cells.findIndex(
    ({ offset }, position) => (line.cells[position + 1]?.offset ?? Infinity) > mark && offset <= mark,
  );
  if (index === -1) index = Math.min(Math.max(0, column - 1), line.cells.length - 1);
  let [first, width] = [index, 0];
  while (first > 0 && width + line.cells[first - 1].width < room / 3) width += line.cells[(first -= 1)].width;
  let last = index;
  while (last < line.cells.length && width + line.cells[last].width <= room - 2 * more.length)
    width += line.cells[last++].width;
  const cut = { text: more, width: more.length === 1 ? 1 : more.length, offset: -1 };
  return shown([
    ...(first > 0 ? [cut] : []),
    ...line.cells.slice(first, last),
    ...(last < line.cells.length ? [cut] : []),
  ]);
}

function shown(parts) {
  return { text: parts.map(({ text }) => text).join(''), parts };
}

function underline({ parts }, start, end) {
  let [before, under] = [0, 0];
  parts.forEach((part, index) => {
    const next = parts[index + 1]?.offset ?? Infinity;
    if (part.offset === -1) before += under > 0 ? 0 : part.width;
    else if (part.offset < end && (part.offset >= start || (next > start && part.mask))) under += part.width;
    else if (under === 0) before += part.width;
  });
  return { before, under: Math.max(1, under) };
}
