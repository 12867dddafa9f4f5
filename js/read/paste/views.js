// What stands around a paste: Markdown, a quotation, an indentation, a prompt, typographic quotes.

import { note } from './notes.js';

/** @typedef {{ text: string, notes: import('./notes.js').Note[] }} View */

const FENCE = /^[ \t]*(`{3,}|~{3,})[^\n`]*$/;
const MOST = 20; // blocks
const PROMPT =
  /^\s*(?:PS(?:[ \t]+[^>\n]{1,200})?>|[A-Za-z]:\\[^>\n]{0,200}>|\[?[\w.-]+@[\w.-]+[^\n$#%]{0,200}[$#%]|[\w.-]{1,60}[ \t]*[$%❯➜]|[$%#❯➜]|>(?=[ \t]*(?:curl|http|https|fetch|Invoke-)))[ \t]*(?=\S)/;
const COMMAND = /^(?:curl(?:\.exe)?|https?|fetch|await|const|Invoke-\w+|iwr|irm|\$\w+)[\s(.]/i;
const CONTINUED = /([\\`^])(\r?\n)>{1,2}[ \t]?/g;

/** The blocks of code in a text of Markdown, each with what is above it left out. @param {string} text @returns {View[]} */
export function fenced(text) {
  if (!/^[ \t]*(?:```|~~~)/m.test(text)) return [];
  const blocks = [];
  let open;
  for (const [index, line] of text.split('\n').entries()) {
    const [, marks] = FENCE.exec(line.replace(/\r$/, '')) ?? [];
    if (open === undefined) {
      if (marks !== undefined) open = { marks, line: index + 2, lines: [] };
    } else if (marks?.startsWith(open.marks)) {
      blocks.push(open);
      open = undefined;
    } else open.lines.push(line);
    if (blocks.length >= MOST) break;
  }
  if (open) blocks.push(open);
  return blocks.map(({ line, lines }) => ({ text: lines.join('\n'), notes: [note('before', { line })] }));
}

/** A command behind a prompt, or with quotes that no shell knows. @param {string} text @returns {View | undefined} */
export function commandIn(text) {
  const plain = plainQuotes(text);
  const own = unprompted(plain?.text ?? text) ?? plain;
  if (own === undefined || !COMMAND.test(own.text)) return undefined;
  return { text: own.text, notes: plain?.notes ?? [] };
}

/** Other texts that the paste may mean, the likeliest first. @param {string} text @returns {View[]} */
export function views(text) {
  return [unquoted(text), unindented(text), unprompted(text)].filter((one) => one !== undefined);
}

function unquoted(text) {
  if (!/^[ \t]*>/.test(text) || !everyLine(text, /^[ \t]*>/)) return undefined;
  return { text: text.replace(/^[ \t]*>[ \t]?/gm, ''), notes: [note('quote')] };
}

/** Without the blanks that all lines begin with. */
function unindented(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  let common = /^[ \t\u00a0]*/.exec(lines[0] ?? '')?.[0] ?? '';
  for (const line of lines) {
    let length = 0;
    while (length < common.length && line[length] === common[length]) length += 1;
    common = common.slice(0, length);
    if (common === '') return undefined;
  }
  return {
    text: text
      .split('\n')
      .map((line) =>
        line.startsWith(common) ? line.slice(common.length) : line.trim() === '' ? line.trimStart() : line,
      )
      .join('\n'),
    notes: [note('indent', { blanks: common.length })],
  };
}

function unprompted(text) {
  const prompt = PROMPT.exec(text)?.[0];
  if (prompt === undefined) return undefined;
  return { text: text.slice(prompt.length).replace(CONTINUED, '$1$2'), notes: [] };
}

/** As word processors write them, in place of those that a program knows. */
function plainQuotes(text) {
  if (!/[\u2018\u2019\u201c\u201d]/.test(text) || /['"]/.test(text)) return undefined;
  const plain = text
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/(?<=\s)[\u2013\u2014](?=[a-z])/g, '--');
  return { text: plain, notes: [note('typographic')] };
}

function everyLine(text, pattern) {
  return text.split('\n').every((line) => line.trim() === '' || pattern.test(line));
}
