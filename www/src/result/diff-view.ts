// What the sender signed against what arrived.

import { h } from '../base/dom.js';
import { numberText, texts } from '../base/language.js';
import { byteDiff, type Hunk } from './byte-diff.js';
import { byteName, byteSpans, moreBytes } from './byte-spans.js';
import { betweenCharacters, byteWord } from './byte-text.js';
import { groupsOf, type Group } from './diff-groups.js';
import { redraw } from './redraw.js';
import { sign, unseen } from './words.js';

const t = texts({
  en: {
    title: 'What the sender signed and what arrived',
    signed: 'signed',
    arrived: 'arrived',
    same: 'Both are the same: {n} bytes.',
    sizes: 'signed: {a} bytes; arrived: {b} bytes',
    equal: '… {n} equal bytes …',
    oneEqual: '… 1 equal byte …',
    more: '… {n} more differences are not shown',
    first: 'at byte {at}: the sender signed {a}; what arrived has {b}',
    firstEnd: 'at byte {at}: the sender signed {a}; what arrived ends there',
    firstMore: 'at byte {at}: what the sender signed ends; what arrived goes on with {b}',
    hex: 'Hex',
    only: 'changed: ',
    end: ' (end of change)',
  },
  'zh-CN': {
    title: '发送方签名的内容与实际到达的内容',
    signed: '签名',
    arrived: '到达',
    same: '两者相同：{n} 个字节。',
    sizes: '签名：{a} 个字节；到达：{b} 个字节',
    equal: '… {n} 个相同的字节 …',
    oneEqual: '… 1 个相同的字节 …',
    more: '… 另有 {n} 处差异未显示',
    first: '第 {at} 字节：发送方签名的是 {a}，到达的是 {b}',
    firstEnd: '第 {at} 字节：发送方签名的是 {a}，到达的内容到此结束',
    firstMore: '第 {at} 字节：发送方签名的内容到此结束，到达的内容还有 {b}',
    hex: '十六进制',
    only: '不同：',
    end: '（不同处结束）',
  },
});

/** Bytes of one row. */
const ROW = 1000;

interface DiffOptions {
  hex?: boolean;
  onHex?: (hex: boolean) => void;
  /** Groups of differences that are shown. */
  limit?: number;
}

export function diffView(
  expected: Uint8Array,
  received: Uint8Array,
  { hex = false, onHex, limit = 40 }: DiffOptions = {},
): HTMLElement {
  const hunks = byteDiff(expected, received);
  const box = h('div', {});
  const draw = (asHex: boolean) =>
    redraw(
      box,
      ...drawn(hunks, expected, received, asHex, limit, () => {
        onHex?.(!asHex);
        draw(!asHex);
      }),
    );
  draw(hex);
  return h('div', { class: 'result-diff' }, h('h3', {}, t('title')), box);
}

/** The first difference in words; undefined where there is none. Bytes are counted from 0. */
export function firstDifference(expected: Uint8Array, received: Uint8Array): string | undefined {
  let at = 0;
  while (at < expected.length && expected[at] === received[at]) at += 1;
  if (at === expected.length && at === received.length) return undefined;
  const [a, b] = [expected[at], received[at]].map((byte) => (byte === undefined ? '' : byteWord(byte, byteName)));
  const place = numberText(at);
  if (at >= received.length) return t('firstEnd', { at: place, a: a! });
  if (at >= expected.length) return t('firstMore', { at: place, b: b! });
  return t('first', { at: place, a: a!, b: b! });
}

function drawn(
  hunks: Hunk[],
  expected: Uint8Array,
  received: Uint8Array,
  hex: boolean,
  limit: number,
  toggle: () => void,
): HTMLElement[] {
  const words = firstDifference(expected, received);
  if (words === undefined) return [h('p', {}, sign('='), t('same', { n: numberText(expected.length) }))];
  const { groups, rest } = groupsOf(hunks);
  const rows = groups
    .slice(0, limit)
    .flatMap((group) => [gap(group.skipped), row(group, 'removed', hex), row(group, 'added', hex)]);
  const hidden = groups.length - limit;
  return [
    h('p', { class: 'result-diff-first' }, words),
    h(
      'p',
      { class: 'result-dim' },
      t('sizes', { a: numberText(expected.length), b: numberText(received.length) }),
      ' ',
      h(
        'button',
        { type: 'button', class: 'result-small', 'data-key': 'diff hex', 'aria-pressed': String(hex), onclick: toggle },
        t('hex'),
      ),
    ),
    h(
      'div',
      { class: 'result-diff-rows' },
      ...rows,
      hidden > 0 ? h('p', { class: 'result-gap' }, t('more', { n: numberText(hidden) })) : gap(rest),
    ),
  ];
}

/** One side of a group, with what only this side has marked. */
function row({ hunks }: Group, side: 'removed' | 'added', hex: boolean): HTMLElement {
  const own = hunks.filter((hunk) => hunk.kind === 'equal' || hunk.kind === side);
  const at = side === 'removed' ? hunks[0]!.expectedAt : hunks[0]!.receivedAt;
  let left = ROW;
  let hidden = own.reduce((sum, hunk) => sum + hunk.bytes.length, 0);
  const parts = own.flatMap((hunk): (Node | string)[] => {
    const shown = hunk.bytes.subarray(0, hunk.bytes.length > left ? betweenCharacters(hunk.bytes, left) : undefined);
    left = shown.length < hunk.bytes.length ? 0 : left - shown.length;
    if (shown.length === 0) return [];
    hidden -= shown.length;
    const bytes = byteSpans(shown, hex);
    if (hunk.kind === 'equal') return hex ? [...bytes, ' '] : bytes;
    return [h(side === 'removed' ? 'del' : 'ins', {}, unseen(t('only')), ...bytes, unseen(t('end'))), hex ? ' ' : ''];
  });
  if (hidden > 0) parts.push(moreBytes(hidden));
  const word = t(side === 'removed' ? 'signed' : 'arrived');
  return h(
    'div',
    { class: `result-diff-row result-diff-${side}` },
    h(
      'span',
      { class: 'result-diff-side' },
      sign(side === 'removed' ? '−' : '+'),
      word,
      ' ',
      h('span', { class: 'result-diff-at' }, numberText(at)),
      unseen(': '),
    ),
    h('code', { class: 'result-bytes' }, ...parts),
  );
}

function gap(count: number): HTMLElement | undefined {
  return count > 0
    ? h('p', { class: 'result-gap' }, count === 1 ? t('oneEqual') : t('equal', { n: numberText(count) }))
    : undefined;
}
