// Bytes on the screen: as text or in hex.

import { toHex } from '../base/bytes.js';
import { h } from '../base/dom.js';
import { numberText, texts } from '../base/language.js';
import { betweenCharacters, pieces } from './byte-text.js';
import './bytes.css';

const t = texts({
  en: { SPACE: 'space', TAB: 'tab', LF: 'line feed', CR: 'carriage return', DEL: 'delete', more: '… {n} more bytes' },
  'zh-CN': { SPACE: '空格', TAB: '制表符', LF: '换行', CR: '回车', DEL: '删除', more: '… 还有 {n} 个字节' },
});

/** A byte's or character's name in words: `space`, `U+FEFF`. */
export function byteName(name: string): string {
  return name === 'SPACE' || name === 'TAB' || name === 'LF' || name === 'CR' || name === 'DEL' ? t(name) : name;
}

/** At most `most` bytes; how many more there are is said. */
export function byteSpans(bytes: Uint8Array, hex: boolean, most = 2000): Node[] {
  const shown = bytes.length > most ? bytes.subarray(0, betweenCharacters(bytes, most)) : bytes;
  const nodes = hex ? [document.createTextNode(toHex(shown, ' '))] : pieces(shown).flatMap(span);
  if (shown.length < bytes.length) nodes.push(moreBytes(bytes.length - shown.length));
  return nodes;
}

/** `… 812 more bytes` */
export function moreBytes(count: number): HTMLElement {
  return h('span', { class: 'result-more' }, ` ${t('more', { n: numberText(count) })}`);
}

function span({ text, kind, name }: ReturnType<typeof pieces>[number]): Node[] {
  if (kind === 'text') return [document.createTextNode(text)];
  const mark = h(
    'span',
    { class: name === 'SPACE' ? 'result-space' : 'result-unprinted', title: name && byteName(name) },
    text,
  );
  return kind === 'break' ? [mark, h('br')] : [mark];
}
