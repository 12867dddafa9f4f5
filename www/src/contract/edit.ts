// Sets or removes one member of a JSON text and keeps the rest of the text unchanged.

import { JsonText } from '../../../pkg/places/json-text.js';
import { pointerParts } from '../../../pkg/places/lines.js';
import { escaped, valueAt } from '../base/json.js';

const WIDTH = 100; // longer values are split over several lines

/** How a document is written. */
interface Style {
  unit: string;
  break: string;
  spaced: boolean;
}

/**
 * The text with the value at a pointer set, or removed if it is undefined. Missing parents are created as objects; a
 * parent that is neither object nor array is replaced with an object. An index must be of an existing item, or the next
 * one.
 * @throws {SyntaxError} where the text is not JSON
 */
export function withValue(text: string, pointer: string, value: unknown): string {
  const document: unknown = JSON.parse(text);
  const parts = pointerParts(pointer) as string[] | undefined;
  if (!parts) throw new RangeError(`not a JSON Pointer: ${pointer}`);
  let [parent, depth] = [document, 0];
  while (depth < parts.length && holds(parent, parts[depth]!)) {
    parent = (parent as Record<string, unknown>)[parts[depth]!];
    depth += 1;
  }
  if (depth === parts.length) return value === undefined ? removed(text, parts) : replaced(text, parts, value);
  if (value === undefined) return text;
  const missing = parts.slice(depth);
  const inner = missing.slice(1).reduceRight<unknown>((made, part) => ({ [part]: made }), value);
  const [name] = missing as [string];
  if (Array.isArray(parent)) {
    if (name !== String(parent.length)) throw new RangeError(`no item ${name} in a list of ${parent.length}`);
    return inserted(text, parts.slice(0, depth), undefined, inner);
  }
  if (parent !== null && typeof parent === 'object') return inserted(text, parts.slice(0, depth), name, inner);
  return replaced(text, parts.slice(0, depth), { [name]: inner });
}

function holds(node: unknown, part: string): boolean {
  if (Array.isArray(node)) return /^(0|[1-9]\d*)$/.test(part) && Number(part) < node.length;
  return node !== null && typeof node === 'object' && Object.hasOwn(node, part);
}

function found(text: string, parts: string[]): { value: [number, number]; key?: [number, number] } {
  return new JsonText(text).locate(pointerOf(parts)) as { value: [number, number]; key?: [number, number] };
}

function pointerOf(parts: string[]): string {
  return parts.map((part) => `/${escaped(part)}`).join('');
}

function replaced(text: string, parts: string[], value: unknown): string {
  const {
    value: [from, to],
  } = found(text, parts);
  const style = styleOf(text);
  const tall = text.slice(from, to).includes('\n');
  return text.slice(0, from) + written(value, style, indentAt(text, from), columnOf(text, from), tall) + text.slice(to);
}

function removed(text: string, parts: string[]): string {
  if (parts.length === 0) throw new RangeError('the whole document cannot be removed');
  let rest = text;
  do {
    rest = without(rest, parts);
    // A key that stood twice would now have its first value.
  } while (!/^\d+$/.test(parts.at(-1)!) && valueAt(JSON.parse(rest), pointerOf(parts)) !== undefined);
  return rest;
}

function without(text: string, parts: string[]): string {
  const { value, key } = found(text, parts);
  const [from, to] = [(key ?? value)[0], value[1]];
  const after = skip(text, to, 1);
  if (text[after] === ',') return text.slice(0, from) + text.slice(skip(text, after + 1, 1));
  const before = skip(text, from - 1, -1);
  if (text[before] === ',') return text.slice(0, before) + text.slice(to);
  return text.slice(0, before + 1) + text.slice(after); // it was the only one
}

/** A member at the end of an object, or an item at the end of a list where there is no name. */
function inserted(text: string, parts: string[], name: string | undefined, value: unknown): string {
  const {
    value: [from, to],
  } = found(text, parts);
  const style = styleOf(text);
  const close = to - 1;
  const last = skip(text, close - 1, -1);
  const key = name === undefined ? '' : `${JSON.stringify(name)}:${style.spaced ? ' ' : ''}`;
  if (last > from) {
    const lead = /\r?\n[ \t]*$/.exec(text.slice(from + 1, skip(text, from + 1, 1)))?.[0];
    const gap = lead ?? (style.spaced ? ' ' : '');
    const indent = lead?.replace(/^\r?\n/, '') ?? indentAt(text, from);
    const added = written(value, style, indent, indent.length + key.length, false);
    return `${text.slice(0, last + 1)},${gap}${key}${added}${text.slice(last + 1)}`;
  }
  const outer = indentAt(text, from);
  const indent = outer + style.unit;
  const tall = style.spaced && parts.length === 0;
  const blank = style.spaced && name !== undefined ? ' ' : '';
  const [open, end] = tall ? [style.break + indent, style.break + outer] : [blank, blank];
  const made = written(value, style, tall ? indent : outer, columnOf(text, from) + key.length, false);
  return text.slice(0, from + 1) + open + key + made + end + text.slice(close);
}

function written(value: unknown, style: Style, indent: string, column: number, tall: boolean): string {
  const line = inline(value, style);
  const entries = value === null || typeof value !== 'object' ? [] : Object.entries(value);
  if (entries.length === 0 || !style.spaced || (!tall && column + line.length <= WIDTH)) return line;
  const inner = indent + style.unit;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const members = entries.map(([key, member]) => {
    const head = Array.isArray(value) ? '' : `${JSON.stringify(key)}: `;
    return style.break + inner + head + written(member, style, inner, inner.length + head.length, false);
  });
  return `${open}${members.join(',')}${style.break}${indent}${close}`;
}

function inline(value: unknown, style: Style): string {
  const space = style.spaced ? ' ' : '';
  if (Array.isArray(value)) return `[${value.map((item) => inline(item, style)).join(`,${space}`)}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  const members = entries.map(([key, member]) => `${JSON.stringify(key)}:${space}${inline(member, style)}`);
  return members.length === 0 ? '{}' : `{${space}${members.join(`,${space}`)}${space}}`;
}

function styleOf(text: string): Style {
  return {
    unit: /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ',
    break: text.includes('\r\n') ? '\r\n' : '\n',
    spaced: /^\s*(\{\s*("(?:[^"\\]|\\.)*"\s*:\s|\}?\s*$)|\[\s)/.test(text) || text.trim().includes('\n'),
  };
}

/** What the line begins with. */
function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))![0];
}

function columnOf(text: string, offset: number): number {
  return offset - text.lastIndexOf('\n', offset - 1) - 1;
}

/** The next offset in a direction that holds something. */
function skip(text: string, offset: number, step: 1 | -1): number {
  let at = offset;
  while (at >= 0 && at < text.length && ' \t\r\n'.includes(text[at]!)) at += step;
  return at;
}
