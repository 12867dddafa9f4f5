// The words of `curl.exe` as PowerShell reads them.

import { latin1, utf8 } from '../../base/bytes.js';

const ESCAPES = { n: '\n', r: '\r', t: '\t', 0: '\0', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b' };

/** A backtick lets its line go on. @param {string} source */
export function isPowershell(source) {
  return /^\s*curl(?:\.exe)?\s/i.test(source) && /`\r?\n/.test(source) && !/\\\r?\n/.test(source);
}

/**
 * The words of `curl.exe` as PowerShell gives them, as bytes. Before version 7.3 it drops the quotes in an argument,
 * but for those with a backslash before them.
 * @param {string} source
 */
export function powershellWords(source) {
  const words = [];
  let quotes = false;
  const text = source.trim();
  let at = 0;
  let word;
  while (at < text.length) {
    const mark = text[at];
    if (mark === '`' && /^`\r?\n/.test(text.slice(at, at + 3))) at += text[at + 1] === '\r' ? 3 : 2;
    else if (/\s/.test(mark)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      if (mark === '\n') break;
      at += 1;
    } else if (mark === '`') {
      word = (word ?? '') + (ESCAPES[text[at + 1]] ?? text[at + 1] ?? '');
      at += 2;
    } else if (mark === "'" || mark === '"') {
      const { value, end } = quotedAt(text, at, mark);
      if (value.includes('"')) quotes = true;
      word = (word ?? '') + (value.includes('\\"') ? value.replace(/\\(\\*")/g, '$1') : value);
      at = end;
    } else {
      word = (word ?? '') + mark;
      at += 1;
    }
  }
  if (word !== undefined) words.push(word);
  return { words: words.map((one) => latin1(utf8(one))), quotes };
}

function quotedAt(text, start, quote) {
  const parts = [];
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const mark = text[at];
    if (mark === quote && text[at + 1] !== quote) break;
    if (mark === quote) at += 1;
    else if (mark === '`' && quote === '"') {
      at += 1;
      parts.push(ESCAPES[text[at]] ?? text[at] ?? '');
      continue;
    }
    parts.push(text[at]);
  }
  return { value: parts.join(''), end: at + 1 };
}
