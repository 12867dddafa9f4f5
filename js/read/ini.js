// INI files, as conftest shapes them: an object of sections; values that are numbers or booleans are such. What stands
// above the first section is in DEFAULT.

import { FlatPlaces } from '../places/flat.js';
import { aboutLines } from './comments.js';
import { linesOf } from './lines-of.js';
import { Unevaluated } from './unevaluated.js';

const SECTION = /^\s*\[([^\]]+)\]\s*(?:[#;].*)?$/;
const PAIR = /^(\s*)("[^"]*"|'[^']*'|`[^`]*`|[^=:]*?)(\s*[=:]\s*)(.*)$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WORDS = new Map([
  ...['t', 'T', 'true', 'TRUE', 'True'].map((word) => /** @type {[string, boolean]} */ ([word, true])),
  ...['f', 'F', 'false', 'FALSE', 'False'].map((word) => /** @type {[string, boolean]} */ ([word, false])),
]);
const TWICE = 'readers disagree on which of the two counts: remove one';

/** @param {string} text @param {string} file */
export function iniDocument(text, file) {
  const places = new FlatPlaces(text);
  const value = Object.create(null);
  const notes = [];
  const note = (text, end) => notes.push({ text, offset: end - text.length });
  let name = 'DEFAULT';
  for (const line of logicalLines(text, file)) {
    const fail = (message, help, column = 1) =>
      new Unevaluated(message, { file, line: line.number, column, text }, help);
    if (/^\s*(?:[#;].*)?$/.test(line.text)) {
      if (line.text.trim() !== '') note(line.text.trimStart(), line.start + line.text.length);
      continue;
    }
    const section = SECTION.exec(line.text);
    if (section) {
      name = section[1].trim();
      const start = line.start + line.text.indexOf('[');
      value[name] ??= Object.create(null);
      places.note([name], [start, start + section[1].length + 2]);
      continue;
    }
    const pair = PAIR.exec(line.text);
    if (!pair || pair[2] === '')
      throw fail(
        'neither a section, `[name]`, nor a pair, `name = value`',
        'if it is no INI file, --as KIND says what it is',
      );
    const key = unquoted(pair[2]);
    value[name] ??= Object.create(null);
    if (Object.hasOwn(value[name], key)) throw fail('a name appears twice in one section', TWICE, pair[1].length + 1);
    const [keyStart, valueStart] = [
      line.start + pair[1].length,
      line.start + pair[1].length + pair[2].length + pair[3].length,
    ];
    const raw = withoutComment(pair[4]);
    const rest = pair[4].slice(raw.length).trimStart();
    if (rest !== '') note(rest, valueStart + pair[4].length);
    value[name][key] = typed(withoutComment(pair[4] + line.continued));
    places.note([name, key], [valueStart, valueStart + raw.length], [keyStart, keyStart + pair[2].length]);
  }
  const locate = (pointer) => places.locate(pointer);
  const comments = () => aboutLines(text, notes, { marks: '#;' });
  return { value, file, text, line: 1, locate, masks: () => places.masks(), comments };
}

/** Lines, of which one that ends in a backslash goes on in the next. */
function* logicalLines(text, file) {
  let [open, number] = [undefined, 0];
  for (const line of linesOf(text)) {
    number += 1;
    const goes = /(?<!\\)(?:\\\\)*\\$/.test(line.text);
    const part = goes ? line.text.slice(0, -1) : line.text;
    if (open) open.continued += part.trimStart();
    else open = { text: part, start: line.start, number, continued: '' };
    if (goes) continue;
    yield open;
    open = undefined;
  }
  if (open) throw new Unevaluated('the last line ends in a backslash', { file, line: open.number }, 'remove it');
}

/** A comment behind a value begins with a blank and # or ;. In quotes there is none. */
function withoutComment(text) {
  const quoted = /^("[^"]*"|'[^']*'|`[^`]*`)\s*(?:[#;].*)?$/.exec(text);
  return quoted ? quoted[1] : text.replace(/(?:^|\s)[#;].*$/, '').trimEnd();
}

function unquoted(text) {
  return /^(["'`])[\s\S]*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}

/** Digits that a double cannot hold stay a text. */
function typed(raw) {
  const text = unquoted(raw);
  if (NUMBER.test(text) && (!/^[+-]?\d+$/.test(text) || Number.isSafeInteger(Number(text)))) return Number(text);
  return WORDS.get(text) ?? text;
}
