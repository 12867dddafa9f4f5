// Where a finding's `at` stands in a recorded request, and what of the recording is not shown.

import { JsonText } from './json-text.js';
import { Lines, pointed } from './lines.js';
import { credentialRanges, isSecretName, isSecretParameter, merged, secretRanges } from './secrets.js';

const decoder = new TextDecoder();
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

  /** @param recording { bytes, request, layout, contract } */
  constructor({ bytes, request, layout, contract }) {
    const head = decoder.decode(bytes.subarray(0, layout.bodyOffset));
    this.#bodyStart = head.length;
    this.#body = decoder.decode(request.body);
    this.text = head + this.#body;
    this.#lines = new Lines(this.text);
    this.#layout = layout;
    this.#contract = contract;
    this.#isForm = contract.payload?.format === 'form' || request.headers.some(isFormType);
    this.masks = merged([...this.#headMasks(contract), ...this.#bodyMasks(), ...credentialRanges(this.text)]);
  }

  /** The place of a finding, or undefined when it speaks of something that is not there. */
  place({ code, at, offset }, bytes) {
    if (offset !== undefined) {
      const start = this.#bodyStart + decoder.decode(bytes.subarray(0, offset)).length;
      return this.#lines.range(start, Math.min(start + 1, this.text.length));
    }
    if (at === undefined) return undefined;
    if (at.startsWith('/') || at === '') return this.#inBody(at, NAMES.has(code));
    if (at.startsWith('header:')) return this.#header(at.slice('header:'.length));
    if (at.startsWith('field:')) return this.#pair();
    if (at.startsWith('line:')) return this.#headerLine(Number(at.slice('line:'.length)));
    if (at === 'body') return pointed(this.#lines, [this.#bodyStart, this.text.length]);
    return this.#startLine(at);
  }

  #inBody(pointer, name) {
    const found = new JsonText(this.#body).locate(pointer);
    const offsets = (name && found.key) || found.offsets;
    return this.#lines.range(this.#bodyStart + offsets[0], this.#bodyStart + offsets[1]);
  }

  #header(name) {
    // Of a header that stands twice, the second is the surprise.
    const found = this.#layout.headers.findLast((header) => header.name === name);
    return found && this.#headerLine(found.line);
  }

  #headerLine(line) {
    const [start, end] = this.#headerValue(line);
    return start === end ? this.#lines.range(this.#lines.start(line), end) : this.#lines.range(start, end);
  }

  /** A pair stands in the signature's own header, whose value is not shown. */
  #pair() {
    return this.#declaredHeaders()
      .map((name) => this.#header(name))
      .find(Boolean);
  }

  #declaredHeaders() {
    return [this.#contract.signature?.from?.header ?? []].flat();
  }

  #headerValue(line) {
    const [start, text] = [this.#lines.start(line), this.#lines.line(line)];
    const value = /:[ \t]*/.exec(text);
    return [start + value.index + value[0].length, start + text.trimEnd().length];
  }

  #startLine(at) {
    const [method, target] = this.#lines.line(1).split(' ');
    if (at === 'method') return this.#lines.range(0, method.length);
    const start = method.length + 1;
    if (at === 'status') return this.#lines.range(start, start + target.length);
    if (at === 'path') return this.#lines.range(start, start + target.split(/[?#]/)[0].length);
    if (!at.startsWith('query:')) return undefined;
    const parameter = this.#query().find(({ name }) => name === at.slice('query:'.length));
    return parameter && this.#lines.range(...parameter.value);
  }

  #query() {
    const [method, target] = this.#lines.line(1).split(' ');
    let offset = target.indexOf('?') + 1;
    if (offset === 0) return [];
    return target
      .slice(offset)
      .split('#')[0]
      .split('&')
      .map((pair) => {
        const name = pair.split('=')[0];
        const start = method.length + 1 + offset;
        offset += pair.length + 1;
        return { name, value: [Math.min(start + name.length + 1, start + pair.length), start + pair.length] };
      });
  }

  /** MACs and credentials, wherever the contract or their name puts them. */
  #headMasks({ signature }) {
    const from = signature?.from ?? {};
    const declared = new Set(
      [from.header, from.query]
        .flat()
        .filter(Boolean)
        .map((name) => name.toLowerCase()),
    );
    const hidden = (name) => declared.has(name.toLowerCase()) || isSecretParameter(name);
    const headers = this.#layout.headers.filter(({ name }) => hidden(name)).map(({ line }) => this.#headerValue(line));
    return [
      ...headers,
      ...this.#query()
        .filter(({ name }) => hidden(name))
        .map(({ value }) => value),
    ];
  }

  #bodyMasks() {
    const source = new JsonText(this.#body);
    const found = this.#parsed((value) => secretRanges({ value, locate: (pointer) => source.locate(pointer) }));
    if (found === undefined) return [[this.#bodyStart, this.text.length]]; // too many to find: nothing is shown
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

  /** Of a text that is no JSON, or has a key twice: whatever looks like a member of a secret's name. */
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
