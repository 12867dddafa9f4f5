// Finds the place of a JSON Pointer in JSON text. It reads as far as the text is valid and never throws.

import { Lines, pointed, pointerParts } from './lines.js';

const MAX_MEMBERS = 1_000_000; // members with a place per text; outer containers come first

export class JsonText {
  #text;
  #lines;
  #root;
  #members = new Map(); // start of a container -> its members by name or index
  #count = 0;

  constructor(text) {
    this.#text = text;
    this.#lines = new Lines(text);
  }

  /** The place of a pointer's value, or of its nearest existing parent. `value` is the range of the value itself. */
  locate(pointer) {
    this.#root ??= this.#value(this.#blank(0));
    let found = { value: this.#root, exact: true };
    for (const part of pointerParts(pointer) ?? []) {
      const next = this.#member(found.value[0], part);
      if (!next) {
        found.exact = false;
        break;
      }
      found = { ...next, exact: true };
    }
    return { ...pointed(this.#lines, found.value, found.key), exact: found.exact, value: found.value, key: found.key };
  }

  /** The place of a finding that has a byte `offset` instead of a pointer. */
  placeOf({ offset, at }, bytes) {
    if (offset === undefined) return this.locate(at ?? '');
    const start = Math.min(new TextDecoder().decode(bytes.subarray(0, offset)).length, this.#text.length);
    return this.#lines.range(start, Math.min(start + 1, this.#text.length));
  }

  #member(start, part) {
    return (this.#members.get(start) ?? this.#walked(start)).get(part);
  }

  /** The members of the container that starts here, walked once for all the findings about it. */
  #walked(start) {
    const members = new Map();
    const opening = this.#text[start];
    if (opening !== '{' && opening !== '[') return members;
    let [at, index] = [this.#blank(start + 1), 0];
    while (at < this.#text.length && this.#text[at] !== '}' && this.#text[at] !== ']') {
      let key;
      if (opening === '{') {
        key = this.#value(at);
        at = this.#blank(key[1]);
        if (this.#text[at] !== ':') break;
        at = this.#blank(at + 1);
      }
      const value = this.#value(at);
      // Of two equal keys the last one counts, as in JSON.parse.
      members.set(key ? this.#string(key) : String(index), { value, key });
      at = this.#blank(value[1]);
      if (this.#text[at] !== ',') break;
      at = this.#blank(at + 1);
      index += 1;
    }
    if (this.#count < MAX_MEMBERS) {
      this.#members.set(start, members);
      this.#count += members.size;
    }
    return members;
  }

  /** The range of the value that starts here. Not recursive: the sender chooses the depth. */
  #value(start) {
    let depth = 0;
    let at = start;
    while (at < this.#text.length) {
      const character = this.#text[at];
      if (character === '"') at = this.#stringEnd(at);
      else if (character === '{' || character === '[') [depth, at] = [depth + 1, at + 1];
      else if (character === '}' || character === ']') [depth, at] = [depth - 1, depth > 0 ? at + 1 : at];
      else if (depth > 0 || !/[,:\s]/.test(character)) at += 1;
      if (depth < 0 || (depth === 0 && /[,:\s}\]"]|^$/.test(this.#text[at] ?? ''))) break;
      if (depth === 0 && /[}\]"]/.test(this.#text[at - 1])) break;
    }
    return [start, at];
  }

  #stringEnd(start) {
    let at = start + 1;
    while (at < this.#text.length && this.#text[at] !== '"') at += this.#text[at] === '\\' ? 2 : 1;
    return Math.min(at + 1, this.#text.length);
  }

  #string([start, end]) {
    try {
      return JSON.parse(this.#text.slice(start, end));
    } catch {
      return undefined;
    }
  }

  #blank(start) {
    let at = start;
    while (at < this.#text.length && ' \t\r\n'.includes(this.#text[at])) at += 1;
    return at;
  }
}
