// The message that a curl command sends.

import { toBase64, fromBase64, latin1Bytes, readable } from '../base/bytes.js';
import { texts } from '../base/language.js';
import type { Message } from '../engine/protocol.js';
import { cmdWords, isCmd } from './cmd.js';
import { optionsOf, READ } from './curl-options.js';
import { type Command, shellScript } from './shell.js';

const t = texts({
  en: {
    file: '{option} reads the file {file}, which this page cannot: paste its content as the body',
    input: 'The body comes from standard input, which this page does not have: paste it as the body',
    headers: '-H reads the file {file}, which this page cannot: add its headers by hand',
    cookies: '-b reads the file {file}, which this page cannot: add the Cookie header by hand',
    form: '{option} writes a multipart body with a boundary that curl chooses at random: paste the body as it was sent',
    urls: 'Only the first URL is used',
    shell: 'The shell would replace {names}: write the value in',
    ignored: 'Ignored, as they do not change the message: {options}',
  },
  'zh-CN': {
    file: '{option} 读取文件 {file}，本页面无法读取：请把文件内容粘贴为正文',
    input: '正文来自标准输入，本页面没有：请把它粘贴为正文',
    headers: '-H 读取文件 {file}，本页面无法读取：请手动添加其中的标头',
    cookies: '-b 读取文件 {file}，本页面无法读取：请手动添加 Cookie 标头',
    form: '{option} 生成 multipart 正文，其分隔符每次由 curl 随机产生：请粘贴实际发送的正文',
    urls: '只采用第一个 URL',
    shell: 'shell 会替换 {names}：请写入实际的值',
    ignored: '与消息无关：{options}',
  },
});

interface CurlMessage {
  message: Message;
  notices: string[];
}

/** The messages of all curl commands in a text; empty when there is none. */
export function curlMessages(source: string): CurlMessage[] {
  if (isCmd(source)) return [new Curl({ words: cmdWords(source) }, undefined).read([])];
  const { pipelines, expansions } = shellScript(source);
  return pipelines.flatMap((pipeline) => {
    const index = pipeline.findIndex((command) => beginning(command) !== -1);
    if (index === -1) return [];
    const command = pipeline[index]!;
    const own = { ...command, words: command.words.slice(beginning(command)) };
    const used = expansions.filter((name) => name.startsWith('$(') || own.words.some((word) => word.includes(name)));
    return [new Curl(own, own.input ?? piped(pipeline.slice(0, index))).read(used)];
  });
}

/** A prompt or variables may stand before it. */
function beginning({ words }: Command): number {
  const index = words.findIndex((word) => !/^(?:[$%>]|sudo|[A-Za-z_]\w*=.*)$/s.test(word));
  return /^(?:.*[/\\])?curl(?:\.exe)?$/.test(words[index] ?? '') ? index : -1;
}

/** What `printf %s TEXT | base64 -d` and the like write, as this page's own commands do. */
function piped(commands: Command[]): string | undefined {
  const [first, second] = commands;
  if (!first || commands.length > 2) return undefined;
  const [name, ...rest] = first.words;
  let text: string | undefined;
  if (name === 'printf' && rest.length === 2 && rest[0] === '%s') text = rest[1];
  if (name === 'echo') text = rest[0] === '-n' ? rest.slice(1).join(' ') : `${rest.join(' ')}\n`;
  if (!second || text === undefined) return text;
  if (second.words[0] !== 'base64' || !['-d', '-D', '--decode'].includes(second.words[1] ?? '')) return undefined;
  const bytes = fromBase64(text);
  return bytes && Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

class Curl {
  #command: Command;
  #input: string | undefined;
  #method: string | undefined;
  #url: string | undefined;
  #target: string | undefined;
  #user: string | undefined;
  #headers: [string, string][] = [];
  /** Names of headers that `-H 'Name:'` takes away. */
  #without = new Set<string>();
  #data: string[] | undefined;
  #query: string[] = [];
  #json = false;
  #get = false;
  #head = false;
  #notices = new Set<string>();
  #ignored = new Set<string>();

  constructor(command: Command, input: string | undefined) {
    this.#command = command;
    this.#input = input;
  }

  read(expansions: string[]): CurlMessage {
    for (const { name, value, written } of optionsOf(this.#command.words)) {
      if (name === '' || name === 'url') this.#takeUrl(value);
      else if (name === 'get') this.#get = true;
      else if (name === 'head') this.#head = true;
      else if (READ.has(name)) this.#take(name, value, written);
      else this.#ignored.add(written);
    }
    if (expansions.length > 0) this.#notices.add(t('shell', { names: shown(expansions.join(', ')) }));
    if (this.#ignored.size > 0) this.#notices.add(t('ignored', { options: shown([...this.#ignored].join(' ')) }));
    return { message: this.#message(), notices: [...this.#notices] };
  }

  #takeUrl(value: string): void {
    if (this.#url === undefined) this.#url = value;
    else this.#notices.add(t('urls'));
  }

  #take(name: string, value: string, written: string): void {
    if (name === 'request') this.#method = value;
    else if (name === 'header') this.#header(value);
    else if (name === 'user') this.#user = value;
    else if (name === 'request-target') this.#target = value;
    else if (name === 'oauth2-bearer') this.#headers.push(['Authorization', `Bearer ${value}`]);
    else if (name === 'user-agent') this.#named('User-Agent', value);
    else if (name === 'referer') this.#named('Referer', value.replace(/;auto$/, ''));
    else if (name === 'url-query') this.#query.push(value.startsWith('+') ? value.slice(1) : urlEncoded(value));
    else if (name === 'cookie' && !value.includes('=')) this.#notices.add(t('cookies', { file: shown(value) }));
    else if (name === 'cookie') this.#named('Cookie', value);
    else if (name.startsWith('form')) this.#unknownBody('form', written);
    else if (name === 'upload-file') {
      this.#method ??= 'PUT';
      this.#unknownBody('file', written, value);
    } else this.#takeData(name, value, written);
  }

  /** An empty value takes the header away, as curl has it. */
  #named(name: string, value: string): void {
    if (value === '') this.#without.add(name.toLowerCase());
    else this.#headers.push([name, value]);
  }

  #header(line: string): void {
    if (line.startsWith('@')) {
      this.#notices.add(t('headers', { file: shown(line.slice(1)) }));
      return;
    }
    const [, name, rest] = /^([^:]*):([\s\S]*)$/.exec(line) ?? [];
    if (name === undefined) {
      if (line.endsWith(';')) this.#headers.push([line.slice(0, -1), '']);
    } else this.#named(name, rest!.replace(/^[ \t]+|[ \t]+$/g, ''));
  }

  #takeData(name: string, value: string, written: string): void {
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

  #unknownBody(why: 'file' | 'input' | 'form', option: string, file = ''): void {
    this.#data ??= [];
    this.#notices.add(t(why, { option, file: shown(file) }));
  }

  #message(): Message {
    const data = this.#data?.join(this.#json ? '' : '&');
    const isQuery = this.#get && data !== undefined;
    const body = isQuery ? '' : (data ?? '');
    const query = [...this.#query, ...(isQuery ? [data] : [])].filter((part) => part !== '').join('&');
    const { url, host, user } = urlOf(this.#url ?? '', query, this.#target);
    const method = this.#method ?? (this.#head ? 'HEAD' : data !== undefined && !isQuery ? 'POST' : 'GET');
    const headers: [string, string][] = [];
    const has = (name: string): boolean =>
      this.#without.has(name) || [...this.#headers, ...headers].some(([own]) => own.toLowerCase() === name);
    const implied = (name: string, value: string): void => {
      if (!has(name.toLowerCase())) headers.push([name, value]);
    };
    if (host !== undefined) implied('Host', host);
    const credentials = this.#user ?? user;
    if (credentials !== undefined) implied('Authorization', `Basic ${toBase64(latin1Bytes(credentials))}`);
    headers.push(...this.#headers);
    if (this.#json) implied('Content-Type', 'application/json');
    if (this.#json) implied('Accept', 'application/json');
    if (data !== undefined && !isQuery) implied('Content-Type', 'application/x-www-form-urlencoded');
    return { method, url, headers, body: latin1Bytes(body) };
  }
}

/**
 * What arrives of an https URL is the target and the Host header; of another one the whole is kept, as https is
 * assumed.
 */
function urlOf(
  written: string,
  query: string,
  target: string | undefined,
): { url: string; host?: string; user?: string } {
  const [, scheme = '', authority = '', rest = ''] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)([\s\S]*)$/i.exec(written) ?? [];
  const at = authority.lastIndexOf('@');
  const user = at === -1 ? undefined : plain(authority.slice(0, at));
  const host = authority.slice(at + 1);
  const [base = ''] = rest.split('#', 1);
  const path = base.startsWith('/') ? base : `/${base}`;
  const full = target ?? (query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`);
  if (host === '') return { url: full };
  const own = user === undefined ? {} : { user };
  // Without a scheme curl takes http.
  return scheme.toLowerCase() === 'https'
    ? { url: full, host, ...own }
    : { url: `${scheme || 'http'}://${host}${full}`, ...own };
}

function plain(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** `text`, `=text` or `name=text`, the text percent-encoded byte by byte. */
function urlEncoded(value: string): string {
  const equals = value.indexOf('=');
  const name = equals > 0 ? value.slice(0, equals + 1) : '';
  const text = equals === -1 ? value : value.slice(equals + 1);
  return (
    name +
    text.replace(/[^A-Za-z0-9._~-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
  );
}

function shown(bytes: string): string {
  return readable(latin1Bytes(bytes));
}
