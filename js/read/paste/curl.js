// The message that a curl command sends.

import { fromBase64, latin1Bytes, readable } from '../../base/bytes.js';
import { cmdCommands, isCmd } from './cmd.js';
import { optionsOf, READ } from './curl-options.js';
import { note } from './notes.js';
import { credentialsOf, labelOf, placed } from './message.js';
import { isPowershell, powershellWords } from './powershell-words.js';
import { shellScript } from './shell.js';

const CURL =
  /(?:^|[\n|;&])[ \t]*(?:(?:[$%>]|sudo|[A-Za-z_]\w*=[^\s|;&]*)[ \t]+)*(?:[^\s'"`|;&]*[/\\])?curl(?:\.exe)?[ \t\\^]/;

/** All curl commands in a text. @param {string} text */
export function curlCommands(text) {
  const first = CURL.exec(text);
  if (!first) return undefined;
  const whole = curlMessages(text);
  // An apostrophe in the text above opens a quotation that swallows the command.
  const found = whole.length > 0 || first.index === 0 ? whole : curlMessages(text.slice(first.index));
  return found.map(({ message, notes }) => ({ label: labelOf(message), message, notes }));
}

function curlMessages(source) {
  if (isCmd(source)) return cmdCommands(source).map((words) => new Curl({ words }, undefined).read([]));
  if (isPowershell(source)) {
    const { words, quotes } = powershellWords(source);
    const found = new Curl({ words }, undefined).read([]);
    return [quotes ? { ...found, notes: [...found.notes, note('powershell-quotes')] } : found];
  }
  const { pipelines, expansions } = shellScript(source);
  return pipelines.flatMap((pipeline) => {
    const index = pipeline.findIndex((command) => beginning(command) !== -1);
    if (index === -1) return [];
    const command = pipeline[index];
    const own = { ...command, words: command.words.slice(beginning(command)) };
    const used = expansions.filter((name) => name.startsWith('$(') || own.words.some((word) => word.includes(name)));
    return [new Curl(own, own.input ?? piped(pipeline.slice(0, index))).read(used)];
  });
}

/** A prompt or variables may stand before it. */
function beginning({ words }) {
  const index = words.findIndex((word) => !/^(?:[$%>]|sudo|[A-Za-z_]\w*=.*)$/s.test(word));
  return /^(?:.*[/\\])?curl(?:\.exe)?$/.test(words[index] ?? '') ? index : -1;
}

/** What `printf %s TEXT | base64 -d` and the like write, as Countersign's own commands do. */
export function piped(commands) {
  const [first, second] = commands;
  if (!first || commands.length > 2) return undefined;
  const [name, ...rest] = first.words;
  let text;
  if (name === 'printf' && rest.length === 2 && rest[0] === '%s') text = rest[1];
  if (name === 'echo') text = rest[0] === '-n' ? rest.slice(1).join(' ') : `${rest.join(' ')}\n`;
  if (!second || text === undefined) return text;
  if (second.words[0] !== 'base64' || !['-d', '-D', '--decode'].includes(second.words[1] ?? '')) return undefined;
  const bytes = fromBase64(text);
  return bytes && Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

class Curl {
  #command;
  #input;
  #method;
  #url;
  #target;
  #user;
  #headers = [];
  /** Names of headers that `-H 'Name:'` takes away. */
  #without = new Set();
  #data;
  #query = [];
  #json = false;
  #get = false;
  #head = false;
  /** By their texts, so that none is there twice. */
  #notes = new Map();
  #ignored = new Set();

  constructor(command, input) {
    this.#command = command;
    this.#input = input;
  }

  read(expansions) {
    for (const { name, value, written } of optionsOf(this.#command.words)) {
      if (name === '' || name === 'url') this.#takeUrl(value);
      else if (name === 'get') this.#get = true;
      else if (name === 'head') this.#head = true;
      else if (READ.has(name)) this.#take(name, value, written);
      else this.#ignored.add(written);
    }
    if (expansions.length > 0) this.#note('shell', { names: shown(expansions.join(', ')) });
    if (this.#ignored.size > 0) this.#note('ignored', { options: shown([...this.#ignored].join(' ')) });
    return { message: this.#message(), notes: [...this.#notes.values()] };
  }

  #note(code, facts) {
    this.#notes.set(JSON.stringify([code, facts]), note(code, facts));
  }

  #takeUrl(value) {
    if (this.#url === undefined) this.#url = value;
    else this.#note('urls');
  }

  #take(name, value, written) {
    if (name === 'request') this.#method = value;
    else if (name === 'header') this.#header(value);
    else if (name === 'user') this.#user = value;
    else if (name === 'request-target') this.#target = value;
    else if (name === 'oauth2-bearer') this.#headers.push(['Authorization', `Bearer ${value}`]);
    else if (name === 'user-agent') this.#named('User-Agent', value);
    else if (name === 'referer') this.#named('Referer', value.replace(/;auto$/, ''));
    else if (name === 'url-query') this.#query.push(value.startsWith('+') ? value.slice(1) : urlEncoded(value));
    else if (name === 'cookie' && !value.includes('=')) this.#note('cookies', { file: shown(value) });
    else if (name === 'cookie') this.#named('Cookie', value);
    else if (name.startsWith('form')) this.#unknownBody('form', written);
    else if (name === 'upload-file') {
      this.#method ??= 'PUT';
      this.#unknownBody('file', written, value);
    } else this.#takeData(name, value, written);
  }

  /** An empty value takes the header away, as curl has it. */
  #named(name, value) {
    if (value === '') this.#without.add(name.toLowerCase());
    else this.#headers.push([name, value]);
  }

  #header(line) {
    if (line.startsWith('@')) {
      this.#note('headers-file', { file: shown(line.slice(1)) });
      return;
    }
    const [, name, rest] = /^([^:]*):([\s\S]*)$/.exec(line) ?? [];
    if (name === undefined) {
      if (line.endsWith(';')) this.#headers.push([line.slice(0, -1), '']);
    } else this.#named(name, rest.replace(/^[ \t]+|[ \t]+$/g, ''));
  }

  #takeData(name, value, written) {
    this.#data ??= [];
    if (name === 'json') this.#json = true;
    if (name === 'data-urlencode') {
      const file = /^([^=@]*)@([\s\S]*)$/.exec(value);
      if (file) this.#unknownBody('file', written, file[2]);
      else this.#data.push(urlEncoded(value));
      return;
    }
    if (!value.startsWith('@') || name === 'data-raw') {
      this.#data.push(value);
      return;
    }
    if (value !== '@-') this.#unknownBody('file', written, value.slice(1));
    else if (this.#input === undefined) this.#unknownBody('input', written);
    else this.#data.push(name === 'data' || name === 'data-ascii' ? this.#input.replace(/[\r\n\0]/g, '') : this.#input);
  }

  #unknownBody(why, option, file = '') {
    this.#data ??= [];
    this.#note(why, { option, file: shown(file) });
  }

  #message() {
    const data = this.#data?.join(this.#json ? '' : '&');
    const isQuery = this.#get && data !== undefined;
    const body = isQuery ? '' : (data ?? '');
    const query = [...this.#query, ...(isQuery ? [data] : [])].filter((part) => part !== '').join('&');
    const { url, host, user } = placed(this.#url ?? '', query, this.#target);
    const method = this.#method ?? (this.#head ? 'HEAD' : data !== undefined && !isQuery ? 'POST' : 'GET');
    const headers = [];
    const has = (name) =>
      this.#without.has(name) || [...this.#headers, ...headers].some(([own]) => own.toLowerCase() === name);
    const implied = (name, value) => {
      if (!has(name.toLowerCase())) headers.push([name, value]);
    };
    if (host !== undefined) implied('Host', host);
    const credentials = this.#user ?? user;
    if (credentials !== undefined) implied('Authorization', credentialsOf(credentials));
    headers.push(...this.#headers);
    if (this.#json) implied('Content-Type', 'application/json');
    if (this.#json) implied('Accept', 'application/json');
    if (data !== undefined && !isQuery) implied('Content-Type', 'application/x-www-form-urlencoded');
    return { method, url, headers, body: latin1Bytes(body) };
  }
}

/** `text`, `=text` or `name=text`, the text percent-encoded byte by byte, with `+` for a space. */
function urlEncoded(value) {
  const equals = value.indexOf('=');
  const name = equals > 0 ? value.slice(0, equals + 1) : '';
  const text = equals === -1 ? value : value.slice(equals + 1);
  return (
    name +
    text
      .replace(/[^A-Za-z0-9._~-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
      .replaceAll('%20', '+')
  );
}

function shown(bytes) {
  return readable(latin1Bytes(bytes));
}
