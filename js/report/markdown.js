// A README for a terminal: text is wrapped, tables are set in columns, code stands as it is.

import { cells } from './width.js';

const BLOCK =
  /^```\w*\n(?<code>[\s\S]*?)^```$|^(?<table>(?:\|.*\n?)+)|^(?<title>#.*)$|^(?<text>[^\n]+(?:\n(?!\||```)[^\n]+)*)/gm;
const ITEM = /^(?:- |\d+\. )/;
const GAP = 2;
// A Chinese character is a word of its own, with the punctuation that must not be torn off it.
const WORD = /[（《「“【]*[\u2e80-\u9fff][，。；：、）》」”】！？]*|[^\s\u2e80-\u9fff]+|\s+/gu;

/** The text of Markdown as lines. */
export function readable(terminal, markdown) {
  return [...markdown.matchAll(BLOCK)].map(({ groups }) => block(terminal, groups)).join('\n\n');
}

function block(terminal, { code, table, title, text }) {
  const lines = (one) => wrapped(plain(one), terminal.width).join('\n');
  if (code !== undefined) return code.trimEnd().replace(/^/gm, '  ');
  if (title !== undefined) return terminal.paint('bold', lines(title.replace(/^#+ /, '')));
  if (text !== undefined)
    return text
      .split(/\n(?=- |\d+\. )/)
      .flatMap((one) => item(terminal, one))
      .join('\n');
  return columns(terminal, table);
}

/** A paragraph, or an item of a list: its lines are set behind its mark. */
function item(terminal, text) {
  const mark = ITEM.exec(text)?.[0] ?? '';
  const lines = wrapped(plain(text.slice(mark.length)), terminal.width - mark.length);
  return lines.map((line, index) => (index === 0 ? mark : ' '.repeat(mark.length)) + line);
}

function columns(terminal, table) {
  const rows = table
    .trimEnd()
    .split('\n')
    .filter((line) => !/^\|[-|]+$/.test(line))
    .map(cellsOf);
  const widths = fitting(rows, terminal.width);
  if (widths === undefined) return stacked(terminal, rows);
  return rows
    .map((row, index) => {
      const parts = row.map((cell, column) => wrapped(cell, widths[column]));
      const height = Math.max(...parts.map((lines) => lines.length));
      return Array.from({ length: height }, (_, line) => {
        const texts = parts.map((lines, column) => padded(lines[line] ?? '', widths[column]));
        const text = texts.join(' '.repeat(GAP)).trimEnd();
        return index === 0 ? terminal.paint('bold', text) : text;
      }).join('\n');
    })
    .join('\n');
}

/** The cells of a row of a table. */
export function cellsOf(line) {
  return line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => plain(cell).trim());
}

/** The widths of the columns: the widest give way until the table fits, if their longest words do. */
function fitting(rows, room) {
  const [widths, least] = [[], []];
  for (const column of rows[0].keys()) {
    const texts = rows.map((row) => row[column]);
    widths.push(Math.max(...texts.map(widthOf)));
    least.push(Math.max(...texts.flatMap((text) => text.match(WORD) ?? []).map(widthOf)));
  }
  let excess = widths.reduce((sum, width) => sum + width + GAP, -GAP) - room;
  for (; excess > 0; excess -= 1) {
    const spare = widths.map((width, column) => (width > least[column] ? width : 0));
    const widest = Math.max(...spare);
    if (widest === 0) return undefined;
    widths[spare.indexOf(widest)] -= 1;
  }
  return widths;
}

/** A table that is too wide: its rows one under the other, each cell after the name of its column. */
function stacked(terminal, [heads, ...rows]) {
  const lines = rows.map((row) =>
    row.flatMap((cell, column) => {
      if (cell === '') return [];
      const text = `${heads[column]}: ${cell}`;
      if (column === 0) return wrapped(text, terminal.width).map((line) => terminal.paint('bold', line));
      return wrapped(text, terminal.width - 2).map((line) => `  ${line}`);
    }),
  );
  return lines.flat().join('\n');
}

/** What a README is about: the first sentence after its heading, in a line. */
export function firstSentence(markdown) {
  const [, sentence = ''] = /^#.*\n\n([\s\S]*?(?:[.?](?=\s)|[。？]|\n\n|$))/.exec(markdown) ?? [];
  return plain(sentence.trim().replace(/\s+/g, ' '));
}

/** Without links, emphasis and escapes. */
export function plain(text) {
  return text
    .replaceAll('\\|', '|')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<(https?:[^>]*)>/g, '$1')
    .replaceAll('**', '');
}

/** The lines of a text in `width` cells; a word that is longer has a line of its own. */
export function wrapped(text, width) {
  const lines = [];
  let [line, used] = ['', 0];
  for (const [word] of text.replace(/\s+/g, ' ').matchAll(WORD)) {
    const size = widthOf(word);
    if (used + (word === ' ' ? 0 : size) > width && line !== '') {
      lines.push(line.trimEnd());
      [line, used] = ['', 0];
    }
    if (word === ' ' && line === '') continue;
    line += word;
    used += size;
  }
  return [...lines, line.trimEnd()];
}

function padded(text, width) {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function widthOf(text) {
  return cells(text).reduce((sum, cell) => sum + cell.width, 0);
}
