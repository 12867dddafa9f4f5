// Commands of PowerShell: `Invoke-WebRequest` and `Invoke-RestMethod`, as browsers copy them, and `curl.exe`.

import { utf8 } from '../../base/bytes.js';
import { FORM, formEncoded, labelOf, messageOf } from './message.js';
import { note } from './notes.js';

const COMMAND = /(?:^|[\s;|=(])(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\s/i;
const ALIASED = /(?:^|[\s;|=(])(?:curl|wget)\s/i;
const PARAMETER = /\s-(?:Uri|UseBasicParsing|Headers|Body|Method|ContentType)\b/;
const CMDLET = /^(?:invoke-webrequest|invoke-restmethod|iwr|irm)$/i;
const ALIAS = /^(?:curl|wget)$/i; // of Windows PowerShell, where parameters have names
const BARE = /[^\s'"`$;|(){}@,=]+/y;
const NUMBER = /-?\d+(?:\.\d+)?(?![\w.-])/y;
const VARIABLE = /\$(?:([A-Za-z_]\w*(?:\.\w+)*)|\{([^}\n]*)\})/y;
const CHARACTER = /\$\(\s*\[char\]\s*(0x[\da-f]{1,6}|\d{1,7})\s*\)/iy;
const GAP = /(?:[ \t\r]+|`\r?\n|#[^\n]*)/y;
const ESCAPES = { n: '\n', r: '\r', t: '\t', 0: '\0', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b' };
const DEEPEST = 50;
const CALL = /\(?\s*\[(?:System\.)?Text\.Encoding\]::(\w+)\.GetBytes\(/iy;
const TRIES = 100_000;

/** A value that only PowerShell itself would make. */
class Unknown {
  constructor(written) {
    this.written = written;
  }
}
/** Bytes that a program names. */
class Bytes {
  constructor(text) {
    this.bytes = utf8(text);
  }
}
/** What `ConvertTo-Json` writes: how, depends on the version. */
class Json {
  constructor(value) {
    this.value = value;
  }
}

/** @param {string} text */
export function powershellCommands(text) {
  if (!COMMAND.test(text) && !(ALIASED.test(text) && PARAMETER.test(text))) return undefined;
  const found = new Script(text).requests();
  return found.length > 0 ? found : undefined;
}

class Script {
  #text;
  #at = 0;
  #names = new Map();
  #unknown = new Set();
  #cookies = [];
  #agent;
  #steps = 0;

  constructor(text) {
    this.#text = text;
  }

  requests() {
    const found = [];
    while (this.#at < this.#text.length && (this.#steps += 1) < TRIES) {
      this.#gap();
      const start = this.#at;
      const name = this.#match(VARIABLE)?.[1];
      if (name !== undefined && this.#takes('=')) this.#assigned(name, found);
      else if (name !== undefined && /\.Cookies$/i.test(name.replace(/\.Add$/i, ''))) this.#cookie();
      else {
        this.#at = start;
        const one = this.#command();
        if (one) found.push(one);
      }
      this.#toEnd();
      if (this.#at === start) this.#at += 1;
    }
    return found;
  }

  #assigned(name, found) {
    const start = this.#at;
    const request = this.#command();
    if (request) {
      found.push(request);
      return;
    }
    this.#at = start;
    const value = this.#piped(this.#value(0));
    if (/\.UserAgent$/i.test(name)) this.#agent = textOf(value);
    else this.#names.set(name.toLowerCase(), value);
  }

  /** `$session.Cookies.Add((New-Object System.Net.Cookie("name", "value", "/", "host")))`. */
  #cookie() {
    const [line] = this.#match(/[^\n]*/y) ?? [''];
    const [, name, value] = /Net\.Cookie\(\s*"([^"\n]*)"\s*,\s*"((?:[^"\n`]|`.)*)"/i.exec(line) ?? [];
    if (name !== undefined) this.#cookies.push(`${name}=${value.replace(/`([\s\S])/g, '$1')}`);
  }

  #command() {
    this.#gap();
    const name = this.#match(BARE)?.[0] ?? '';
    const isAlias = ALIAS.test(name);
    if (!CMDLET.test(name) && !isAlias) return undefined;
    const given = new Map();
    const free = [];
    for (this.#gap(); !this.#ends() && (this.#steps += 1) < TRIES; this.#gap()) {
      const parameter = this.#match(/-([A-Za-z]+):?(?=[\s`]|$)/y)?.[1].toLowerCase();
      if (parameter === undefined) {
        const before = this.#at;
        free.push(this.#value(0));
        if (this.#at === before) this.#at += 1;
      } else if (SWITCHES.test(parameter)) given.set(parameter, true);
      else {
        this.#gap();
        given.set(parameter, this.#value(0));
      }
    }
    const one = this.#requestOf(given, free, isAlias);
    this.#unknown.clear();
    return one;
  }

  #requestOf(given, free, isAlias) {
    const url = textOf(given.get('uri') ?? free.find((one) => typeof one === 'string'));
    if (url === undefined || (isAlias && given.size === 0)) return undefined;
    const notes = [];
    const headers = pairsOf(given.get('headers')).filter(([name]) => !/^(?:authority|method|path|scheme)$/i.test(name));
    const body = given.get('body');
    const { bytes, type } = bodyOf(body, notes);
    const implied = [];
    const contentType = textOf(given.get('contenttype')) ?? type;
    if (contentType !== undefined) implied.push(['Content-Type', contentType]);
    const agent = textOf(given.get('useragent')) ?? this.#agent;
    if (agent !== undefined) implied.push(['User-Agent', agent]);
    if (this.#cookies.length > 0) implied.push(['Cookie', this.#cookies.join('; ')]);
    if (given.has('infile')) notes.push(note('file', { option: '-InFile', file: textOf(given.get('infile')) ?? '' }));
    if (given.has('form')) notes.push(note('form', { option: '-Form' }));
    if (typeof body === 'string' && /[^\0-\x7f]/.test(body) && !/charset/i.test(contentType ?? ''))
      notes.push(note('powershell-text'));
    if (this.#unknown.size > 0) notes.push(note('values', { names: [...this.#unknown].join(', ') }));
    const method = textOf(given.get('method')) ?? textOf(given.get('custommethod')) ?? 'GET';
    const message = messageOf({ method: method.toUpperCase(), url, headers, implied, body: bytes });
    return { label: labelOf(message), message, notes };
  }

  /** `| ConvertTo-Json` behind a value. */
  #piped(value) {
    this.#gap();
    if (!this.#match(/\|\s*ConvertTo-Json\b/iy)) return value;
    while (this.#match(/[ \t]+-\w+(?:[ \t]+\d+)?/y));
    return new Json(value);
  }

  #value(depth) {
    if (depth > DEEPEST) return new Unknown('');
    this.#gap();
    const mark = this.#text[this.#at];
    const bytes = this.#match(CALL);
    if (bytes) return this.#bytes(bytes[0].trimStart().startsWith('('), depth);
    if (mark === "'") return this.#single();
    if (mark === '"') return this.#double();
    if (this.#text.startsWith("@'", this.#at) || this.#text.startsWith('@"', this.#at)) return this.#here();
    if (this.#text.startsWith('@{', this.#at)) return this.#table(depth);
    if (this.#match(/\[(?:ordered|pscustomobject|hashtable|string)\]\s*/iy)) return this.#value(depth + 1);
    if (mark === '(' || this.#text.startsWith('@(', this.#at)) return this.#group(depth);
    if (mark === '$') return this.#variable();
    const number = this.#match(NUMBER)?.[0];
    if (number !== undefined) return Number(number);
    return this.#match(BARE)?.[0] ?? this.#told(mark ?? '');
  }

  /** `[System.Text.Encoding]::UTF8.GetBytes(text)`. */
  #bytes(isGrouped, depth) {
    const value = this.#value(depth + 1);
    this.#takes(')');
    if (isGrouped) this.#takes(')');
    return typeof value === 'string' ? new Bytes(value) : new Unknown('GetBytes');
  }

  #group(depth) {
    this.#at += this.#text[this.#at] === '@' ? 2 : 1;
    const value = this.#piped(this.#value(depth + 1));
    const list = [value];
    while (this.#takes(',')) list.push(this.#value(depth + 1));
    this.#takes(')');
    return list.length > 1 ? list : value;
  }

  #variable() {
    const character = this.#match(CHARACTER);
    if (character) return String.fromCodePoint(Math.min(Number(character[1]), 0x10ffff));
    const name = this.#match(VARIABLE);
    if (!name) {
      this.#at += 1;
      return this.#told('$(…)');
    }
    const own = (name[1] ?? name[2]).toLowerCase();
    if (own === 'true' || own === 'false') return own === 'true';
    if (own === 'null') return null;
    return this.#names.has(own) ? this.#names.get(own) : this.#told(name[0]);
  }

  #told(written) {
    if (written !== '' && !/^\$session$/i.test(written) && this.#unknown.size < 10)
      this.#unknown.add(written.slice(0, 60));
    return new Unknown(written);
  }

  #single() {
    const parts = [];
    for (;;) {
      const end = this.#text.indexOf("'", this.#at + 1);
      parts.push(this.#text.slice(this.#at + 1, end === -1 ? undefined : end));
      this.#at = end === -1 ? this.#text.length : end + 1;
      if (this.#text[this.#at] !== "'") return parts.join("'");
    }
  }

  #double() {
    this.#at += 1;
    const parts = [];
    while (this.#at < this.#text.length) {
      const plain = this.#match(/[^"`$]+/y)?.[0];
      if (plain !== undefined) {
        parts.push(plain);
        continue;
      }
      const mark = this.#text[this.#at];
      if (mark === '"' && this.#text[this.#at + 1] !== '"') break;
      if (mark === '"') {
        parts.push('"');
        this.#at += 2;
      } else parts.push(mark === '`' ? this.#escape() : this.#inText());
    }
    this.#at += 1;
    return parts.join('');
  }

  #escape() {
    const point = this.#match(/`u\{([\da-f]{1,6})\}/iy)?.[1];
    if (point !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(point, 16), 0x10ffff));
    const next = this.#text[this.#at + 1] ?? '';
    this.#at += 2;
    return ESCAPES[next] ?? next;
  }

  #inText() {
    const next = this.#text[this.#at + 1] ?? '';
    if (!/[A-Za-z_{(]/.test(next)) {
      this.#at += 1;
      return '$';
    }
    const start = this.#at;
    const value = this.#variable();
    return value instanceof Unknown ? this.#text.slice(start, this.#at) : (textOf(value) ?? '');
  }

  /** `@'`, a line break, the text, a line break, `'@`. */
  #here() {
    const quote = this.#text[this.#at + 1];
    const from = this.#text.indexOf('\n', this.#at) + 1 || this.#text.length;
    const end = this.#text.indexOf(`\n${quote}@`, from - 1);
    const text = this.#text.slice(from, end === -1 ? undefined : Math.max(from, end)).replace(/\r$/, '');
    this.#at = end === -1 ? this.#text.length : end + 3;
    return quote === "'" ? text : text.replace(/`([`"$])/g, '$1');
  }

  #table(depth) {
    this.#at += 2;
    const found = new Map();
    while (this.#at < this.#text.length && (this.#steps += 1) < TRIES) {
      while (this.#match(/[\s;]+/y) ?? this.#match(GAP));
      if (this.#takes('}')) break;
      const before = this.#at;
      const key = this.#value(depth + 1);
      if (this.#takes('=')) found.set(textOf(key) ?? '', this.#piped(this.#value(depth + 1)));
      if (this.#at === before) this.#at += 1;
    }
    return found;
  }

  #gap() {
    while (this.#match(GAP));
  }

  #takes(mark) {
    this.#gap();
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  /** Where a command ends; a backtick lets it go on. */
  #ends() {
    return this.#at >= this.#text.length || '\n;|)'.includes(this.#text[this.#at]);
  }

  #toEnd() {
    this.#match(/[^\n;]*/y);
    this.#match(/[\n;]/y);
  }

  #match(pattern) {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null || found[0] === '') return undefined;
    this.#at += found[0].length;
    return found;
  }
}

const SWITCHES =
  /^(?:usebasicparsing|skipcertificatecheck|skipheadervalidation|skiphttperrorcheck|disablekeepalive|passthru|verbose|allowunencryptedauthentication|preserveauthorizationonredirect|resume|usedefaultcredentials)$/;

function textOf(value) {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

function pairsOf(value) {
  if (!(value instanceof Map)) return [];
  return [...value].map(([name, one]) => [name, one instanceof Unknown ? one.written : (textOf(one) ?? '')]);
}

/** A table is a form; a text is sent as it is. */
function bodyOf(body, notes) {
  if (body instanceof Bytes) return { bytes: body.bytes };
  if (body instanceof Map)
    return {
      bytes: utf8(
        pairsOf(body)
          .map((pair) => pair.map(formEncoded).join('='))
          .join('&'),
      ),
      type: FORM,
    };
  if (body instanceof Json) {
    notes.push(note('powershell-json'));
    return { bytes: utf8(JSON.stringify(plain(body.value), undefined, 2)), type: FORM };
  }
  if (body instanceof Unknown) notes.push(note('body-unknown'));
  return { bytes: utf8(textOf(body) ?? ''), ...(textOf(body) ? { type: FORM } : {}) };
}

function plain(value) {
  if (value instanceof Map) {
    const found = Object.create(null);
    for (const [name, one] of value) found[name] = plain(one);
    return found;
  }
  if (Array.isArray(value)) return value.map(plain);
  return value instanceof Unknown || value instanceof Bytes ? null : value instanceof Json ? plain(value.value) : value;
}
