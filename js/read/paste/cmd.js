// The words of a command of Windows' cmd.exe, as bytes: the caret is its escape, and the program itself reads quotes
// and backslashes (the rules of the C runtime).

import { latin1, utf8 } from '../../base/bytes.js';

const CARET = /^\s*curl(?:\.exe)?\s(?:[^']{0,4096}?\s)??\^(?:"|\r?\n)/i;
const ESCAPED = /\^[&|<>^%!{}"]/;
/** In a POSIX shell two quotes in a quotation are nothing, and nobody writes them. */
const DOUBLED = /[^\s"]""[^\s"]|""[:,}\]]|[{[,:]""/;

/** Is it cmd's and not a POSIX shell's? Chrome writes `^"` and ends lines in a caret. @param {string} source */
export function isCmd(source) {
  if (/^[^\n]*\\\r?\n/.test(source) || !/^\s*curl(?:\.exe)?\s/i.test(source)) return false;
  if (CARET.test(source)) return true;
  return !/(?:^|[\s=])\$?'/.test(source) && (DOUBLED.test(source) || ESCAPED.test(source));
}

/** The words of all commands, which `&` joins. @param {string} source */
export function cmdCommands(source) {
  return withoutCarets(latin1(utf8(source.trim())))
    .map(programWords)
    .filter((words) => /^(?:.*[/\\])?curl(?:\.exe)?$/i.test(words[0] ?? ''));
}

/** The commands, as the program gets them. */
function withoutCarets(text) {
  const commands = [];
  let parts = [];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\r' && text[at + 1] === '\n') continue;
    if ((character === '\n' || character === '&') && !quoted) {
      commands.push(parts.join(''));
      parts = [];
      continue;
    }
    if (character === '"') quoted = !quoted;
    if (character !== '^' || quoted) {
      parts.push(character);
      continue;
    }
    at += 1;
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1;
    if (text[at] !== '\n') {
      parts.push(text[at] ?? '');
      continue;
    }
    // A line that goes on: its first character is escaped, too, so that an empty line is a line break.
    const next = /\r?\n|/y;
    next.lastIndex = at + 1;
    const lineBreak = next.exec(text)[0];
    if (lineBreak !== '') parts.push('\n');
    at += lineBreak.length;
  }
  commands.push(parts.join(''));
  return commands;
}

function programWords(text) {
  const words = [];
  let word;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (!quoted && (character === ' ' || character === '\t')) {
      if (word) words.push(word.join(''));
      word = undefined;
      continue;
    }
    word ??= [];
    if (character === '\\') {
      let end = at;
      while (text[end] === '\\') end += 1;
      const count = end - at;
      const escapes = text[end] === '"';
      word.push('\\'.repeat(escapes ? count >> 1 : count));
      at = end - 1;
      if (escapes && count % 2 === 1) {
        word.push('"');
        at = end;
      }
    } else if (character === '"' && quoted && text[at + 1] === '"') {
      word.push('"');
      at += 1;
    } else if (character === '"') quoted = !quoted;
    else word.push(character);
  }
  if (word) words.push(word.join(''));
  return words;
}
