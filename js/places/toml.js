// Finds the place of a JSON Pointer in TOML. The text is known to be valid: only keys and the ends of values are read.

import { Lines, pointed, pointerParts } from './lines.js';

const BLANK = /[ \t]*/y;
const GAP = /(?:[ \t\r\n]|#[^\n]*)*/y;
const KEY = /"(?:\\.|[^"\\])*"|'[^']*'|[^\s.=\][]+/y;
export const STRING = /"""(?:\\[\s\S]|[^\\])*?"{3,5}(?!")|'''[\s\S]*?'{3,5}(?!')|"(?:\\.|[^"\\])*"|'[^']*'/y;
const SCALAR = /[^,\]}#\r\n]+/y;

/** @typedef {{ value: [number, number], key?: [number, number], members: Map<string, TomlNode> }} TomlNode */

export class TomlPlaces {
  #text;
  #lines;
  #at = 0;
  #root;

  /** @param {string} text */
  constructor(text) {
    this.#text = text;
    this.#lines = new Lines(text);
    this.#root = node([0, 0]);
    this.#read();
  }

  /** The place of a pointer's value, or of its nearest existing parent. @param {string} pointer */
  locate(pointer) {
    let [found, exact] = [this.#root, true];
    for (const part of pointerParts(pointer) ?? []) {
      const next = found.members.get(part);
      if (!next) {
        exact = false;
        break;
      }
      found = next;
    }
    return { ...pointed(this.#lines, found.value, found.key), exact, value: found.value };
  }

  #read() {
    let table = this.#root;
    for (this.#skip(GAP); this.#at < this.#text.length; this.#skip(GAP)) {
      if (this.#text[this.#at] === '[') table = this.#header();
      else this.#pair(table);
    }
  }

  /** `[a.b]` or `[[a.b]]`, which adds an item to a list. */
  #header() {
    const start = this.#at;
    const isList = this.#text[start + 1] === '[';
    this.#at += isList ? 2 : 1;
    const path = this.#path();
    this.#at += isList ? 2 : 1;
    const range = /** @type {[number, number]} */ ([start, this.#at]);
    let table = this.#root;
    for (const { name } of path.slice(0, -1)) table = last(child(table, name, range));
    const own = child(table, path.at(-1).name, range);
    if (!isList) {
      own.value = range;
      return own;
    }
    own.isList = true;
    return child(own, String(own.members.size), range);
  }

  #pair(table) {
    const path = this.#path();
    this.#at += 1; // =
    this.#skip(BLANK);
    let inner = table;
    for (const { name, range } of path.slice(0, -1)) inner = child(inner, name, range);
    const { name, range } = path.at(-1);
    inner.members.set(name, { ...this.#value(), key: range });
  }

  #path() {
    const path = [];
    for (;;) {
      this.#skip(BLANK);
      const start = this.#at;
      const raw = this.#skip(KEY);
      path.push({ name: nameOf(raw), range: /** @type {[number, number]} */ ([start, this.#at]) });
      this.#skip(BLANK);
      if (this.#text[this.#at] !== '.') return path;
      this.#at += 1;
    }
  }

  /** @returns {TomlNode} */
  #value() {
    const start = this.#at;
    const opening = this.#text[start];
    if (opening === '[')
      return this.#several(start, ']', (list) => list.members.set(String(list.members.size), this.#value()));
    if (opening === '{') return this.#several(start, '}', (table) => this.#pair(table));
    const raw = this.#skip(opening === '"' || opening === "'" ? STRING : SCALAR);
    return node([start, start + raw.trimEnd().length]);
  }

  #several(start, closing, readOne) {
    const found = node([start, start]);
    this.#at += 1;
    for (this.#skip(GAP); this.#at < this.#text.length && this.#text[this.#at] !== closing; this.#skip(GAP)) {
      if (this.#text[this.#at] === ',') this.#at += 1;
      else readOne(found);
    }
    this.#at += 1;
    found.value = [start, this.#at];
    return found;
  }

  /** The text of a match that begins here. A text that is no TOML must not end in a loop. */
  #skip(pattern) {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += text.length;
    if (text === '' && (pattern === KEY || pattern === SCALAR || pattern === STRING)) this.#at += 1;
    return text;
  }
}

/** @param {[number, number]} value @returns {TomlNode & { isList?: boolean }} */
function node(value) {
  return { value, members: new Map() };
}

function child(parent, name, range) {
  if (!parent.members.has(name)) parent.members.set(name, { ...node(range), key: range });
  return parent.members.get(name);
}

/** Below a list of tables, a header speaks of its last item. */
function last(found) {
  return found.isList ? found.members.get(String(found.members.size - 1)) : found;
}

function nameOf(raw) {
  if (raw.startsWith("'")) return raw.slice(1, -1);
  if (!raw.startsWith('"')) return raw;
  return raw
    .slice(1, -1)
    .replace(/\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|x([\da-fA-F]{2})|(.))/g, (_, four, eight, two, letter) => {
      const code = four ?? eight ?? two;
      return code === undefined ? (ESCAPES[letter] ?? letter) : String.fromCodePoint(Number.parseInt(code, 16));
    });
}

const ESCAPES = { b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t' };
