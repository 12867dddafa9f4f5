// Files of requests as editors keep them (REST Client, JetBrains): `###` between the requests, comments, variables.

import { note } from './notes.js';

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

/**
 * Undefined where the text is no such file. One recorded message is none: it begins with its start line, and `###` in
 * its body is the body's.
 */
export function fileRequests(text) {
  if (!BEGIN.test(text)) return undefined; // `\s` takes a byte order mark
  const sections = sectionsOf(text).filter(({ lines }) => !lines.every(isBefore));
  const requests = sections.flatMap((section) => requestOf(section) ?? []);
  if (requests.length < sections.length) requests[0]?.notes.push(note('parts'));
  return requests.length > 0 ? requests : undefined;
}

function sectionsOf(text) {
  const sections = [{ name: '', lines: [] }];
  for (const line of text.replace(/^\ufeff/, '').split(/(?<=\n)/)) {
    if (SEPARATOR.test(line)) sections.push({ name: line.replace(/^[#=\-\s]+/, '').trimEnd(), lines: [] });
    else sections.at(-1).lines.push(line);
  }
  return sections;
}

/** What stands before a request line. */
function isBefore(line) {
  return isBlank(line) || COMMENT.test(line) || VARIABLE.test(line);
}

function isBlank(line) {
  return line.trim() === '';
}

function requestOf({ name, lines }) {
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
  return { label: (named ?? name) || first, text: message, notes: notesOf(message, body) };
}

function notesOf(message, body) {
  const names = [...new Set(message.match(PLACEHOLDER))];
  const shown = names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ', …' : '');
  return [
    ...(names.length > 0 ? [note('variables', { names: shown })] : []),
    ...(body.some((line) => COMMAND.test(line)) ? [note('command')] : []),
  ];
}
