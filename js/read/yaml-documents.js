// YAML as kubectl reads it: YAML 1.1 booleans and octals, no times, no sexagesimals; keys that are integers or booleans
// become texts. Text that two readers could read differently is an error with a place: line ends that only one reader
// knows, duplicate keys, other keys that are no texts, unknown tags, numbers that JSON lacks. Contracts are also read
// by other YAML readers: there `on`, `010`, `12:30`, `2024-01-01`, `<<` and missing values are errors as well.

import { isAlias, isMap, isScalar, isSeq } from 'yaml';

import { Lines } from '../places/lines.js';
import { isMergeKey, YamlPlaces } from '../places/yaml.js';
import { called, functionOf, isCloudFormation } from './cloudformation.js';
import { Unevaluated } from './unevaluated.js';
import { parseAll } from './yaml-lexer.js';
import { isInteger, plainValue, taggedValue } from './yaml-scalar.js';
import { templateIn } from './yaml-template.js';
import { badCharacter } from './yaml-text.js';
import { trapsIn } from './yaml-traps.js';

const MAX_DEPTH = 200;
const MAX_EXPANDED = 100_000; // the most nodes that aliases may add to a document
const MARKS = /^\ufeff/gm; // byte order marks, which are before a document alone
const TAG = 'tag:yaml.org,2002:';
const STR = `${TAG}str`;
const TAGS = [STR, ...['int', 'float', 'bool', 'null'].map((name) => TAG + name)];

/** The library gives the texts of scalars; yaml-scalar.js decides what they mean. */
const OPTIONS = {
  version: '1.1',
  schema: 'failsafe',
  merge: false,
  resolveKnownTags: false,
  customTags: (tags) => [...tags, ...TAGS.slice(1).map((tag) => ({ tag, resolve: (text) => text }))],
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
};

/**
 * Plain scalars that mean the same in YAML and JSON. `~` and `True` are included because every reader agrees on them.
 */
const AS_JSON = /^(?:~|[Nn]ull|NULL|[Tt]rue|TRUE|[Ff]alse|FALSE|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][-+]?\d+)?)$/;

/** Scalars that are text here, but a sexagesimal number or a time for readers of all of YAML 1.1. */
const TIME_OR_SEXAGESIMAL = /^(?:[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?|\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?)$/s;

/**
 * The documents of a YAML stream; empty ones are skipped. `asJson` refuses plain values that JSON would write
 * differently. `tags` takes the tags of CloudFormation in any document, not only in its templates.
 */
export function yamlDocuments(text, file, { asJson = false, tags = false } = {}) {
  const lines = new Lines(text);
  const fail = (message, offset, help, code) => {
    const { line, column } = lines.place(offset);
    return new Unevaluated(message, { file, line, column, text, code }, help);
  };
  try {
    return documentsOf(text, file, { asJson, tags }, lines, fail);
  } catch (error) {
    const template = error instanceof Unevaluated ? templateIn(text) : undefined;
    if (template === undefined) throw error;
    const { line, column } = error.place;
    const help = `${template.help} (as YAML, line ${line}, column ${column}: ${error.message})`;
    throw fail(template.message, template.offset, help);
  }
}

function documentsOf(text, file, options, lines, fail) {
  const bad = badCharacter(text, !options.asJson);
  if (bad) throw fail(bad.message, bad.offset, bad.help);
  const documentOf = ({ value, root, reader }) => {
    const places = new YamlPlaces(root, reader, lines, text);
    const found = trapsIn(root, reader.names);
    const { line } = places.locate('');
    return { value, file, text, line, locate: locateIn(places), traps: () => found };
  };
  try {
    return Array.from(valuesIn(text, options, fail), documentOf);
  } catch (error) {
    // What is wrong with the stream comes before what is wrong in one of its documents.
    const parsed = [...parse(text, fail)];
    if (!options.asJson) refuseSeams(text, parsed, fail);
    throw error;
  }
}

/** In a function of its own: what else is made where it is called would hold the tree, too. */
function locateIn(places) {
  return (pointer) => places.locate(pointer);
}

/**
 * { value, root, reader } of each document that has a value: what it is, its tree, and how that was read. They come one
 * after the other: all trees together take many times the room of the text.
 */
function* valuesIn(text, { asJson, tags }, fail) {
  let index = 0;
  for (const document of parse(text, fail)) {
    if (!asJson) refuseSeams(text, [document], fail, index);
    index += 1;
    const hasTags = !asJson && (tags || isCloudFormation(document.contents));
    const [problem] = [...document.errors, ...document.warnings.filter((warning) => !(hasTags && isOfTag(warning)))];
    if (problem) throw fail(inOurWords(problem), problem.pos[0], helpFor(problem));
    const reader = new Reader(text, fail, asJson);
    const value = reader.read(document.contents, 0);
    if (value !== null) yield { value, root: document.contents, reader };
  }
}

function* parse(text, fail) {
  try {
    // The library counts a byte order mark to the indentation of its line; a line feed in its place keeps every offset.
    yield* parseAll(text.replace(MARKS, '\n'), OPTIONS);
  } catch (error) {
    if (error instanceof RangeError) throw fail('it is nested too deeply', 0);
    throw error;
  }
}

/** kubectl splits a stream at each line that begins with `---`, and reads at most one document per part. */
function refuseSeams(text, parsed, fail, before = 0) {
  const seam = before === 0 && /^---(?!(?:[ \t]+(?:#.*)?)?\r?$)/m.exec(text);
  if (seam)
    throw fail('`---` shares its line: kubectl reads no document here', seam.index, 'write `---` on a line of its own');
  const lost = parsed.find(({ contents, directives }, index) => before + index > 0 && contents && !directives.docStart);
  if (lost)
    throw fail(
      'a document without `---` before it: kubectl leaves it out',
      lost.contents.range[0],
      'write `---` on a line before it',
    );
}

const TWICE = 'readers disagree on which of the two counts: remove one';
const WRITE_OUT = 'write the members out';
const NO_TAG = 'write the value without a tag';

const HELP = {
  BLOCK_AS_IMPLICIT_KEY: 'put a text that holds a colon and a space in quotes',
  TAB_AS_INDENT: 'indent with spaces',
  MISSING_CHAR: 'look for a quote or bracket that is not closed',
  TAG_RESOLVE_FAILED: NO_TAG,
};

function isOfTag({ code, message }) {
  return code === 'TAG_RESOLVE_FAILED' && functionOf(tagIn(message)) !== undefined;
}

function tagIn(message) {
  return /^Unresolved tag: (\S+)/.exec(message)?.[1];
}

function helpFor({ code, message }) {
  if (functionOf(tagIn(message)))
    return (
      'it is a tag of CloudFormation, whose templates have `AWSTemplateFormatVersion` or `Resources`: for a part of ' +
      'one, add --as cloudformation'
    );
  return HELP[code];
}

function inOurWords({ message }) {
  const first = message.split('\n')[0].replace(/\.$/, '');
  if (/call stack/.test(message)) return 'it is nested too deeply';
  return `${first[0].toLowerCase()}${first.slice(1)}`;
}

/** From yaml's nodes to JSON values, counting what aliases expand to. */
class Reader {
  targets = new Map(); // alias -> its node
  names = new Map(); // a key that is no text -> its name
  functions = new Map(); // a node with a tag of CloudFormation -> the function's name
  #anchors = new Map();
  #open = new Set();
  #made = new Map(); // node -> { value, size }, so that reading an alias costs nothing
  #expanded = 0;
  #size = 0;
  #text;
  #hasQuestionMark;
  #fail;
  #asJson;

  constructor(text, fail, asJson) {
    this.#text = text;
    this.#hasQuestionMark = text.includes('?');
    this.#fail = fail;
    this.#asJson = asJson;
  }

  read(node, depth) {
    if (node === null) return null;
    if (depth > MAX_DEPTH)
      throw this.#fail(`it is nested deeper than ${MAX_DEPTH} levels`, node.range[0], undefined, 'limit-yaml-depth');
    if (isAlias(node)) return this.#alias(node);
    if (node.anchor) this.#anchor(node);
    const before = this.#size;
    this.#size += 1;
    this.#open.add(node);
    const value = this.#called(node, depth);
    this.#open.delete(node);
    if (node.anchor) this.#made.set(node, { value, size: this.#size - before });
    return value;
  }

  /** A value, below the function that its tag is short for. */
  #called(node, depth) {
    const name = this.#asJson ? undefined : functionOf(node.tag);
    if (name === undefined) return this.#value(node, depth);
    this.#size += 1;
    this.functions.set(node, name);
    return called(name, isScalar(node) ? node.source : this.#value(node, depth));
  }

  #value(node, depth) {
    if (node.flow) this.#brackets(node);
    if (isMap(node)) return this.#map(node, depth);
    return isSeq(node) ? node.items.map((item) => this.read(item, depth + 1)) : this.#scalar(node);
  }

  #anchor(node) {
    if (!/^[\w-]+$/.test(node.anchor)) {
      throw this.#fail(`\`${node.anchor}\` is not a name for an anchor`, node.range[0], 'use letters, digits, _ and -');
    }
    this.#anchors.set(node.anchor, node);
  }

  #alias(node) {
    const target = this.#anchors.get(node.source);
    if (!target) throw this.#fail(`there is no anchor \`${node.source}\` before this alias`, node.range[0]);
    if (this.#open.has(target)) throw this.#fail(`the anchor \`${node.source}\` contains itself`, node.range[0]);
    this.targets.set(node, target);
    const { value, size } = this.#made.get(target);
    this.#size += size;
    this.#expanded += size;
    if (this.#expanded > MAX_EXPANDED) {
      throw this.#fail(
        `its aliases expand to more than ${MAX_EXPANDED} values`,
        node.range[0],
        'this is how a small file exhausts its reader: write it out',
        'limit-yaml-aliases',
      );
    }
    return value;
  }

  #map(node, depth) {
    const map = Object.create(null); // so that a key named __proto__ is an ordinary key
    const own = new Set();
    let merged = false;
    for (const { key, value } of node.items) {
      const merge = isMergeKey(key);
      const name = merge ? '<<' : this.#key(key, node);
      if (merge ? merged : own.has(name)) throw this.#fail('a key appears twice in one map', key.range[0], TWICE);
      if (merge) {
        merged = true;
        this.#merge(map, key, value, depth);
      } else {
        own.add(name);
        if (value === null && this.#asJson) throw this.#empty(key.range[0]);
        if (this.#hasQuestionMark && isExplicit(key, this.#text)) {
          throw this.#fail('a key that is written with a question mark', key.range[0], 'write it as `key: value`');
        }
        map[name] = this.read(value, depth + 1);
      }
    }
    return map;
  }

  /** For every reader, members after `<<` replace merged ones. Of members before it, kubectl takes the merged ones. */
  #merge(map, key, node, depth) {
    if (this.#asJson) {
      throw this.#fail('`<<` merges maps for some readers, and is a key to others', key.range[0], WRITE_OUT);
    }
    const value = this.read(node, depth + 1);
    const sources = isSeq(node) ? value : [value];
    if (sources.some((source) => source === null || typeof source !== 'object' || Array.isArray(source))) {
      throw this.#fail('`<<` merges maps only', (node ?? key).range[0]);
    }
    const before = Object.keys(map);
    const merged = Object.assign(Object.create(null), ...sources.toReversed()); // the first one wins
    const twice = before.find((name) => Object.hasOwn(merged, name));
    if (twice !== undefined) {
      throw this.#fail(
        `\`<<\` merges \`${twice}\`, which is above it: readers disagree on which of the two counts`,
        key.range[0],
        'put `<<` first in its map',
      );
    }
    Object.assign(map, merged);
  }

  /**
   * In brackets, what begins with a question mark is a key for kubectl, and `a:` before a bracket or comma is a
   * text.
   */
  #brackets(node) {
    const keys = isMap(node) ? node.items.map(({ key }) => key) : [];
    const values = isMap(node) ? node.items.map(({ value }) => value) : node.items;
    for (const part of [...keys, ...values]) {
      if (part?.type === 'PLAIN' && part.source.startsWith('?')) {
        throw this.#fail('in brackets, a text cannot begin with a question mark', part.range[0], 'put it in quotes');
      }
    }
    for (const key of keys) {
      const after = this.#text.slice(key?.range[1]);
      if (key?.type === 'PLAIN' && /^(?:\s|#[^\n]*\n)*:\S/.test(after)) {
        throw this.#fail('in brackets, a colon needs a space after it', key.range[1], 'put a space after the colon');
      }
    }
  }

  #key(key, map) {
    if (!isScalar(key)) throw this.#fail('a key is not a string', (key ?? map).range[0], 'put it in quotes');
    const value = this.#named(key);
    if (this.#asJson && hasTwoMeanings(key, value)) throw this.#notAsJson(key, value);
    if (key.anchor) {
      this.#anchor(key);
      this.#made.set(key, { value, size: 1 });
    }
    return value;
  }

  /** As sigs.k8s.io/yaml does it for kubectl: an integer or a boolean becomes a text. */
  #named(key) {
    const value = this.#meaning(key);
    if (typeof value === 'string') return value;
    const isName = typeof value === 'boolean' || (isInteger(key.source) && Number.isSafeInteger(value));
    if (this.#asJson || !isName) {
      throw this.#fail(`a key is not a string (it reads as ${kindOf(value)})`, key.range[0], 'put it in quotes');
    }
    this.names.set(key, String(value));
    return String(value);
  }

  #scalar(node) {
    const value = this.#meaning(node);
    if (this.#asJson && hasTwoMeanings(node, value)) throw this.#notAsJson(node, value);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw this.#fail(
        'a number that JSON has no word for',
        node.range[0],
        'put it in quotes, or write a plain number',
      );
    }
    return value;
  }

  /** The value of a scalar: by its tag, or else by its text if it has no quotes. */
  #meaning({ tag, type, source, range }) {
    const text = type.startsWith('BLOCK') ? this.#block(type, source, range) : source;
    if (type.startsWith('QUOTE')) this.#quotes(this.#text.slice(range[0], range[1]), range[0]);
    if (/\p{Surrogate}/u.test(text)) {
      throw this.#fail('an escape that is half a character', range[0], 'write the character itself');
    }
    if (tag === undefined) return type === 'PLAIN' ? plainValue(text) : text;
    const found = TAGS.includes(tag) ? taggedValue(tag.slice(TAG.length), text) : undefined;
    if (found === undefined) throw this.#fail('the tag does not fit the value', range[0], NO_TAG);
    return found;
  }

  #quotes(quoted, start) {
    if (!isClosed(quoted)) throw this.#fail('missing closing quote', start, HELP.MISSING_CHAR);
    if (/(?<!\\)(?:\\\\)*\\\r?\n[ \t]*\r?\n/.test(quoted)) {
      throw this.#fail('an escaped line end before an empty line, which readers fold differently', start, 'write \\n');
    }
  }

  /**
   * In some blocks the library reads lines of spaces differently from go-yaml, and it adds a line feed to the last line
   * of a text.
   */
  #block(type, value, [start, end]) {
    const source = this.#text.slice(start, end);
    const lines = source.split('\n');
    const explicit = /^.[-+]?\d/.test(source);
    const indent = explicit ? 0 : (/\n( *)[^ \r\n]/.exec(source)?.[1].length ?? Infinity);
    if (explicit || type === 'BLOCK_FOLDED') {
      const [after] = /^(?: *\r?\n)* */.exec(this.#text.slice(end));
      if (
        [...lines, ...after.split('\n')].some((line) => /^ *\r?$/.test(line) && line.replace('\r', '').length > indent)
      ) {
        throw this.#fail('a line of spaces in this block, which readers read differently', start, 'remove the spaces');
      }
    }
    const last = end === this.#text.length ? lines.at(-1) : '';
    const added = last !== '' && (/[^ ]/.test(last) || last.length > indent || lines.length === 2);
    return added && value.endsWith('\n') ? value.slice(0, -1) : value;
  }

  #notAsJson({ source, range }, value) {
    if (source === '') return this.#empty(range[0]);
    return this.#fail(
      `\`${source}\` would be read as ${kindOf(value)}, by some readers as something else`,
      range[0],
      'put a text in quotes; write a boolean as true or false, and a number as JSON does',
    );
  }

  #empty(offset) {
    return this.#fail('there is no value here', offset, 'write null if you mean it; a value below must be indented');
  }
}

/**
 * Whether the last quote is the closing one. The library cuts a text at a line that is not indented, and looks no
 * further.
 */
function isClosed(quoted) {
  const escaping = quoted[0] === "'" ? "'" : '\\';
  let start = quoted.length - 1;
  while (start > 1 && quoted[start - 1] === escaping) start -= 1;
  return (quoted.length - 1 - start) % 2 === 0;
}

/** Whether a `? ` marks this key. The library drops what it cannot read behind such a key. */
function isExplicit({ range: [start] }, text) {
  const from = Math.max(0, start - 200);
  const before = (from === 0 ? '\n' : '') + text.slice(from, start);
  return /[\n[{,][ \t]*(?:-[ \t]+)*\?\s(?:[&!]\S*\s|#.*\n|\s)*$/.test(before);
}

/** Whether readers other than go-yaml read this as something else. */
function hasTwoMeanings({ type, tag, source }, value) {
  if (type !== 'PLAIN' || tag === STR) return false;
  if (typeof value !== 'string') return !AS_JSON.test(source);
  return TIME_OR_SEXAGESIMAL.test(source) || (/\d/.test(source) && !Number.isNaN(Number(source.replaceAll('_', ''))));
}

function kindOf(value) {
  if (typeof value === 'string') return 'a text';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? `the boolean ${value}` : 'a number';
}
