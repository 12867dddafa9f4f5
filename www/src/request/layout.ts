// Where things stand in the text of a message. It reads what is there and never fails: the tables edit a message that is not
// yet right, too.

export type Range = [from: number, to: number];

export interface Pair {
  name: string;
  value: string;
  nameRange: Range;
  valueRange: Range;
}

export interface Layout {
  /** The first line, without its line break. */
  start: Range;
  method?: Range;
  target?: Range;
  /** Of the target, without the query. */
  path?: Range;
  status?: Range;
  /** Header lines in order; `range` is the line without its line break. */
  headers: (Pair & { range: Range })[];
  /** Lines of the head that hold no colon. */
  broken: Range[];
  /** Query parameters in order. Names and values are decoded, the ranges are those of the raw text. */
  query: Pair[];
  /** The end of the last line of the head: a further header belongs behind it. */
  headEnd: number;
  /** Whether an empty line ends the head. */
  ended: boolean;
  bodyStart: number;
  /** The line break that the head uses. */
  lineBreak: '\n' | '\r\n';
}

const LEADING = /^\ufeff?(?:[ \t]*\r?\n)*/;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]+(\S+)(?:[ \t]+HTTP\/\d(?:\.\d)?)?[ \t]*$/;
const STATUS_LINE = /^HTTP\/\d(?:\.\d)? ([1-5]\d\d)(?: .*)?$/;
const LONE_TARGET = /^(https?:\/\/\S+|\/\S*)[ \t]*$/i;
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

export function layoutOf(text: string): Layout {
  const first = LEADING.exec(text)![0].length;
  const lines: Range[] = [];
  let at = first;
  let ended = false;
  while (at < text.length && !ended) {
    const end = text.indexOf('\n', at);
    const next = end === -1 ? text.length : end + 1;
    const to = end === -1 ? next : end > at && text[end - 1] === '\r' ? end - 1 : end;
    if (to === at) ended = true;
    else lines.push([at, to]);
    at = next;
  }
  const start = lines[0] ?? [first, first];
  const headers: Layout['headers'] = [];
  const broken: Range[] = [];
  for (const range of lines.slice(1)) {
    const header = headerOf(text, range);
    if (header) headers.push(header);
    else broken.push(range);
  }
  const headEnd = (lines.at(-1) ?? start)[1];
  const places = startLine(text, start);
  return {
    start,
    ...places,
    headers,
    broken,
    query: queryOf(text, places.target),
    headEnd,
    ended,
    bodyStart: at,
    lineBreak: lineBreakOf(text),
  };
}

function lineBreakOf(text: string): '\n' | '\r\n' {
  const end = text.indexOf('\n');
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}

function startLine(text: string, [from, to]: Range): Pick<Layout, 'method' | 'target' | 'status' | 'path'> {
  const line = text.slice(from, to);
  const status = STATUS_LINE.exec(line);
  if (status) return { status: found(from, line, status[1]!, 5) };
  const request = REQUEST_LINE.exec(line);
  const lone = request ? null : LONE_TARGET.exec(line);
  const method: Range | undefined = request ? [from, from + request[1]!.length] : undefined;
  const raw = request?.[2] ?? lone?.[1];
  if (raw === undefined) return {};
  const target = found(from, line, raw, method ? method[1] - from : 0);
  return { ...(method && { method }), target, path: pathOf(text, target) };
}

function found(from: number, line: string, part: string, after: number): Range {
  const start = from + line.indexOf(part, after);
  return [start, start + part.length];
}

function pathOf(text: string, [from, to]: Range): Range {
  const target = text.slice(from, to);
  const start = AUTHORITY.exec(target)?.[0].length ?? 0;
  const length = target.slice(start).search(/[?#]/);
  return [from + start, length === -1 ? to : from + start + length];
}

function headerOf(text: string, range: Range): (Pair & { range: Range }) | undefined {
  const [from, to] = range;
  let colon = from;
  while (colon < to && text[colon] !== ':') colon += 1;
  if (colon === to) return undefined;
  let [start, end] = [colon + 1, to];
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return {
    range,
    name: text.slice(from, colon),
    value: text.slice(start, end),
    nameRange: [from, colon],
    valueRange: [start, end],
  };
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function queryOf(text: string, target: Range | undefined): Pair[] {
  if (!target) return [];
  const [from, to] = queryRange(text, target);
  return from === to ? [] : pairsIn(text, [from, to]);
}

/** The parameters of a query or a form. */
export function pairsIn(text: string, [from, to]: Range): Pair[] {
  let at = from;
  return text
    .slice(from, to)
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const name = equals === -1 ? pair.length : equals;
      const start = at;
      at += pair.length + 1;
      return {
        name: decoded(pair.slice(0, name)),
        value: decoded(pair.slice(name + 1)),
        nameRange: [start, start + name],
        valueRange: [Math.min(start + name + 1, start + pair.length), start + pair.length],
      };
    });
}

/** The headers of a name, in order. */
export function headersNamed({ headers }: Layout, name: string): Layout['headers'] {
  return headers.filter((header) => header.name.toLowerCase() === name.toLowerCase());
}

/** What stands between `?` and `#`; empty, at its place, when there is none. */
export function queryRange(text: string, [from, to]: Range): Range {
  const target = text.slice(from, to);
  const hash = target.indexOf('#');
  const end = hash === -1 ? target.length : hash;
  const mark = target.indexOf('?');
  return mark === -1 || mark > end ? [from + end, from + end] : [from + mark + 1, from + end];
}

/** As the engine reads it: `+` is a space. What is not well encoded stays as it is. */
function decoded(text: string): string {
  if (!/[%+]/.test(text)) return text;
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
