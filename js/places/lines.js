// Converts offsets to lines and columns. Columns count UTF-16 units from 1, as in editors.

let latest; // findings come file by file

export class Lines {
  #text;
  #starts = [0];

  constructor(text) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** The lines of a text, found once for all the findings about it. */
  static of(text) {
    if (latest?.text !== text) latest = { text, lines: new Lines(text) };
    return latest.lines;
  }

  get count() {
    return this.#starts.length;
  }

  /** The offset where a line starts, counted from 1. */
  start(line) {
    return this.#starts[line - 1] ?? this.#text.length;
  }

  /** The offset where a line ends, before its line break. */
  end(line) {
    const next = this.start(line + 1);
    if (next <= this.start(line) || this.#text[next - 1] !== '\n') return next;
    return next - 1 > this.start(line) && this.#text[next - 2] === '\r' ? next - 2 : next - 1;
  }

  /** A line's text without its line break. */
  line(number) {
    return this.slice(this.start(number), this.end(number));
  }

  slice(start, end) {
    return this.#text.slice(start, end);
  }

  place(offset) {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#starts[low] + 1 };
  }

  /** Line and column of both ends of a range. `offsets` is kept for drawing. */
  range(start, end) {
    const first = this.place(start);
    const last = this.place(Math.max(start, end));
    return { ...first, endLine: last.line, endColumn: last.column, offsets: [start, Math.max(start, end)] };
  }
}

/** The parts of a JSON Pointer, or undefined if it is not one. */
export function pointerParts(pointer) {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What to point at: the value; its key if the value spans several lines; else the first of its lines. */
export function pointed(lines, value, key) {
  const range = lines.range(...value);
  if (range.line === range.endLine) return range;
  if (key) return lines.range(...key);
  return lines.range(value[0], lines.end(range.line));
}
