// Places in words, and what kind of place each is.

import { texts } from '../base/language.js';

export type Source = 'header' | 'query' | 'body' | 'field' | 'target' | 'literal' | 'secret';

const t = texts({
  en: {
    header: 'header {name}',
    query: 'query {name}',
    wholeQuery: 'query',
    field: 'field {name}',
    body: 'body',
    member: 'body {name}',
    literal: 'literal',
    secret: 'key (never shown)',
    path: 'path',
    url: 'URL',
    method: 'method',
    status: 'status',
    authority: 'authority',
    pathParameter: 'path {name}',
  },
  'zh-CN': {
    header: '标头 {name}',
    query: '查询参数 {name}',
    wholeQuery: '查询字符串',
    field: '字段 {name}',
    body: '正文',
    member: '正文 {name}',
    literal: '固定文本',
    secret: '密钥（从不显示）',
    path: '路径',
    url: 'URL',
    method: '方法',
    status: '状态码',
    authority: '主机',
    pathParameter: '路径 {name}',
  },
});

export function sourceOf(at: string): Source {
  if (at === 'literal' || at === 'secret') return at;
  if (at === '' || at === 'body' || at.startsWith('/')) return 'body';
  const [kind] = at.split(':', 1);
  return kind === 'header' || kind === 'query' || kind === 'field' ? kind : 'target';
}

/** `header:x-ts` as `header x-ts`, and so on; what is not known stays as it is. */
export function placeName(at: string): string {
  const source = sourceOf(at);
  const name = at.slice(at.indexOf(':') + 1);
  if (source === 'literal' || source === 'secret') return t(source);
  if (source === 'body') return at.startsWith('/') ? t('member', { name: at }) : t('body');
  if (source === 'query') return at === 'query' ? t('wholeQuery') : t('query', { name });
  if (source !== 'target') return t(source, { name });
  if (at.startsWith('path:')) return t('pathParameter', { name });
  return at === 'path' || at === 'url' || at === 'method' || at === 'status' || at === 'authority' ? t(at) : at;
}
