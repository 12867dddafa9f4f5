// Files of environment variables (.env): an object of texts. `$NAME` in a value stays as it is written.

import { FlatPlaces } from '../places/flat.js';
import { aboutLines } from './comments.js';
import { Unevaluated } from './unevaluated.js';

const SKIP = /(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*(?:#[^\n]*)?/y;
const NAME = /(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*/y;
const VALUES = [
  [/"((?:\\[\s\S]|[^"\\])*)"/y, (text) => text.replace(/\\([\s\S])/g, (_, letter) => ESCAPES[letter] ?? letter)],
  [/'([^']*)'/y, (text) => text],
  [/`([^`]*)`/y, (text) => text],
];
const LINE = /[^\r\n]*/y;
const ESCAPES = { n: '\n', r: '\r', t: '\t' };
const END = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const FIX = 'write NAME=value on each line; --as KIND says what else it is';

/** @param {string} text @param {string} file */
export function envDocument(text, file) {
  const places = new FlatPlaces(text);
  const value = Object.create(null);
  const fail = (message, offset, help) => {
    const before = text.slice(0, offset).split('\n');
    return new Unevaluated(message, { file, line: before.length, column: before.at(-1).length + 1, text }, help);
  };
  const notes = [];
  /** Where the text between two variables ends, of which the comments are kept. */
  const skipped = (from) => {
    const end = ended(SKIP, text, from);
    for (const { 0: own, index } of text.slice(from, end).matchAll(/#[^\r\n]*/g))
      notes.push({ text: own, offset: from + index });
    return end;
  };
  let at = skipped(0);
  while (at < text.length) {
    const name = matched(NAME, text, at);
    if (!name) throw fail('not a variable: NAME=value', at, FIX);
    if (Object.hasOwn(value, name[1]))
      throw fail('a variable appears twice', at, 'readers disagree on which of the two counts: remove one');
    const start = at + name[0].length;
    const [own, read] = valueAt(text, start);
    if (own === null) throw fail('a quote that is not closed', start, 'close it, or escape it with a backslash');
    const end = matched(END, text, start + own[0].length);
    if (!end) throw fail('text behind a closing quote', start + own[0].length, 'put all of the value in the quotes');
    value[name[1]] = read(own[1]);
    const keyStart = at + name[0].indexOf(name[1]);
    places.note([name[1]], [start, start + own[0].length], [keyStart, keyStart + name[1].length]);
    at = skipped(start + own[0].length);
  }
  const locate = (pointer) => places.locate(pointer);
  return { value, file, text, line: 1, locate, masks: () => places.masks(), comments: () => aboutLines(text, notes) };
}

/** [match, read]: the value as it is written, and what makes its text of the first group. */
function valueAt(text, start) {
  const index = ['"', "'", '`'].indexOf(text[start]);
  if (index === -1) {
    const plain = matched(LINE, text, start)[0]
      .replace(/(?:^|[ \t])#.*$/, '')
      .trimEnd();
    return [[plain, plain], (own) => own];
  }
  const [pattern, read] = VALUES[index];
  return [matched(pattern, text, start), read];
}

function matched(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function ended(pattern, text, at) {
  return at + (matched(pattern, text, at)?.[0].length ?? 0);
}
