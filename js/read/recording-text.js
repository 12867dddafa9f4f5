// Finds the place of a finding in a recorded message, and the ranges to hide.

import { JsonText } from '../places/json-text.js';
import { Lines, pointed } from '../places/lines.js';
import { credentialRanges, isSecretName, isSecretParameter, merged, secretRanges } from '../places/secrets.js';
import { headersNamed, layoutOf } from './layout.js';

const decoder = new TextDecoder(); // leaves a byte order mark out
const PARAMETER = /(?<![^&])([^&=]{1,64})=([^&]*)/g; // of a form

/** Findings about a member's name, not its value. */
export const NAMES = new Set([
  'hook-data',
  'schema-additional-properties',
  'schema-property-names',
  'schema-unevaluated-properties',
]);

const MEMBER = /"([^"\\]{1,64})"\s*:\s*("(?:[^"\\]|\\.)*"?|[^\s,}\]]+)/g;

export class RecordingText {
  #lines;
  #layout;
  #contract;
  #body;
  #bodyStart;
  #isForm;

  /** @param recording { head, request, contract } */
  constructor({ head, request, contract }) {
    this.#bodyStart = head.length;
    this.#body = decoder.decode(request.body);
    this.text = head + this.#body;
    this.#lines = new Lines(this.text);
    this.#layout = layoutOf(head);
    this.#contract = contract;
    this.#isForm = contract.payload?.format === 'form' || request.headers.some(isFormType);
    this.masks = merged([...this.#headMasks(contract), ...this.#bodyMasks(), ...credentialRanges(this.text)]);
  }

  /** The place of a finding, or undefined if it is about something that is missing. */
  place({ code, at, offset }, bytes) {
    if (offset !== undefined) {
      const start = this.#bodyStart + decoder.decode(bytes.subarray(0, offset)).length;
      return this.#lines.range(start, Math.min(start + 1, this.text.length));
    }
    if (at === undefined) return undefined;
    if (at.startsWith('/') || at === '') return this.#inBody(at, NAMES.has(code));
    if (at.startsWith('header:')) return this.#header(at.slice('header:'.length));
    if (at.startsWith('field:')) return this.#pair();
    if (at.startsWith('headers/')) return this.#nth(Number(at.slice('headers/'.length)));
    if (at === 'body') return pointed(this.#lines, [this.#bodyStart, this.text.length]);
    return this.#startLine(at);
  }

  #inBody(pointer, name) {
    const found = new JsonText(this.#body).locate(pointer);
    const offsets = (name && found.key) || found.offsets;
    return this.#lines.range(this.#bodyStart + offsets[0], this.#bodyStart + offsets[1]);
  }

  #nth(index) {
    const header = this.#layout.headers[index];
    return header && this.#pointed(header);
  }

  #header(name) {
    // Of a header that appears twice, point at the second.
    const found = headersNamed(this.#layout, name).at(-1);
    return found && this.#pointed(found);
  }

  #pointed({ range, valueRange: [start, end] }) {
    return start === end ? this.#lines.range(range[0], end) : this.#lines.range(start, end);
  }

  /** A pair is in the signature's own header, whose value is not shown. */
  #pair() {
    return this.#declaredHeaders()
      .map((name) => this.#header(name))
      .find(Boolean);
  }

  #declaredHeaders() {
    return [this.#contract.signature?.from?.header ?? []].flat();
  }

  #startLine(at) {
    const { start, method, status, path, target, query } = this.#layout;
    if (at === 'method') return this.#lines.range(...(method ?? start));
    if (at === 'status') return this.#lines.range(...(status ?? start));
    // `https://h.example?a=1` has no path.
    if (at === 'path') return this.#lines.range(...(path?.[0] < path?.[1] ? path : (target ?? start)));
    const parameter = query.find(({ name }) => at === `query:${name}`);
    return parameter && this.#lines.range(...parameter.valueRange);
  }

  /** MACs and credentials, found by the contract or by their names. */
  #headMasks({ signature }) {
    const from = signature?.from ?? {};
    const declared = new Set(
      [from.header, from.query]
        .flat()
        .filter(Boolean)
        .map((name) => name.toLowerCase()),
    );
    const hidden = (name) => declared.has(name.toLowerCase()) || isSecretParameter(name);
    const { start, target, status, headers, query } = this.#layout;
    // Nothing is known about an invalid first line.
    if (!target && !status) return [start, ...headers.map(({ valueRange }) => valueRange)];
    return [...headers, ...query].filter(({ name }) => hidden(name)).map(({ valueRange }) => valueRange);
  }

  #bodyMasks() {
    const source = new JsonText(this.#body);
    const found = this.#parsed((value) => secretRanges({ value, locate: (pointer) => source.locate(pointer) }));
    if (found === undefined) return [[this.#bodyStart, this.text.length]]; // too many to find, so show nothing
    return [...found, ...this.#signatureInBody(source)].map(([start, end]) => [
      this.#bodyStart + start,
      this.#bodyStart + end,
    ]);
  }

  /** A signature that the contract reads from the body, whatever its member is called. */
  #signatureInBody(source) {
    const pointer = this.#contract.signature?.from?.body;
    if (typeof pointer !== 'string') return [];
    const { value, exact } = source.locate(pointer);
    return exact ? [value] : [];
  }

  #parsed(ranges) {
    let value;
    try {
      value = JSON.parse(this.#body);
    } catch {
      return this.#namedMembers();
    }
    return [...(ranges(value) ?? [[0, this.#body.length]]), ...this.#namedMembers()];
  }

  /** For a text that is not JSON or has a duplicate key: everything that looks like a member with a secret's name. */
  #namedMembers() {
    const members = [...this.#body.matchAll(MEMBER)].filter(([, name]) => isSecretName(name));
    const parameters = this.#isForm
      ? [...this.#body.matchAll(PARAMETER)].filter(([, name]) => isSecretParameter(name))
      : [];
    return [...members, ...parameters].map((match) => [
      match.index + match[0].length - match[2].length,
      match.index + match[0].length,
    ]);
  }
}

function isFormType([name, value]) {
  return name.toLowerCase() === 'content-type' && /^\s*application\/x-www-form-urlencoded\b/i.test(value);
}
