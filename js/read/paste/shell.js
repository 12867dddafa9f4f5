// The words of a command as a POSIX shell or bash reads them, as bytes (one character each): what a word writes as
// `\xe9` is no character.

import { latin1, utf8 } from '../../base/bytes.js';

const PLAIN = /[^\s'"\\$`|&;<>()]+/y;
const QUOTED = /[^"\\$`]+/y;
const EXPANSION = /\$(?:\{[^}\n]*\}|[A-Za-z_]\w*|[0-9?@*#])|`[^`]*`/y;
const PRINTF = /\$\(printf '([^']*)'\)/y;
const OPERATOR = /\n|;|&&|\|\||\|&?|&/y;
const REDIRECT = /\d*(?:<<<|<<-?|>>|>&|<&|&>|>\||[<>])[ \t]*/y;
const HERE = /\d*<<-?[ \t]*$/;
const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|c([\s\S])|([\s\S]))/g;
const MAX_TOLD = 20;
const LETTERS = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

export function shellScript(source) {
  return new Reader(latin1(utf8(source))).script();
}

class Reader {
  #text;
  #at = 0;
  #expansions = new Set();
  /** Here-documents whose text begins on the next line. */
  #awaited = [];

  constructor(text) {
    this.#text = text;
  }

  script() {
    const pipelines = [];
    let pipeline = [];
    let command = { words: [] };
    const endCommand = () => {
      if (command.words.length > 0) pipeline.push(command);
      command = { words: [] };
    };
    for (;;) {
      this.#skipBlanks();
      if (this.#at >= this.#text.length) break;
      const redirect = this.#match(REDIRECT);
      if (redirect) {
        this.#redirect(redirect, command);
        continue;
      }
      const operator = this.#match(OPERATOR);
      if (operator) {
        endCommand();
        if (!operator.startsWith('|') || operator === '||') {
          if (pipeline.length > 0) pipelines.push(pipeline);
          pipeline = [];
        }
        if (operator === '\n') this.#readAwaited();
      } else if ('()'.includes(this.#text[this.#at])) this.#at += 1;
      else command.words.push(this.#word());
    }
    endCommand();
    if (pipeline.length > 0) pipelines.push(pipeline);
    return { pipelines, expansions: [...this.#expansions] };
  }

  #match(pattern) {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** Blanks, continued lines and comments. */
  #skipBlanks() {
    while (this.#match(/[ \t\r]+|\\\r?\n|#[^\n]*/y) !== undefined);
  }

  #redirect(operator, command) {
    const word = this.#word();
    if (operator.trim().endsWith('<<<')) command.input = `${word}\n`;
    else if (HERE.test(operator)) this.#awaited.push({ command, end: word, indented: operator.includes('-') });
  }

  #readAwaited() {
    for (const { command, end, indented } of this.#awaited) {
      const lines = [];
      while (this.#at < this.#text.length) {
        const line = /[^\n]*/y;
        line.lastIndex = this.#at;
        const found = line.exec(this.#text)[0];
        this.#at += found.length + 1;
        const own = indented ? found.replace(/^\t+/, '') : found;
        if (own.replace(/\r$/, '') === end) break;
        lines.push(`${own}\n`);
      }
      command.input = lines.join('');
    }
    this.#awaited = [];
  }

  #word() {
    const parts = [];
    while (this.#at < this.#text.length) {
      const plain = this.#match(PLAIN);
      if (plain !== undefined) parts.push(plain);
      else if (/[\s|&;<>()]/.test(this.#text[this.#at])) break;
      else parts.push(this.#quoted());
    }
    return parts.join('');
  }

  /** One piece of a word that is not plain. */
  #quoted() {
    const [character, next] = [this.#text[this.#at], this.#text[this.#at + 1]];
    if (character === "'") return this.#upTo("'", 1);
    if (character === '$' && next === "'") return this.#ansi();
    if (character === '"' || (character === '$' && next === '"')) {
      this.#at += character === '$' ? 2 : 1;
      return this.#double();
    }
    if (character === '\\') {
      const continued = this.#match(/\\\r?\n/y);
      if (continued !== undefined) return '';
      this.#at += 2;
      return next ?? '\\';
    }
    return this.#expansion();
  }

  /** To the closing mark; a word that nothing closes goes to the end. */
  #upTo(mark, skip) {
    const from = this.#at + skip;
    const end = this.#text.indexOf(mark, from);
    this.#at = end === -1 ? this.#text.length : end + 1;
    return this.#text.slice(from, end === -1 ? undefined : end);
  }

  #ansi() {
    const from = this.#at + 2;
    let end = from;
    while (end < this.#text.length && this.#text[end] !== "'") end += this.#text[end] === '\\' ? 2 : 1;
    this.#at = end + 1;
    return this.#text.slice(from, end).replace(ESCAPE, (_, octal, hex, short, long, control, letter) => {
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      const point = short ?? long;
      if (point !== undefined) return latin1(utf8(String.fromCodePoint(Math.min(parseInt(point, 16), 0x10ffff))));
      if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 0x1f);
      return LETTERS[letter] ?? ('\'"\\?'.includes(letter) ? letter : `\\${letter}`);
    });
  }

  #double() {
    const parts = [];
    while (this.#at < this.#text.length) {
      const plain = this.#match(QUOTED);
      if (plain !== undefined) {
        parts.push(plain);
        continue;
      }
      const character = this.#text[this.#at];
      if (character === '"') {
        this.#at += 1;
        break;
      }
      if (character === '\\') {
        const next = this.#text[this.#at + 1] ?? '';
        this.#at += 2;
        if (next !== '\n') parts.push('$`"\\'.includes(next) ? next : `\\${next}`);
      } else parts.push(this.#expansion());
    }
    return parts.join('');
  }

  /** Kept as it is written, and told; but what this page's own commands write is read. */
  #expansion() {
    PRINTF.lastIndex = this.#at;
    const printf = PRINTF.exec(this.#text);
    if (printf) {
      this.#at += printf[0].length;
      return printf[1].replace(/\\([0-7]{1,3})|\\\\|%%/g, (whole, octal) =>
        octal === undefined ? whole[0] : String.fromCharCode(parseInt(octal, 8)),
      );
    }
    const found = this.#match(EXPANSION);
    if (found !== undefined) {
      if (this.#expansions.size < MAX_TOLD) this.#expansions.add(found);
      return found;
    }
    if (this.#text.startsWith('$(', this.#at)) this.#expansions.add('$(…)');
    this.#at += 1;
    return this.#text[this.#at - 1];
  }
}
