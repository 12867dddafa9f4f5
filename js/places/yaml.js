// Finds the place of a JSON Pointer in YAML, by the ranges of its nodes. A tree takes many times the room of its text:
// only numbers are kept of it.

import { isAlias, isMap, isScalar, isSeq } from 'yaml';

import { pointed, pointerParts } from './lines.js';

/** Whether this is the key `<<`, which merges its value into the map. */
export function isMergeKey(key) {
  return isScalar(key) && key.type === 'PLAIN' && key.tag === undefined && key.value === '<<';
}

const MERGE = Symbol('<<'); // in the place of a name

export class YamlPlaces {
  #lines;
  #text;
  // For each node, by number: where it starts and ends, the number of its first entry, and how many it has. An alias
  // has no entries, and in the place of the first the node that it stands for.
  #nodes = [];
  // For each entry of a map or list: where its key starts and ends, and the number of its value; -1 for what is not.
  #entries = [];
  #names = []; // of each entry; undefined in a list
  #functions; // by the number of a node

  /**
   * @param reader { targets, names, functions }: the node of each alias, the name of each key that is no text, and of
   * each tag that is short for a function
   * @param lines the `Lines` of the text
   */
  constructor(root, reader, lines, text) {
    this.#lines = lines;
    this.#text = text;
    this.#add(root, reader, new Map());
    this.#nodes = Int32Array.from(this.#nodes);
    this.#entries = Int32Array.from(this.#entries);
  }

  /** The place of a pointer's value, or of its nearest existing parent. `value` is the range of the value itself. */
  locate(pointer) {
    let found = { node: 0, entry: -1, isArgument: false };
    let exact = true;
    for (const part of pointerParts(pointer) ?? []) {
      const next = this.#below(found, part);
      if (!next) {
        exact = false;
        break;
      }
      found = next;
    }
    const key = this.#keyOf(found.entry);
    const value = found.node === -1 ? key : this.#rangeOf(found.node);
    const secret = found.node === -1 ? key : this.#rangeOf(this.#resolved(found.node));
    if (value[0] === value[1] && key) return { ...this.#lines.range(...key), exact, value: secret };
    return { ...pointed(this.#lines, value, key), exact, value: secret };
  }

  /** Adds a node with all that is below it. Gives its number, or -1 if there is none. */
  #add(node, reader, anchored) {
    if (node === null) return -1;
    const at = this.#nodes.length;
    this.#nodes.push(node.range[0], node.range[1], -1, 0);
    if (node.anchor) anchored.set(node, at / 4);
    if (isAlias(node)) this.#nodes[at + 2] = anchored.get(reader.targets.get(node));
    const name = reader.functions.get(node);
    if (name !== undefined) (this.#functions ??= new Map()).set(at / 4, name);
    const items = isMap(node) || isSeq(node) ? node.items : [];
    if (items.length === 0) return at / 4;
    const first = this.#names.length;
    this.#nodes[at + 2] = first;
    this.#nodes[at + 3] = items.length;
    // The entries of one node stand together, before those of the nodes below it.
    for (const { key } of items) {
      this.#entries.push(...(isMap(node) ? key.range.slice(0, 2) : [-1, -1]), -1);
      this.#names.push(isMap(node) ? nameOf(key, reader) : undefined);
      if (isMap(node) && key.anchor) anchored.set(key, this.#addKey(key));
    }
    for (const [index, item] of items.entries())
      this.#entries[3 * (first + index) + 2] = this.#add(isMap(node) ? item.value : item, reader, anchored);
    return at / 4;
  }

  /** A key that an alias may stand for. */
  #addKey({ range: [start, end] }) {
    this.#nodes.push(start, end, -1, 0);
    return this.#nodes.length / 4 - 1;
  }

  /** The member of this name; of a value with a function's tag, that is the function. */
  #below({ node, isArgument }, part) {
    const own = this.#resolved(node);
    const name = isArgument ? undefined : this.#functions?.get(own);
    if (name === undefined) return this.#member(own, part);
    return name === part ? { node: own, entry: -1, isArgument: true } : undefined;
  }

  #member(node, part) {
    const { first, end, isList } = this.#entriesOf(node);
    if (isList) {
      const entry = /^(0|[1-9]\d*)$/.test(part) ? first + Number(part) : end;
      return entry < end ? { node: this.#valueOf(entry), entry: -1 } : undefined;
    }
    for (let entry = first; entry < end; entry += 1)
      if (this.#names[entry] === part) return { node: this.#valueOf(entry), entry };
    return this.#merged(first, end, part);
  }

  #merged(first, end, part) {
    for (let entry = first; entry < end; entry += 1) {
      if (this.#names[entry] !== MERGE) continue;
      const source = this.#resolved(this.#valueOf(entry));
      const { first: one, end: last, isList } = this.#entriesOf(source);
      const sources = isList ? Array.from({ length: last - one }, (_, index) => this.#valueOf(one + index)) : [source];
      for (const other of sources) {
        const found = this.#member(this.#resolved(other), part);
        if (found) return found;
      }
    }
    return undefined;
  }

  #entriesOf(node) {
    const [first, count] = node === -1 ? [0, 0] : this.#nodes.subarray(4 * node + 2, 4 * node + 4);
    return { first, end: first + count, isList: count > 0 && this.#names[first] === undefined };
  }

  #valueOf(entry) {
    return this.#entries[3 * entry + 2];
  }

  #keyOf(entry) {
    const start = entry === -1 ? -1 : this.#entries[3 * entry];
    return start === -1 ? undefined : this.#trimmed(start, this.#entries[3 * entry + 1]);
  }

  /** The node that an alias stands for. */
  #resolved(node) {
    if (node === -1 || this.#nodes[4 * node + 3] > 0) return node;
    const target = this.#nodes[4 * node + 2];
    return target === -1 ? node : target;
  }

  #rangeOf(node) {
    return this.#trimmed(this.#nodes[4 * node], this.#nodes[4 * node + 1]);
  }

  #trimmed(start, end) {
    return [start, start + this.#text.slice(start, end).trimEnd().length];
  }
}

function nameOf(key, { names }) {
  return isMergeKey(key) ? MERGE : (names.get(key) ?? key.value);
}
