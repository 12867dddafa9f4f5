// YAML streams by a seed: well formed ones in every style, and what is left of them after a few changes.

import { randomFrom } from '../peers/bodies.js';

import { ESCAPES, PLAIN, STRANGE, TAGS, TOKENS, WORDS } from './words.js';

/** A stream of the round: the same one for the same seed and number. */
export function stream(seed, round) {
  const random = randomFrom(seed * 1_000_003 + round);
  const maker = new Maker(random);
  const kind = random();
  if (kind < 0.15) return maker.scalarAlone();
  if (kind < 0.3) return maker.tokens();
  const text = maker.stream();
  if (kind < 0.6) return text;
  return maker.changed(text, kind < 0.8 ? 1 : maker.upTo(4), kind < 0.75 ? STRANGE : TOKENS);
}

class Maker {
  #random;
  #oddness; // a stream that is odd everywhere is refused everywhere
  #anchors = [];

  constructor(random) {
    this.#random = random;
    this.#oddness = this.#pick([0, 0.2, 0.2, 1, 3]);
  }

  upTo(count) {
    return 1 + Math.floor(this.#random() * count);
  }

  #pick(list) {
    return list[Math.floor(this.#random() * list.length)];
  }

  #chance(share) {
    return this.#random() < share;
  }

  #odd(share) {
    return this.#chance(share * this.#oddness);
  }

  #times(count, make) {
    return Array.from({ length: count }, make);
  }

  scalarAlone() {
    const word = this.#chance(0.5)
      ? this.#pick(WORDS)
      : this.#times(this.upTo(6), () => this.#pick([...'eE0123456789._+-xobaftnyOFNYTRU:~=<>&*!|#%@` infNAN'])).join(
          '',
        );
    const [before, after] = this.#pick([
      ['v: ', ''],
      ['- ', ''],
      ['[', ']'],
      ['{v: ', '}'],
      ['', ': v'],
      ['{', ': v}'],
      ['? ', ''],
      ['v: ', ' # c'],
      ['v:\n  ', ''],
      ['', ''],
    ]);
    return `${before}${this.#chance(0.2) ? this.#mutated(word) : word}${after}${this.#chance(0.9) ? '\n' : ''}`;
  }

  #mutated(word) {
    const at = Math.floor(this.#random() * (word.length + 1));
    return word.slice(0, at) + this.#pick([...'_-+.eExob019:', ' ', 'n']) + word.slice(at);
  }

  tokens() {
    return this.#times(this.upTo(14), () => this.#pick(TOKENS)).join('');
  }

  changed(text, changes, inserted) {
    let found = text;
    for (let change = 0; change < changes; change += 1) {
      const at = Math.floor(this.#random() * (found.length + 1));
      const to = this.#chance(0.4) ? Math.min(found.length, at + this.upTo(3)) : at;
      found = found.slice(0, at) + (to > at && this.#chance(0.5) ? '' : this.#pick(inserted)) + found.slice(to);
    }
    return found;
  }

  stream() {
    const end = this.#chance(0.05) ? '\r\n' : '\n';
    let text = this.#chance(0.03) ? '\ufeff' : '';
    if (this.#chance(0.03))
      text +=
        this.#pick(['%YAML 1.1', '%YAML 1.2', '%TAG !e! tag:e.example,2024:', '%TAG !! tag:e.example,2024:']) +
        '\n---\n';
    else if (this.#chance(0.1)) text += this.#pick(['---\n', '--- # c\n', '# c\n---\n', '---\n---\n', '--- ']);
    for (let count = this.#chance(0.85) ? 1 : this.upTo(3); count > 0; count -= 1) {
      this.#anchors = [];
      text += this.#document();
      if (count > 1) text += this.#pick(['---\n', '--- # c\n', '...\n---\n', '...\n', '---\t\n', '--- ']);
    }
    if (this.#chance(0.1)) text = text.replace(/\n$/, '');
    return end === '\n' ? text : text.replaceAll('\n', end);
  }

  #document() {
    if (this.#chance(0.05)) return `${this.#inline(3)}\n`;
    return this.#block(0, 4).replace(/^\n/, '');
  }

  /** A block collection with its lines, each indented. It begins with a line feed. */
  #block(indent, depth) {
    const list = this.#chance(0.3);
    let text = '';
    for (let count = this.upTo(4); count > 0; count -= 1) {
      text += this.#noise(indent) + ' '.repeat(indent) + (list ? `-${this.#gap()}` : this.#keyed(indent, depth));
      text += this.#value(list ? indent + 1 : indent, depth - 1, list);
    }
    return `\n${text}`;
  }

  #keyed(indent, depth) {
    if (this.#odd(0.04) && depth > 0)
      return `? ${this.#chance(0.5) ? this.#key() : this.#inline(1)}\n${' '.repeat(indent)}:${this.#gap()}`;
    if (this.#anchors.length > 0 && this.#odd(0.06))
      return `<<: ${this.#chance(0.7) ? `*${this.#pick(this.#anchors)} #` : ''}`;
    const [anchor, blank] = [
      this.#odd(0.03) ? this.#anchor() : '',
      () => (this.#odd(0.1) ? this.#pick([' ', '\t']) : ''),
    ];
    return `${anchor}${this.#key()}${blank()}:${this.#gap()}`;
  }

  #key() {
    const name = this.#pick(['a', 'b', 'c', 'd', 'kind', 'spec', 'ingress', 'a b', 'x/y', 'é']) + this.upTo(99);
    const kind = this.#random();
    if (kind < 0.75 || !this.#odd(1)) return name;
    if (kind < 0.82) return JSON.stringify(name);
    if (kind < 0.89) return `'${name}'`;
    if (kind < 0.96) return this.#pick(WORDS);
    if (kind < 0.97) return 'k'.repeat(this.#pick([1000, 1023, 1024, 1025, 1030]));
    return this.#pick([
      `!!str ${name}`,
      '"a\\nb"',
      `"${'\\u00e9'.repeat(this.upTo(300))}"`,
      '__proto__',
      'constructor',
      '-',
      '?',
      '"a\n   b"',
    ]);
  }

  #gap() {
    return !this.#odd(0.05) ? ' ' : this.#pick(['', '  ', '\t', ' \t', '\n', '  # c\n']);
  }

  #noise(indent) {
    if (!this.#odd(0.08)) return '';
    return this.#pick([
      '\n',
      '# c\n',
      `${' '.repeat(indent)}# c: d\n`,
      ' \n',
      '\t\n',
      ' \t# c\n',
      '  # c\n',
      '\t# c\n',
      `${' '.repeat(indent + 2)}# c\n`,
    ]);
  }

  /** What stands after `key: ` or `- `, to the end of its lines. */
  #value(indent, depth, list) {
    const kind = this.#random();
    const properties = this.#chance(0.1) ? this.#anchor() : this.#odd(0.03) ? `${this.#pick(TAGS)} ` : '';
    if (depth > 0 && kind < 0.35) {
      if (list && this.#chance(0.4)) return properties + this.#compact(indent, depth);
      return (
        properties.trimEnd() +
        this.#end('').replace(/\n$/, '') +
        this.#block(this.#odd(0.1) && !list ? indent : indent + this.upTo(2), depth)
      );
    }
    if (kind < 0.45) return properties + this.#blockScalar(indent);
    if (kind < 0.52) return this.#end(properties + this.#long(indent + 1));
    if (kind < 0.55) return this.#end(properties);
    return this.#end(properties + this.#inline(depth, indent + 1));
  }

  #compact(indent, depth) {
    const lines = this.#block(indent + 1, Math.min(depth, 2)).slice(1);
    return lines.trimStart();
  }

  #end(text) {
    return (
      text +
      (this.#odd(0.06) ? this.#pick([' # c', '# c', ' #', '\t# c', '  ', '\t', " # don't", ' # a: "b']) : '') +
      '\n'
    );
  }

  #anchor() {
    const name = this.#pick(this.#odd(0.1) ? ['a.b', 'é', 'x:'] : ['x', 'y', 'z1', 'a-b', 'a_b']);
    this.#anchors.push(name);
    return `&${name} `;
  }

  /** A value within a line, or over several in brackets or quotes. */
  #inline(depth, indent = 1) {
    const kind = this.#random();
    if (depth > 0 && kind < 0.12) return this.#flow('[', ']', depth, indent);
    if (depth > 0 && kind < 0.24) return this.#flow('{', '}', depth, indent);
    if (this.#anchors.length > 0 && kind < 0.34) return `*${this.#pick(this.#anchors)}`;
    if (kind < 0.46) return this.#pick(WORDS);
    if (kind < 0.62) return this.#quoted(indent);
    return this.#pick(PLAIN) + (this.#odd(0.1) ? this.#pick([' #c', '#c', ' : b', ': b', ' b', '\tb', ',', ':']) : '');
  }

  #flow(open, close, depth, indent) {
    const gap = () =>
      !this.#odd(0.1)
        ? ''
        : this.#pick([
            ' ',
            `\n${' '.repeat(indent)}`,
            `\n${' '.repeat(indent + 2)}`,
            ` # c\n${' '.repeat(indent)}`,
            '\t',
            '\n',
            '\n\t',
          ]);
    const items = this.#times(this.upTo(4) - 1, () => {
      const properties = this.#odd(0.05) ? this.#anchor() : this.#odd(0.03) ? `${this.#pick(TAGS)} ` : '';
      const value = properties + this.#inline(depth - 1, indent);
      if (open === '[' ? !this.#odd(0.1) : this.#odd(0.05)) return gap() + value + gap();
      const key = this.#odd(0.05) ? `? ${this.#key()}` : this.#key();
      return `${gap()}${key}${gap()}:${this.#odd(0.1) ? this.#pick(['', '\n ']) : ' '}${value}${gap()}`;
    });
    return (
      open +
      items.join(this.#odd(0.1) ? this.#pick([',', ' , ']) : ', ') +
      (this.#chance(0.06) ? ',' : '') +
      gap() +
      close
    );
  }

  #quoted(indent) {
    const quote = this.#pick(['"', "'"]);
    const parts = this.#times(this.upTo(4), () => {
      const kind = this.#random();
      if (kind < 0.25 && quote === '"') return this.#pick(this.#odd(0.2) ? ESCAPES : ESCAPES.slice(0, 14));
      if (kind < 0.4)
        return this.#pick(
          !this.#odd(0.5)
            ? [' ', `\n${' '.repeat(indent + 1)}`]
            : [
                ' ',
                '  ',
                '\t',
                `\n${' '.repeat(indent)}`,
                `\n\n${' '.repeat(indent + 1)}`,
                ` \n \n${' '.repeat(indent)}`,
                '\n\t',
                `\n${' '.repeat(indent)}\t`,
                '\n',
                '\n---\n',
                '\n... ',
                ' # c',
              ],
        );
      return this.#pick([
        'a',
        'b: c',
        '- d',
        '{',
        ']',
        '#',
        'é',
        '%',
        '&x',
        '*x',
        quote === '"' ? "'" : "''",
        ...(this.#odd(0.1) ? (quote === '"' ? ['\\"\nb: ', '\\\\\n'] : ["''\nb: ", "''''\n"]) : []),
        ...WORDS.slice(0, 20),
      ]);
    });
    return quote + parts.join('') + quote;
  }

  /** A plain scalar over several lines. */
  #long(indent) {
    const lines = this.#times(1 + this.upTo(3), () =>
      this.#pick(
        !this.#odd(0.3)
          ? PLAIN
          : ['# c', 'a # c', '- a', 'a: b', '', '%a', '"a"', '|', '? a', '&x', '---', 'a:', '! a', '[b', '@a'],
      ),
    );
    return [this.#pick(PLAIN), ...lines].join(
      this.#pick(['\n', '\n', ' \n', '\t\n']) +
        ' '.repeat(indent) +
        (this.#chance(0.1) ? this.#pick(['\t', ' \t', '  ']) : ''),
    );
  }

  #blockScalar(indent) {
    const step = this.upTo(3);
    const head =
      this.#pick(['|', '>']) +
      this.#pick([
        '',
        '',
        '',
        '-',
        '+',
        `${step}`,
        `-${step}`,
        `${step}+`,
        ...(this.#odd(0.5) ? ['0', '9', '22', 'x'] : []),
      ]) +
      (this.#odd(0.07) ? this.#pick([' # c', '# c', ' ', '\t', ' \t# c', ' x']) : '');
    const lines = this.#times(this.upTo(5) - 1, () => {
      if (this.#chance(0.2))
        return this.#pick(
          !this.#odd(0.5)
            ? ['', ' '.repeat(indent + step)]
            : [
                '',
                ' ',
                ' '.repeat(indent + step),
                ' '.repeat(indent + step + 2),
                '\t',
                `${' '.repeat(indent + step)}\t`,
              ],
        );
      const extra = this.#chance(0.2) ? this.#pick([' ', '  ', '\t', ' \t']) : '';
      return (
        ' '.repeat(this.#odd(0.04) ? indent : indent + step) +
        extra +
        this.#pick([
          'a',
          'b c',
          '# c',
          'k: v',
          '- x',
          '---',
          '...',
          '%YAML',
          '"',
          'a ',
          'a\t',
          'é',
          '{',
          '<<: *x',
          'a \\',
        ])
      );
    });
    return [head, ...lines].join('\n') + (this.#odd(0.3) ? this.#pick(['\n\n', '\n \n', '\n\t\n']) : '\n');
  }
}
