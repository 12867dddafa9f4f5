// Values as JavaScript and Python write them in source, and as Node and Python print them: nothing is run. Objects are
// maps, since the order of their keys counts.

const SPACE = /\s+/y;
const LINE_END = /[^\n]*/y;
const CONTINUED = /\\\r?\n/y;
const NAME = /[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*/y;
const NUMBER =
  /[-+]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?)n?/y;
const PREFIX = /(?:[rR][bB]?|[bB][rR]?|[fF][rR]?|[uU])?(?=['"])/y;
const QUOTE = /[rRbBfFuU]{0,2}['"]/y;
const MORE = /\.\.\. \d+ more (?:item|character|byte)s?/y;
/** What Node writes before an object, and in place of one that it does not show. */
const KIND =
  /(?:<ref \*\d+> )?(?:\[[A-Za-z]+(?:: null prototype)?\] |[A-Z][\w$]*(?: \[[^\]\n]{1,60}\])?(?:\(\d+\))? )(?=[{[])/y;
const HIDDEN = /\[(?:Object|Array|Function|Getter|Circular|class|Set|Map|[A-Z]\w*)(?:[ :/(*][^\]\n]{0,100})?\]/y;
const BUFFER = /<Buffer((?: [\da-f]{2})*)( ?\.\.\. \d+ more bytes?)?>/y;
const SYMBOL = /\[Symbol\([^\n)]{0,100}\)\]/y;
const JS_ESCAPE = /\\(?:u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|\r?\n|([\s\S]))/g;
const PYTHON_ESCAPE = /\\(?:U([\da-fA-F]{8})|u([\da-fA-F]{4})|x([\da-fA-F]{2})|([0-7]{1,3})|\r?\n|([\s\S]))/g;
const LETTERS = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', 0: '\0' };
const CONSTANTS = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
  ['True', true],
  ['False', false],
  ['None', null],
]);
const DEEPEST = 200;

/** A number as it is written. */
export class Numeral {
  constructor(written) {
    this.written = written.replaceAll('_', '').replace(/n$/, '');
  }
  valueOf() {
    return Number(this.written);
  }
  toJSON() {
    return Number(this.written);
  }
  toString() {
    if (!this.isWhole()) return String(Number(this.written));
    const [, sign, digits] = /^([-+]?)(.*)$/.exec(this.written);
    const whole = BigInt(digits);
    return `${sign === '-' && whole > 0n ? '-' : ''}${whole}`;
  }
  isWhole() {
    return /^[-+]?(?:0[xob][\da-f]+|\d+)$/i.test(this.written);
  }
}

/** A text of bytes, one character each. */
export class ByteText {
  constructor(text, cut = false) {
    this.text = text;
    this.cut = cut;
  }
}

/** What only the program knows. */
export class Unknown {
  constructor(written) {
    this.written = written;
  }
}

/** A call: its arguments in order, and those with a name. */
export class Call {
  constructor(name, values, named) {
    Object.assign(this, { name, values, named });
  }
}

class NoLiteral extends Error {}

/** Reads values out of a text, one after the other. A position that holds none gives undefined from `attempt`. */
export class Literals {
  /** @param {string} text @param {{ python?: boolean, names?: Map<string, unknown>, calls?: (call: Call) => unknown }} [how] */
  constructor(text, { python = false, names = new Map(), calls = (call) => call } = {}) {
    Object.assign(this, { text, python, names, calls });
    this.at = 0;
    /** Whether what printed it left something out. */
    this.cut = false;
    /** What only the program knows. @type {Set<string>} */
    this.unknown = new Set();
  }

  /** What `work` gives from a position on; undefined if there is no literal, and then the position stays. */
  attempt(at, work = () => this.value()) {
    const before = this.at;
    this.at = at;
    try {
      return { value: work(), end: this.at };
    } catch (error) {
      if (!(error instanceof NoLiteral)) throw error;
      this.at = before;
      return undefined;
    }
  }

  /** Blanks and comments. */
  skip() {
    for (;;) {
      const next = this.text[this.at];
      const isComment = this.python ? next === '#' : next === '/' && this.text[this.at + 1] === '/';
      if (isComment) this.match(LINE_END);
      else if (this.python && next === '\\' && this.match(CONTINUED)) continue;
      else if (!this.python && next === '/' && this.text[this.at + 1] === '*') {
        const end = this.text.indexOf('*/', this.at + 2);
        if (end === -1) return;
        this.at = end + 2;
      } else if (!this.match(SPACE)) return;
    }
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at += found[0].length;
    return found;
  }

  takes(mark) {
    this.skip();
    if (!this.text.startsWith(mark, this.at)) return false;
    this.at += mark.length;
    return true;
  }

  value(depth = 0) {
    if (depth > DEEPEST) throw new NoLiteral();
    let found = this.primary(depth);
    for (;;) {
      this.skip();
      // Texts beside each other are one in Python; Node breaks long ones with `+`.
      const joins = this.text[this.at] === '+' ? '+' : this.python && isText(found) && this.isQuote() ? '' : undefined;
      if (joins === undefined) return found;
      this.at += joins.length;
      found = added(found, this.primary(depth + 1));
    }
  }

  isQuote() {
    QUOTE.lastIndex = this.at;
    return QUOTE.test(this.text);
  }

  primary(depth) {
    this.skip();
    const known = this.printed() ?? this.string();
    if (known !== undefined) return this.methods(known.value, depth);
    const first = this.text[this.at];
    if (first === undefined) throw new NoLiteral();
    if (first === '{') return this.object(depth);
    if (first === '[' || first === '(') return this.list(depth, first === '[' ? ']' : ')');
    const number = this.match(NUMBER);
    if (number && /\d/.test(number[0])) return new Numeral(number[0]);
    return this.named(depth);
  }

  /** What Node prints that no source holds. */
  printed() {
    this.match(KIND);
    const buffer = this.match(BUFFER);
    if (buffer) {
      const bytes = (buffer[1].match(/[\da-f]{2}/g) ?? []).map((hex) => String.fromCharCode(Number.parseInt(hex, 16)));
      if (buffer[2] !== undefined) this.cut = true;
      return { value: new ByteText(bytes.join(''), buffer[2] !== undefined) };
    }
    const hidden = this.python ? undefined : this.match(HIDDEN);
    if (!hidden) return undefined;
    this.cut = true;
    return { value: new Unknown(hidden[0]) };
  }

  string() {
    const start = this.at;
    const prefix = this.python ? (this.match(PREFIX)?.[0].toLowerCase() ?? '') : '';
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'" && (quote !== '`' || this.python)) {
      this.at = start;
      return undefined;
    }
    const mark = this.python && this.text.startsWith(quote.repeat(3), this.at) ? quote.repeat(3) : quote;
    const from = this.at + mark.length;
    const end = this.closing(mark, from);
    this.at = end + mark.length;
    let text = this.text.slice(from, end);
    if (prefix.includes('f')) this.tell(text, /(?<!\{)\{([^{}\n]{1,100})\}/g);
    if (quote === '`') this.tell(text, /(?<!\\)\$\{([^{}\n]{1,100})\}/g);
    if (!prefix.includes('r')) text = this.python ? pythonText(text) : jsText(text);
    if (prefix.includes('f') || quote === '`')
      text = this.filled(text, quote === '`' ? /\$\{\s*(\w+)\s*\}/g : /\{(\w+)\}/g);
    if (this.match(MORE)) this.cut = true;
    return { value: prefix.includes('b') ? new ByteText(text) : text };
  }

  closing(mark, from) {
    const oneLine = mark.length === 1 && mark !== '`';
    for (let at = from; at < this.text.length; at += 1) {
      if (this.text[at] === '\\') at += 1;
      else if (this.text.startsWith(mark, at)) return at;
      else if (oneLine && this.text[at] === '\n') break;
    }
    throw new NoLiteral();
  }

  /** Of what is put into a text, what is not known. */
  tell(text, pattern) {
    for (const [, name] of text.matchAll(pattern))
      if (typeof this.names.get(name.trim()) !== 'string') this.noteUnknown(name.trim());
  }

  filled(text, pattern) {
    return text.replace(pattern, (whole, name) => {
      const value = this.names.get(name);
      return typeof value === 'string' ? value : whole;
    });
  }

  noteUnknown(written) {
    if (this.unknown.size < 10) this.unknown.add(written.slice(0, 60));
    return new Unknown(written);
  }

  object(depth) {
    this.at += 1;
    const found = new Map();
    while (!this.takes('}')) {
      if (this.match(MORE)) this.cut = true;
      else if (this.text.startsWith('...', this.at) || this.text.startsWith('**', this.at)) this.spread(found, depth);
      else this.member(found, depth);
      if (!this.takes(',')) {
        if (!this.takes('}')) throw new NoLiteral();
        break;
      }
    }
    return found;
  }

  member(found, depth) {
    this.skip();
    if (this.match(SYMBOL)) {
      if (!this.takes(':')) throw new NoLiteral();
      this.value(depth + 1);
      return;
    }
    const name = this.python ? undefined : this.match(/[A-Za-z_$][\w$-]*/y)?.[0];
    const key = name ?? this.value(depth + 1);
    if (this.takes(':') || this.takes('=>')) found.set(keyOf(key), this.value(depth + 1));
    else if (name !== undefined) found.set(name, this.names.has(name) ? this.names.get(name) : this.noteUnknown(name));
    else throw new NoLiteral(); // a set
  }

  spread(found, depth) {
    this.at += this.text[this.at] === '.' ? 3 : 2;
    const value = this.value(depth + 1);
    if (value instanceof Map) for (const [name, one] of value) found.set(name, one);
  }

  /** A list or a tuple; in parentheses, one value without a comma is that value. */
  list(depth, end) {
    this.at += 1;
    const found = [];
    let commas = 0;
    while (!this.takes(end)) {
      if (this.match(MORE)) this.cut = true;
      else found.push(this.value(depth + 1));
      if (this.takes(',')) commas += 1;
      else if (this.takes(end)) break;
      else throw new NoLiteral();
    }
    return end === ')' && commas === 0 && found.length === 1 ? found[0] : found;
  }

  /** A constant, a name that was given a value, or a call. */
  named(depth) {
    let name = this.match(NAME)?.[0];
    if (name === undefined) throw new NoLiteral();
    if (name === 'new' || name === 'await') {
      this.skip();
      name = this.match(NAME)?.[0] ?? '';
    }
    const before = name.lastIndexOf('.');
    if (this.text[this.at] === '(' && this.names.has(name.slice(0, before))) {
      this.at -= name.length - before;
      return this.methods(this.names.get(name.slice(0, before)), depth);
    }
    if (this.text[this.at] === '(')
      return this.methods(this.calls(this.call(name, depth)) ?? this.noteUnknown(`${name}(…)`), depth);
    if (CONSTANTS.has(name)) return CONSTANTS.get(name);
    const [own, ...rest] = name.split('.');
    if (this.names.has(own) && rest.length === 0) return this.names.get(own);
    return this.noteUnknown(name);
  }

  methods(value, depth) {
    let found = value;
    for (let method = this.match(/\s*\.\s*(\w+)\s*(?=\()/y); method; method = this.match(/\s*\.\s*(\w+)\s*(?=\()/y))
      found = this.calls(this.call(method[1], depth, found)) ?? this.noteUnknown(`${method[1]}(…)`);
    return found;
  }

  /** The arguments of a call, from its parenthesis on. @param {unknown} [of] what it is a method of */
  call(name, depth = 0, of = undefined) {
    if (depth > DEEPEST) throw new NoLiteral();
    this.at += 1;
    const values = of === undefined ? [] : [of];
    const named = new Map();
    while (!this.takes(')')) {
      const own = this.python ? this.match(/([A-Za-z_]\w*)\s*=(?!=)/y)?.[1] : undefined;
      const value = this.value(depth + 1);
      if (own !== undefined) named.set(own, value);
      else if (this.takes(':')) named.set(keyOf(value), this.value(depth + 1));
      else values.push(value);
      if (!this.takes(',')) {
        if (!this.takes(')')) throw new NoLiteral();
        break;
      }
    }
    return new Call(name, values, named);
  }
}

function isText(value) {
  return typeof value === 'string' || value instanceof ByteText;
}

function added(one, other) {
  if (typeof one === 'string' && typeof other === 'string') return one + other;
  if (one instanceof ByteText && other instanceof ByteText) return new ByteText(one.text + other.text, other.cut);
  if (isText(one) && other instanceof Numeral) return `${one}${other}`;
  return one instanceof Unknown ? one : other instanceof Unknown ? other : new Unknown('+');
}

function keyOf(key) {
  if (typeof key === 'string') return key;
  if (key instanceof ByteText) return key.text;
  return key instanceof Numeral
    ? String(key)
    : key === null
      ? 'null'
      : String(key === true || key === false ? key : '?');
}

function jsText(text) {
  return text.includes('\\')
    ? text.replace(JS_ESCAPE, (_, point, four, two, letter) => {
        const hex = point ?? four ?? two;
        if (hex !== undefined) return character(hex);
        return letter === undefined ? '' : (LETTERS[letter] ?? letter);
      })
    : text;
}

/** What is no escape stays as it is written. */
function pythonText(text) {
  return text.includes('\\')
    ? text.replace(PYTHON_ESCAPE, (whole, long, four, two, octal, letter) => {
        const hex = long ?? four ?? two;
        if (hex !== undefined) return character(hex);
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
        if (letter === undefined) return '';
        if (letter === 'a') return '\x07';
        return LETTERS[letter] ?? ('\\\'"'.includes(letter) ? letter : whole);
      })
    : text;
}

function character(hex) {
  return String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff));
}

/** The value as `JSON.parse` would give it: maps are objects, and what is not known is null. @param {unknown} value */
export function plain(value) {
  if (value instanceof Map) {
    const found = Object.create(null);
    for (const [name, one] of value) if (one !== undefined) found[name] = plain(one);
    return found;
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Numeral) return Number(value.written);
  if (value instanceof ByteText) return value.text;
  return value instanceof Unknown || value instanceof Call ? null : value;
}

/** The text that Python's `json.dumps` writes. @param {unknown} value */
export function pythonJson(value, [between, colon] = [', ', ': '], ascii = true) {
  const again = (one) => pythonJson(one, [between, colon], ascii);
  if (value instanceof Map)
    return `{${[...value].map(([name, one]) => pythonString(name, ascii) + colon + again(one)).join(between)}}`;
  if (Array.isArray(value)) return `[${value.map(again).join(between)}]`;
  if (value instanceof Numeral) return value.isWhole() ? value.toString() : pythonFloat(Number(value.written));
  if (typeof value === 'string') return pythonString(value, ascii);
  return value === true || value === false ? String(value) : 'null';
}

function pythonString(text, ascii) {
  const written = JSON.stringify(text);
  if (!ascii) return written;
  return written.replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function pythonFloat(number) {
  const [digits, exponent] = number.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 16) {
    const fixed = number.toFixed(Math.max(0, digits.replace(/\D/g, '').length - 1 - power));
    return fixed.includes('.') ? fixed : `${fixed}.0`;
  }
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
