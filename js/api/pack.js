// A pack of Rego policies: checks documents, runs its own tests, and says what its rules did.

import { jsonOf } from '../core/configuration.js';
import { Held, MADE } from '../core/held.js';
import { kind, onlyOptions, secondsOf } from '../core/request.js';

const CHECK_OPTIONS = ['data', 'params', 'now'];
const TEST_OPTIONS = [...CHECK_OPTIONS, 'filter', 'coverage'];
const TRACE_OPTIONS = [...CHECK_OPTIONS, 'documents', 'events'];

/** How many events a trace has unless it is asked for more. */
const EVENTS = 10_000;

export class Pack {
  #held;

  constructor(made, engine, configuration) {
    if (made !== MADE) throw new TypeError('a pack is made by loadPack(), not by new');
    this.#held = new Held(engine, 'loading a pack', configuration, (core, text) => core.Pack.load(text));
  }

  check(documents, options = {}) {
    const given = givenOf(options, CHECK_OPTIONS);
    return this.#ask('check', 'checking documents', { documents: parsed(documents), ...given });
  }

  test(options = {}) {
    const { filter, coverage, ...given } = givenOf(options, TEST_OPTIONS);
    if (filter !== undefined) textOf('filter', filter);
    if (coverage !== undefined && typeof coverage !== 'boolean')
      throw new TypeError(`coverage must be a boolean, got ${kind(coverage)}`);
    return this.#ask('test', 'running tests', { ...given, filter, coverage });
  }

  coverage(documents, options = {}) {
    const given = givenOf(options, CHECK_OPTIONS);
    return this.#ask('coverage', 'measuring coverage', { documents: parsed(documents), ...given });
  }

  trace(rule, document, options = {}) {
    const { documents = [document], events = EVENTS, ...given } = givenOf(options, TRACE_OPTIONS);
    if (!Number.isSafeInteger(events) || events < 1)
      throw new TypeError(`events must be a whole number from 1, got ${kind(events)}`);
    const index = parsed(documents).indexOf(document);
    if (index === -1) throw new TypeError('document must be one of documents');
    const asked = { rule: textOf('rule', rule), document: index, documents, ...given, events };
    return this.#ask('trace', 'tracing a rule', asked);
  }

  why(rule, documents, options = {}) {
    const given = givenOf(options, CHECK_OPTIONS);
    const asked = { rule: textOf('rule', rule), documents: parsed(documents), ...given };
    return this.#ask('why', 'asking why a rule gave nothing', asked);
  }

  rules() {
    return JSON.parse(this.#held.use('listing rules', (pack) => pack.rules()));
  }

  free() {
    this.#held.free();
  }

  #ask(method, what, input) {
    const text = jsonOf('the documents and data', input);
    return JSON.parse(this.#held.use(what, (pack) => pack[method](text)));
  }
}

function givenOf(options, known) {
  const { now, ...given } = onlyOptions(options, known);
  return { ...given, now: secondsOf(now) };
}

function textOf(name, value) {
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string, got ${kind(value)}`);
  return value;
}

function parsed(documents) {
  if (!Array.isArray(documents)) throw new TypeError(`documents must be an array, got ${kind(documents)}`);
  documents.forEach(checkDocument);
  return documents;
}

/** A document that is not parsed yet would be checked as a text without members. */
function checkDocument(document, index) {
  const tag = Object.prototype.toString.call(document);
  if (document !== null && (tag === '[object Object]' || tag === '[object Array]')) return;
  throw new TypeError(`documents[${index}] must be a parsed document, got ${kind(document)}: read JSON or YAML first`);
}
