// Finds the place of a JSON Pointer in YAML, by the ranges of its nodes.

import { isMap, isScalar, isSeq } from 'yaml';

import { pointed, pointerParts } from './lines.js';

/** Whether this is the key `<<`, which merges its value into the map. */
export function isMergeKey(key) {
  return isScalar(key) && key.type === 'PLAIN' && key.tag === undefined && key.value === '<<';
}

export class YamlPlaces {
  #root;
  #targets;
  #names;
  #functions;
  #lines;
  #text;

  /**
   * @param reader { targets, names, functions }: the node of each alias, the name of each key that is no text, and of
   * each tag that is short for a function
   * @param lines the `Lines` of the text
   */
  constructor(root, { targets, names, functions }, lines, text) {
    this.#root = root;
    this.#targets = targets;
    this.#names = names;
    this.#functions = functions;
    this.#lines = lines;
    this.#text = text;
  }

  /** The place of a pointer's value, or of its nearest existing parent. `value` is the range of the value itself. */
  locate(pointer) {
    let found = { node: this.#root, key: undefined };
    let exact = true;
    for (const part of pointerParts(pointer) ?? []) {
      const next = this.#below(found, part);
      if (!next) {
        exact = false;
        break;
      }
      found = next;
    }
    const key = found.key && this.#range(found.key);
    const value = found.node ? this.#range(found.node) : key;
    const secret = this.#range(this.#resolved(found.node) ?? found.key);
    if (value[0] === value[1] && key) return { ...this.#lines.range(...key), exact, value: secret };
    return { ...pointed(this.#lines, value, key), exact, value: secret };
  }

  /** The member of this name; of a value with a function's tag, that is the function. */
  #below({ node, isArgument }, part) {
    const own = this.#resolved(node);
    const name = isArgument ? undefined : this.#functions.get(own);
    if (name === undefined) return this.#member(own, part);
    return name === part ? { node: own, isArgument: true } : undefined;
  }

  #member(node, part) {
    if (isSeq(node)) {
      const index = /^(0|[1-9]\d*)$/.test(part) ? Number(part) : -1;
      return index in node.items ? { node: node.items[index] } : undefined;
    }
    if (!isMap(node)) return undefined;
    const pair = node.items.find(({ key }) => this.#nameOf(key) === part);
    return pair ? { node: pair.value, key: pair.key } : this.#merged(node, part);
  }

  #nameOf(key) {
    return this.#names.get(key) ?? key?.value;
  }

  #merged(node, part) {
    for (const { key, value } of node.items) {
      if (!isMergeKey(key)) continue;
      const source = this.#resolved(value);
      for (const one of isSeq(source) ? source.items : [source]) {
        const found = this.#member(this.#resolved(one), part);
        if (found) return found;
      }
    }
    return undefined;
  }

  #resolved(node) {
    return this.#targets.get(node) ?? node;
  }

  #range(node) {
    const [start, end] = node.range;
    const length = this.#text.slice(start, end).trimEnd().length;
    return [start, start + length];
  }
}
