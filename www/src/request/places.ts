// Finds the place of a finding's `at` in the text of a message.

import { JsonText } from '../../../pkg/places/json-text.js';
import { pointerParts } from '../../../pkg/places/lines.js';
import { headersNamed, type Layout, type Pair, pairsIn, queryRange, type Range } from '../../../pkg/read/layout.js';
import { NAMES } from '../../../pkg/read/recording-text.js';
import { readable } from '../base/bytes.js';

/**
 * Other places for `field:x` and `path:x`, which only a contract knows; `segment:n` is the nth part of the path, from
 * 0.
 */
export type Resolve = (at: string) => readonly string[];

const FORM = /^\s*application\/x-www-form-urlencoded\b/i;

export class Places {
  #text: string;
  #layout: Layout;
  #body: Uint8Array | undefined;
  #json: InstanceType<typeof JsonText> | undefined;

  /** @param body its bytes; undefined when the text has them in base64 */
  constructor(text: string, layout: Layout, body: Uint8Array | undefined) {
    this.#text = text;
    this.#layout = layout;
    this.#body = body;
  }

  rangeOf(
    at: string | undefined,
    offset: number | undefined,
    { code = '', resolve }: { code?: string; resolve?: Resolve },
  ): Range | undefined {
    if (offset !== undefined) return this.#atByte(offset);
    if (at === undefined) return undefined;
    if (at === '' || at.startsWith('/')) return this.#inBody(at, NAMES.has(code));
    if (at === 'body') return this.#wholeBody();
    const { start, method, target, status, path } = this.#layout;
    if (at === 'method') return method ?? start;
    if (at === 'status') return status ?? start;
    if (at === 'url') return target ?? start;
    if (at === 'path') return path && path[0] < path[1] ? path : (target ?? start);
    const { kind, name } = /^(?<kind>[a-z]+):(?<name>.+)$/s.exec(at)?.groups ?? {};
    if (kind === 'header') return this.#header(name!) ?? [this.#layout.headEnd, this.#layout.headEnd];
    if (kind === 'query') return this.#query(name!) ?? this.#queryEnd();
    if (kind === 'segment') return this.#segment(Number(name));
    if (kind !== 'field' && kind !== 'path') return undefined;
    const others = resolve?.(at) ?? [];
    return (
      others.map((other) => this.#there(other)).find(Boolean) ??
      this.#instead(others[0] ?? (kind === 'path' ? 'path' : undefined))
    );
  }

  /** Of one of several places: only where something stands. */
  #there(at: string): Range | undefined {
    if (at.startsWith('header:')) return this.#header(at.slice('header:'.length));
    if (at.startsWith('query:')) return this.#query(at.slice('query:'.length));
    return this.rangeOf(at, undefined, {});
  }

  #instead(at: string | undefined): Range | undefined {
    return at === undefined ? undefined : this.rangeOf(at, undefined, {});
  }

  /** Of a header that stands twice, the second is the surprise. */
  #header(name: string): Range | undefined {
    const found = headersNamed(this.#layout, name).at(-1);
    return found && valueOrName(found);
  }

  #query(name: string): Range | undefined {
    const found = this.#layout.query.findLast((parameter) => parameter.name === name);
    return found && valueOrName(found);
  }

  /** Where a parameter that is missing would stand. */
  #queryEnd(): Range | undefined {
    if (!this.#layout.target) return undefined;
    const end = queryRange(this.#text, this.#layout.target)[1];
    return [end, end];
  }

  #segment(index: number): Range | undefined {
    const { path } = this.#layout;
    if (!path) return undefined;
    let at = path[0] + 1;
    for (const [place, segment] of this.#text.slice(at, path[1]).split('/').entries()) {
      if (place === index && segment !== '') return [at, at + segment.length];
      at += segment.length + 1;
    }
    return path;
  }

  #wholeBody(): Range {
    return [this.#layout.bodyStart, this.#text.length];
  }

  #atByte(offset: number): Range {
    if (!this.#body) return this.#wholeBody();
    const from = Math.min(this.#layout.bodyStart + readable(this.#body.subarray(0, offset)).length, this.#text.length);
    return [from, Math.min(from + ((this.#text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1), this.#text.length)];
  }

  #inBody(pointer: string, name: boolean): Range {
    if (!this.#body) return this.#wholeBody();
    if (this.#isForm()) return this.#inForm(pointer);
    this.#json ??= new JsonText(this.#text.slice(this.#layout.bodyStart));
    const { offsets, key } = this.#json.locate(pointer);
    const [from, to] = ((name && key) || offsets) as Range;
    return [this.#layout.bodyStart + from, this.#layout.bodyStart + to];
  }

  #isForm(): boolean {
    const type = headersNamed(this.#layout, 'content-type')[0]?.value ?? '';
    return FORM.test(type) && !/^\s*[{[]/.test(this.#text.slice(this.#layout.bodyStart, this.#layout.bodyStart + 100));
  }

  /** A form is flat: of JSON within a parameter, the parameter is the place. */
  #inForm(pointer: string): Range {
    const [wanted] = pointerParts(pointer) as string[];
    const found = pairsIn(this.#text, this.#wholeBody()).find(({ name }) => name === wanted);
    return found ? valueOrName(found) : this.#wholeBody();
  }
}

/** An empty range shows nothing. */
function valueOrName({ nameRange, valueRange }: Pick<Pair, 'nameRange' | 'valueRange'>): Range {
  return valueRange[0] < valueRange[1] ? valueRange : nameRange;
}
