// Finds places in the text of a HAR, and the ranges to hide. It makes one pass over the text, which may be large and is
// known to be JSON.

import { JsonText } from './json-text.js';
import { Lines, pointed } from './lines.js';
import { credentialRanges, isSecretParameter, merged } from './secrets.js';

const STRUCTURE = /["{}[\],:]/g;

export class HarPlaces {
  #text;
  #lines;
  #entries = [];
  #sources = []; // the texts of the requested entries
  masks = [];

  constructor(text) {
    this.#text = text;
    this.#lines = new Lines(text);
    this.#read();
    this.masks = merged(this.masks.concat(credentialRanges(text)));
  }

  /** The place of a pointer into an entry. `_json`, the parsed body, is in the body's text. */
  locate(index, pointer) {
    const [start, end] = this.#entries[index];
    this.#sources[index] ??= new JsonText(this.#text.slice(start, end));
    const found = this.#sources[index].locate(pointer.replace(/\/_json(\/.*)?$/s, '/text'));
    const moved = (range) => range && [range[0] + start, range[1] + start];
    const value = moved(found.value);
    return { ...pointed(this.#lines, value, moved(found.key)), exact: found.exact, value };
  }

  #read() {
    const open = [];
    STRUCTURE.lastIndex = 0;
    for (let match = STRUCTURE.exec(this.#text); match; match = STRUCTURE.exec(this.#text)) {
      const at = match.index;
      const inner = open.at(-1);
      switch (match[0]) {
        case '"':
          STRUCTURE.lastIndex = this.#stringEnd(at);
          if (inner?.isObject && inner.from === undefined) inner.key = this.#string(at, STRUCTURE.lastIndex);
          break;
        case ':':
          inner.from = at + 1;
          break;
        case ',':
          this.#member(inner, open, at);
          break;
        case '}':
        case ']':
          this.#member(inner, open, at);
          this.#close(open.pop(), open, at + 1);
          break;
        default:
          open.push({ isObject: match[0] === '{', start: at });
      }
    }
  }

  /** A member of an object has ended. */
  #member(object, open, end) {
    if (!object.isObject || object.from === undefined) return;
    const range = this.#trimmed(object.from, end);
    const { key } = object;
    object.from = undefined;
    if (key === 'name') object.name = this.#string(...range);
    if (key === 'value') object.value = range;
    const around = open.at(-2)?.key;
    const body =
      (around === 'postData' && (key === 'text' || key === 'params')) || (around === 'content' && key === 'text');
    if (body || key.startsWith('_') || isSecretParameter(key)) this.masks.push(range);
  }

  #close({ isObject, start, name, value }, open, end) {
    if (isObject && value && typeof name === 'string' && isSecretParameter(name)) this.masks.push(value);
    const [root, log, list] = open;
    if (open.length === 3 && root.key === 'log' && log.key === 'entries' && !list.isObject)
      this.#entries.push([start, end]);
  }

  #stringEnd(start) {
    for (let end = this.#text.indexOf('"', start + 1); ; end = this.#text.indexOf('"', end + 1)) {
      let escapes = 0;
      while (this.#text[end - 1 - escapes] === '\\') escapes += 1;
      if (escapes % 2 === 0) return end + 1;
    }
  }

  #string(start, end) {
    return JSON.parse(this.#text.slice(start, end));
  }

  #trimmed(start, end) {
    let [from, to] = [start, end];
    while (/\s/.test(this.#text[from])) from += 1;
    while (/\s/.test(this.#text[to - 1])) to -= 1;
    return [from, to];
  }
}
