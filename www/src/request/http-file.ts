// Files of requests as editors keep them (REST Client, JetBrains): `###` between the requests, comments, variables.

import { texts } from '../base/language.js';
import type { MessageText } from './recording.js';

export interface FileRequest extends MessageText {
  label: string;
  notices: string[];
}
interface Section {
  name: string;
  lines: string[];
}

const BEGIN = /^\s*(?:#|\/\/|@[\w.-]+[ \t]*=)/;
const SEPARATOR = /^###/;
const COMMENT = /^[ \t]*(?:#|\/\/)/;
const VARIABLE = /^[ \t]*@[\w.-]+[ \t]*=/;
const NAME = /^[ \t]*(?:#|\/\/)[ \t]*@name[ \t=]+(\S.*)$/;
const REQUEST =
  /^(?:(?:[A-Z][A-Z-]*[ \t]+)?(?:https?:\/\/|\/|\{\{)\S*|[A-Z][A-Z-]*[ \t]+\S+(?=[ \t]+HTTP))(?:[ \t]+HTTP\/\d(?:\.\d)?)?[ \t]*$/;
const PLACEHOLDER = /\{\{[^{}\r\n]{1,100}\}\}/g;
// `< ./body.json`, `> {% a script %}`, `<> answer.json`.
const COMMAND = /^[ \t]*(?:[<>][ \t]*\{%|<@?[ \t]+\S+[ \t]*$|<>[ \t]+\S|>>!?[ \t]+\S)/m;
const SHOWN = 5;

const t = texts({
  en: {
    variables: 'Variables are not replaced: write their values instead of {names}',
    command: 'Lines that begin with < or > are not executed, and no files are read: the lines stay in the body',
    parts: 'A part between ### lines has no request line and was left out',
  },
  'zh-CN': {
    variables: '变量不会被替换：请把 {names} 改写为实际的值',
    command: '以 < 或 > 开头的行不会被执行，也不会读取文件：它们保留在正文中',
    parts: '以 ### 分隔的部分中，没有请求行的已略去',
  },
});

/**
 * Undefined where the text is no such file. One recorded message is none: it begins with its start line, and `###` in
 * its body is the body's.
 */
export function fileRequests(text: string): FileRequest[] | undefined {
  if (!BEGIN.test(text)) return undefined; // `\s` takes a byte order mark
  const sections = sectionsOf(text).filter(({ lines }) => !lines.every(isBefore));
  const requests = sections.flatMap((section) => requestOf(section) ?? []);
  if (requests.length < sections.length) requests[0]?.notices.push(t('parts'));
  return requests.length > 0 ? requests : undefined;
}

function sectionsOf(text: string): Section[] {
  const sections: Section[] = [{ name: '', lines: [] }];
  for (const line of text.replace(/^\ufeff/, '').split(/(?<=\n)/)) {
    if (SEPARATOR.test(line)) sections.push({ name: line.replace(/^[#=\-\s]+/, '').trimEnd(), lines: [] });
    else sections.at(-1)!.lines.push(line);
  }
  return sections;
}

/** What stands before a request line. */
function isBefore(line: string): boolean {
  return isBlank(line) || COMMENT.test(line) || VARIABLE.test(line);
}

function isBlank(line: string): boolean {
  return line.trim() === '';
}

function requestOf({ name, lines }: Section): FileRequest | undefined {
  const start = lines.findIndex((line) => !isBefore(line));
  const first = lines[start]?.trimEnd() ?? '';
  if (!REQUEST.test(first)) return undefined;
  const own = lines.slice(start, lines.findLastIndex((line) => !isBlank(line)) + 1);
  const blank = own.findIndex(isBlank);
  const headEnd = blank === -1 ? own.length : blank;
  const body = own.slice(headEnd);
  const written = [...own.slice(0, headEnd).filter((line, index) => index === 0 || !COMMENT.test(line)), ...body]
    .join('')
    .replace(/\r?\n$/, '');
  const message = /^[A-Z]/.test(first) ? written : `GET ${written}`; // the editors' method, also where there is a body
  const named = lines
    .slice(0, start)
    .map((line) => NAME.exec(line.trimEnd())?.[1])
    .find((found) => found !== undefined);
  return { label: (named ?? name) || first, text: message, notices: noticesOf(message, body) };
}

function noticesOf(message: string, body: string[]): string[] {
  const names = [...new Set(message.match(PLACEHOLDER))];
  const shown = names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ', …' : '');
  return [
    ...(names.length > 0 ? [t('variables', { names: shown })] : []),
    ...(body.some((line) => COMMAND.test(line)) ? [t('command')] : []),
  ];
}
