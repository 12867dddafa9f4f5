// The signed bytes as a readable template such as `{ts}.{body}`, and the segments to build it from.

import { texts } from '../base/language.js';
import { part } from './schema-part.js';
import type { Schema } from './schema-part.js';

const t = texts({
  en: {
    method: 'method',
    path: 'path',
    target: 'path and query',
    url: 'url',
    query: 'sorted query',
    form: 'sorted form',
    body: 'body',
    digest: 'body {digest} {encoding}',
    secret: 'secret',
    unknown: 'unknown',
  },
  'zh-CN': {
    method: '方法',
    path: '路径',
    target: '路径和查询',
    url: 'URL',
    query: '排序后的查询',
    form: '排序后的表单',
    body: '正文',
    digest: '正文 {digest} {encoding}',
    secret: '密钥',
    unknown: '未知',
  },
});

const WORDS = ['method', 'path', 'target', 'url', 'query', 'form', 'body', 'secret'] as const;

/** A segment as it stands in the template; a literal is itself. */
export function segmentText(segment: unknown): string {
  const [kind, value] = Object.entries((segment ?? {}) as Record<string, unknown>)[0] ?? [];
  if (kind === 'literal') return String(value).replaceAll('\n', '⏎').replaceAll('\r', '␍');
  if (kind === 'field') return `{${String(value)}}`;
  if (kind === 'optional') return `[${template(value)}]`;
  if (kind === 'body' && value !== null && typeof value === 'object') {
    const { digest = '', encoding = '' } = value as { digest?: string; encoding?: string };
    return `{${t('digest', { digest, encoding })}}`;
  }
  const word = WORDS.find((known) => known === kind);
  return `{${word ? t(word) : t('unknown')}}`;
}

export function template(segments: unknown): string {
  return Array.isArray(segments) ? segments.map(segmentText).join('') : '';
}

/** The pieces to add: one of every kind that the language has, and one for every field that the contract declares. */
export function newSegments(schema: Schema, fields: string[]): Record<string, unknown>[] {
  const kinds = Object.entries((part(schema, '$defs', 'segment', 'properties') ?? {}) as Record<string, Schema>);
  return kinds.flatMap(([kind, declared]) => {
    if (kind === 'field') return fields.map((field) => ({ field }));
    const value = startOf(schema, kind, declared);
    return value === undefined ? [] : [{ [kind]: value }];
  });
}

/** What a new segment holds; a group is written in the document. */
function startOf(schema: Schema, kind: string, declared: Schema): unknown {
  if (kind === 'literal') return '.';
  if (kind === 'optional') return undefined;
  if (kind === 'body') return 'raw';
  if (declared.const !== undefined) return declared.const;
  if (declared.type === 'array') return [first(part(declared, 'items')?.enum)];
  const { required, properties } = part(schema, '$defs', 'segment', 'properties', kind) ?? {};
  if (!Array.isArray(required)) return undefined;
  const samples: Record<string, string> = { pair: '=', join: '&' };
  return Object.fromEntries(
    required.map((name: string) => [
      name,
      first((properties as Record<string, Schema>)[name]?.enum) ?? samples[name] ?? '',
    ]),
  );
}

function first(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}
