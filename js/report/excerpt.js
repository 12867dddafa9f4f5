// Draws a few lines of the user's file with a mark under the place. The file cannot control the terminal, and no secret
// is shown.

import { Lines } from '../places/lines.js';
import { cells } from './width.js';

// How many widths of the screen are looked at on either side of the mark. A cell is mostly one or two units.
const NEAR = 4;

/** @param text the whole file @param place { line, column, endLine, endColumn, offsets } @param masks ranges to hide */
export function excerpt(terminal, text, place, masks, style = 'error') {
  const lines = Lines.of(text);
  const last = Math.min(place.line + 1, lines.count);
  const gutter = String(last).length;
  const room = terminal.width - gutter - 4;
  const { bar } = terminal.signs;
  const drawn = [];
  const [markStart, markEnd] = place.offsets;
  for (let number = Math.max(1, place.line - 1); number <= last; number += 1) {
    const isMarked = number === place.line;
    // Of the lines around it, what is above and below the mark is shown.
    const mark = isMarked ? markStart : Math.min(lines.start(number) + place.column - 1, lines.end(number));
    const line = lineCells(terminal, lines, number, masks, mark);
    if (!isMarked && line.cells.length === 0) continue;
    const window = windowOf(terminal, line, mark, room);
    const head = `${terminal.paint('mark', `${String(number).padStart(gutter)} ${bar}`)} `;
    drawn.push(`${head}${isMarked ? window.text : terminal.paint('dim', window.text)}`.trimEnd());
    if (isMarked) {
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
 * the mark: `cut` says which of its ends are left out.
 */
function lineCells(terminal, lines, number, masks, mark) {
  const near = NEAR * terminal.width;
  const start = Math.max(lines.start(number), mark - near);
  const end = Math.min(lines.end(number), Math.max(mark, start) + near);
  const cut = { before: start > lines.start(number), after: end < lines.end(number) };
  const text = lines.slice(start, end);
  const hidden = masks.filter(([from, to]) => to > start && from < end);
  const found = [];
  for (const cell of cells(text)) {
    const offset = start + cell.offset;
    const mask = hidden.find(([from, to]) => offset >= from && offset < to);
    if (!mask) found.push({ ...cell, offset });
    else if (/\s/.test(cell.text) && found.at(-1)?.mask !== mask) found.push({ ...cell, offset });
    else if (found.at(-1)?.mask !== mask) {
      found.push({ text: terminal.signs.mask, width: 6, offset, mask });
    }
  }
  return { cells: found, cut };
}

/** As much of the line as there is room for, around the mark. */
function windowOf(terminal, { cells: all, cut }, mark, room) {
  const total = all.reduce((sum, { width }) => sum + width, 0);
  if (total <= room && !cut.before && !cut.after) return shown(all);
  const { more } = terminal.signs;
  const after = all.findIndex(({ offset }) => offset > mark);
  const index = Math.max(0, (after === -1 ? all.length : after) - 1);
  let [first, width] = [index, 0];
  while (first > 0 && width + all[first - 1].width < room / 3) width += all[(first -= 1)].width;
  let last = index;
  while (last < all.length && width + all[last].width <= room - 2 * more.length) width += all[last++].width;
  const gap = { text: more, width: more.length === 1 ? 1 : more.length, offset: -1 };
  return shown([
    ...(first > 0 || cut.before ? [gap] : []),
    ...all.slice(first, last),
    ...(last < all.length || cut.after ? [gap] : []),
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
