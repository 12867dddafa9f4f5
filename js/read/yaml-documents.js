// YAML as kubectl reads it: YAML 1.1 booleans and octals, no times, no sexagesimals. What two readers could take in two
// ways ends the run with a place: duplicate keys, keys that are not strings, unknown tags, numbers that JSON lacks. A
// contract is for other readers of YAML too: there `on`, `010`, `12:30`, `2024-01-01`, `<<` and a value left out end
// the run as well.

import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';

import { YamlPlaces } from '../places/yaml.js';
import { Unevaluated } from './unevaluated.js';

const MAX_DEPTH = 200;
const MAX_EXPANDED = 100_000; // nodes that aliases may add to a document
const REMOVED = new Set(['timestamp', 'binary', 'omap', 'pairs', 'set'].map((name) => `tag:yaml.org,2002:${name}`));

const GO_OCTAL = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  format: 'OCT',
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text) => BigInt(text.replace(/^[-+]|_/g, '')) * (text.startsWith('-') ? -1n : 1n),
};

const OPTIONS = {
  version: '1.1',
  schema: 'yaml-1.1',
  merge: true,
  customTags: (tags) => [GO_OCTAL, ...tags.filter(({ tag, format }) => !REMOVED.has(tag) && format !== 'TIME')],
  intAsBigInt: true,
  uniqueKeys: true,
  prettyErrors: false,
  logLevel: 'silent',
};

/** What plain YAML says as JSON does. `~` and `True` are here too, as no reader takes them for something else. */
const AS_JSON = /^(?:~|[Nn]ull|NULL|[Tt]rue|TRUE|[Ff]alse|FALSE|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][-+]?\d+)?)$/;

/** What is text here, and to readers that keep all of YAML 1.1 a number to the base of 60 or a time. */
const TIME_OR_SEXAGESIMAL = /^(?:[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?|\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?)$/s;

/**
 * The documents of a YAML stream; empty ones are skipped. `asJson` refuses plain values that JSON would write
 * otherwise.
 */
export function yamlDocuments(text, file, { asJson = false } = {}) {
  const lineCounter = new LineCounter();
  const fail = (message, offset, help) => {
    const { line, col } = lineCounter.linePos(offset);
    return new Unevaluated(message, { file, line, column: col, text }, help);
  };
  const parsed = parse(text, lineCounter, fail);
  const documents = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw fail(inOurWords(problem), problem.pos[0], text.includes('{{') ? TEMPLATE : HELP[problem.code]);
    const reader = new Reader(fail, asJson);
    const value = reader.read(document.contents, 0);
    if (value === null) continue;
    const places = new YamlPlaces(document.contents, reader.targets, lineCounter, text);
    documents.push({ value, file, text, line: places.locate('').line, locate: (pointer) => places.locate(pointer) });
  }
  return documents;
}

function parse(text, lineCounter, fail) {
  try {
    return parseAllDocuments(text, { ...OPTIONS, lineCounter });
  } catch (error) {
    if (error instanceof RangeError) throw fail('it is nested too deep', 0);
    throw error;
  }
}

const TEMPLATE = 'this looks like a template: render it first, as in `helm template . | countersign check -`';

const HELP = {
  BLOCK_AS_IMPLICIT_KEY: 'put a text that holds a colon and a space in quotes',
  DUPLICATE_KEY: 'readers disagree on which of the two counts: remove one',
  TAB_AS_INDENT: 'indent with spaces',
  MISSING_CHAR: 'look for a quote or bracket that is not closed',
  TAG_RESOLVE_FAILED: 'kubectl would not read it either: write the value without a tag',
};

function inOurWords({ code, message }) {
  const first = message.split('\n')[0].replace(/\.$/, '');
  if (/call stack/.test(message)) return 'it is nested too deep';
  if (code === 'DUPLICATE_KEY') return 'a key stands twice in one map';
  return `${first[0].toLowerCase()}${first.slice(1)}`;
}

/** From yaml's nodes to JSON values, counting what aliases expand to. */
class Reader {
  targets = new Map(); // alias -> the node it stands for
  #anchors = new Map();
  #open = new Set();
  #made = new Map(); // node -> { value, size }, so that an alias costs nothing to read
  #expanded = 0;
  #size = 0;
  #fail;
  #asJson;

  constructor(fail, asJson) {
    this.#fail = fail;
    this.#asJson = asJson;
  }

  read(node, depth) {
    if (node === null) return null;
    if (depth > MAX_DEPTH) throw this.#fail(`it is nested deeper than ${MAX_DEPTH} levels`, node.range[0]);
    if (isAlias(node)) return this.#alias(node);
    if (node.anchor) this.#anchors.set(node.anchor, node);
    const before = this.#size;
    this.#size += 1;
    this.#open.add(node);
    const value = this.#value(node, depth);
    this.#open.delete(node);
    if (node.anchor) this.#made.set(node, { value, size: this.#size - before });
    return value;
  }

  #value(node, depth) {
    if (isMap(node)) return this.#map(node, depth);
    return isSeq(node) ? node.items.map((item) => this.read(item, depth + 1)) : this.#scalar(node);
  }

  #alias(node) {
    const target = this.#anchors.get(node.source);
    if (!target) throw this.#fail(`there is no anchor \`${node.source}\` before this alias`, node.range[0]);
    if (this.#open.has(target)) throw this.#fail(`the anchor \`${node.source}\` holds itself`, node.range[0]);
    this.targets.set(node, target);
    const { value, size } = this.#made.get(target);
    this.#size += size;
    this.#expanded += size;
    if (this.#expanded > MAX_EXPANDED) {
      throw this.#fail(
        `its aliases expand to more than ${MAX_EXPANDED} values`,
        node.range[0],
        'this is how a small file exhausts its reader: write it out',
      );
    }
    return value;
  }

  #map(node, depth) {
    const merged = Object.create(null);
    const own = Object.create(null); // a key named __proto__ is a key
    for (const { key, value } of node.items) {
      if (isScalar(key) && typeof key.value === 'symbol' && this.#asJson)
        throw this.#fail(
          '`<<` merges maps for some readers, and is a key to others',
          key.range[0],
          'write the members out',
        );
      if (isScalar(key) && typeof key.value === 'symbol') this.#merge(merged, value, depth);
      else {
        if (value === null && this.#asJson) throw this.#empty(key.range[0]);
        own[this.#key(key, node)] = this.read(value, depth + 1);
      }
    }
    return Object.assign(Object.create(null), merged, own);
  }

  #merge(into, node, depth) {
    const value = this.read(node, depth + 1);
    const sources = Array.isArray(value) ? value : [value];
    if (sources.some((source) => source === null || typeof source !== 'object' || Array.isArray(source))) {
      throw this.#fail('`<<` merges maps only', node?.range?.[0] ?? 0);
    }
    for (const source of sources.toReversed()) Object.assign(into, source); // the first one wins
  }

  #key(key, map) {
    if (isScalar(key) && typeof key.value === 'string') {
      if (this.#asJson && hasTwoMeanings(key)) throw this.#notAsJson(key);
      return key.value;
    }
    throw this.#fail(
      `a key is not a string${isScalar(key) ? ` (it reads as ${kindOf(key.value)})` : ''}`,
      (key ?? map).range[0],
      'put it in quotes',
    );
  }

  #scalar(node) {
    const { value } = node;
    if (typeof value === 'symbol') return value.description;
    // A point alone is text to every reader.
    if (typeof value === 'number' && /^[-+]?\.[_.]*$/.test(node.source)) return node.source;
    if (this.#asJson && hasTwoMeanings(node)) throw this.#notAsJson(node);
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw this.#fail(
        'a number that JSON has no word for',
        node.range[0],
        'put it in quotes, or write a plain number',
      );
    }
    return value ?? null;
  }

  #notAsJson({ source, value, range }) {
    if (source === '') return this.#empty(range[0]);
    return this.#fail(
      `\`${source}\` would be read as ${kindOf(value)}, by some readers as something else`,
      range[0],
      'put a text in quotes; write a boolean as true or false, and a number as JSON does',
    );
  }

  #empty(offset) {
    return this.#fail(
      'there is no value here',
      offset,
      'write null if that is meant; what belongs here is indented below',
    );
  }
}

function hasTwoMeanings({ type, value, source }) {
  if (type !== 'PLAIN') return false;
  return typeof value === 'string' ? TIME_OR_SEXAGESIMAL.test(source) : !AS_JSON.test(source);
}

function kindOf(value) {
  if (typeof value === 'string') return 'a text';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? `the boolean ${value}` : 'a number';
}
