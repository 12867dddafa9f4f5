// Small edits of a message's text, for the tables beside it: nothing else in the text changes.

import { type Layout, layoutOf, queryRange, type Range } from '../../../pkg/read/layout.js';

export function withHeader(text: string, index: number, name: string, value: string): string {
  const header = layoutOf(text).headers[index];
  if (!header) return text;
  const [from, to] = header.range;
  // The blanks around the value stay as they were written.
  const [before, after] = [
    text.slice(header.nameRange[1] + 1, header.valueRange[0]),
    text.slice(header.valueRange[1], to),
  ];
  return `${text.slice(0, from)}${nameOf(name)}:${before || ' '}${trimmed(value)}${after}${text.slice(to)}`;
}

export function addHeader(text: string, name: string, value: string): string {
  const [own, { headEnd, lineBreak }] = withStart(text);
  return splice(own, [headEnd, headEnd], `${lineBreak}${nameOf(name)}: ${trimmed(value)}`);
}

export function removeHeader(text: string, index: number): string {
  const layout = layoutOf(text);
  const header = layout.headers[index];
  if (!header) return text;
  const [from, to] = header.range;
  const lineBreak = /(?:\r?\n)?$/.exec(text.slice(Math.max(0, from - 2), from))![0];
  return splice(text, [from - lineBreak.length, to], '');
}

/** All header lines replaced by others. */
export function withHeaders(text: string, lines: string): string {
  const [own, { start, headEnd, lineBreak }] = withStart(text);
  const headers = lines.split(/\r?\n/).filter((line) => line.trim() !== '');
  return splice(own, [start[1], headEnd], headers.map((line) => lineBreak + line).join(''));
}

export function withQuery(text: string, index: number, name: string, value: string): string {
  const parameter = layoutOf(text).query[index];
  if (!parameter) return text;
  const { nameRange, valueRange } = parameter;
  // What did not change keeps its own encoding, which may be signed.
  const newName = parameter.name === name ? text.slice(...nameRange) : encoded(name, /[&=#+%]/);
  const newValue = parameter.value === value ? text.slice(...valueRange) : encoded(value, /[&#+%]/);
  const bare = nameRange[1] === valueRange[1] && newValue === '';
  return splice(text, [nameRange[0], valueRange[1]], bare ? newName : `${newName}=${newValue}`);
}

export function addQuery(text: string, name: string, value: string): string {
  const { target } = layoutOf(text);
  if (!target) return text;
  const [from, to] = queryRange(text, target);
  const mark = text[from - 1] === '?' && from > target[0] ? (from === to ? '' : '&') : '?';
  return splice(text, [to, to], `${mark}${encoded(name, /[&=#+%]/)}=${encoded(value, /[&#+%]/)}`);
}

export function removeQuery(text: string, index: number): string {
  const { query } = layoutOf(text);
  const parameter = query[index];
  if (!parameter) return text;
  const [from, to] = [parameter.nameRange[0], parameter.valueRange[1]];
  // With it goes the `&` behind it; of the last one, the `&` or `?` before it.
  return index < query.length - 1 ? splice(text, [from, to + 1], '') : splice(text, [from - 1, to], '');
}

export function withBody(text: string, body: string): string {
  const [own, { bodyStart, headEnd, ended, lineBreak }] = withStart(text);
  return (ended ? own.slice(0, bodyStart) : own.slice(0, headEnd) + lineBreak + lineBreak) + body;
}

/** A message that has no first line yet gets one. */
function withStart(text: string): [string, Layout] {
  const layout = layoutOf(text);
  if (layout.start[0] < layout.start[1]) return [text, layout];
  const own = `POST / HTTP/1.1${layout.lineBreak}${layout.lineBreak}`;
  return [own, layoutOf(own)];
}

function splice(text: string, [from, to]: Range, part: string): string {
  return text.slice(0, from) + part + text.slice(to);
}

function nameOf(name: string): string {
  return name.replace(/[:\r\n]/g, '').trim();
}

/** Blanks around a value are no part of it. */
function trimmed(value: string): string {
  return value.replace(/[\r\n]+/g, ' ').replace(/^[ \t]+|[ \t]+$/g, '');
}

/** Percent-encodes what a URL cannot hold and what would end the part, and leaves the rest readable. */
function encoded(text: string, reserved: RegExp): string {
  const whole = text.replace(/\p{Surrogate}/gu, '\ufffd');
  return Array.from(whole, (one) =>
    /[^\x21-\x7e]|["<>\\^`{|}]/.test(one) || reserved.test(one) ? encodeURIComponent(one) : one,
  ).join('');
}
