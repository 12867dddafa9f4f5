// The segments of the signed bytes, as a row to move, remove and add, below the resulting template.

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import { segmentText, template } from './signed.js';

const t = texts({
  en: {
    template: 'In this order:',
    earlier: 'Move {piece} left',
    later: 'Move {piece} right',
    remove: 'Remove {piece}',
    add: 'Add a piece',
    literal: 'fixed text',
    text: 'Fixed text, piece {n}',
    pieces: 'Pieces',
  },
  'zh-CN': {
    template: '按此顺序：',
    earlier: '把 {piece} 前移',
    later: '把 {piece} 后移',
    remove: '移除 {piece}',
    add: '添加一段',
    literal: '固定文本',
    text: '固定文本，第 {n} 段',
    pieces: '各段',
  },
});

type Segment = Record<string, unknown>;

/** @param adds the pieces that can be added */
export function chips(
  adds: Segment[],
  onValue: (value: unknown) => void,
): { element: HTMLElement; marked: HTMLElement[]; show(value: unknown): void } {
  let segments: Segment[] = [];
  const shown = h('code', { class: 'contract-template' });
  const list = h('ol', { class: 'contract-chips', 'aria-label': t('pieces') });
  const add = h('select', { 'aria-label': t('add'), 'data-part': 'add' }, h('option', { value: '' }, t('add')));
  add.append(
    ...adds.map((segment, index) =>
      h('option', { value: index }, 'literal' in segment ? t('literal') : segmentText(segment)),
    ),
  );
  add.addEventListener('change', () => {
    const segment = adds[Number(add.value)];
    if (add.value === '' || !segment) return;
    add.value = '';
    give([...segments, segment]);
  });

  function give(next: Segment[], focus?: string) {
    show(next);
    onValue(next.length === 0 ? undefined : next);
    if (focus === undefined) return;
    const wanted = list.querySelector<HTMLElement>(`[data-part="${focus}"]:not(:disabled)`);
    (wanted ?? list.querySelector<HTMLElement>('button:not(:disabled)') ?? add).focus();
  }

  function moved(from: number, to: number) {
    const next = segments.toSpliced(from, 1);
    next.splice(to, 0, segments[from]!);
    give(next, `${to < from ? 'earlier' : 'later'}-${to}`);
  }

  function chip(segment: Segment, index: number) {
    const piece = segmentText(segment);
    const button = (name: 'earlier' | 'later' | 'remove', sign: string, disabled: boolean, onclick: () => void) =>
      h(
        'button',
        {
          type: 'button',
          'data-part': `${name}-${index}`,
          'aria-label': t(name, { piece }),
          title: t(name, { piece }),
          disabled,
          onclick,
        },
        sign,
      );
    return h(
      'li',
      { class: 'contract-chip' },
      'literal' in segment ? literal(segment, index) : h('code', {}, piece),
      button('earlier', '←', index === 0, () => moved(index, index - 1)),
      button('later', '→', index === segments.length - 1, () => moved(index, index + 1)),
      button('remove', '×', false, () => give(segments.toSpliced(index, 1), `remove-${Math.max(0, index - 1)}`)),
    );
  }

  /** Typing does not redraw it; a line break is written as \n. */
  function literal(segment: Segment, index: number) {
    const input = h('input', {
      type: 'text',
      size: 4,
      spellcheck: 'false',
      autocomplete: 'off',
      'data-part': `literal-${index}`,
      'aria-label': t('text', { n: index + 1 }),
      oninput: () => {
        segments = segments.with(index, { literal: input.value.replaceAll('\\n', '\n').replaceAll('\\r', '\r') });
        shown.textContent = template(segments);
        onValue(segments);
      },
    });
    input.value = String(segment.literal).replaceAll('\n', '\\n').replaceAll('\r', '\\r');
    return input;
  }

  function show(value: unknown) {
    const next = (value ?? []) as Segment[];
    if (list.childElementCount > 0 && JSON.stringify(next) === JSON.stringify(segments)) return;
    segments = next;
    shown.textContent = template(segments);
    list.replaceChildren(...segments.map(chip));
  }

  const element = h('div', { class: 'contract-signed' }, h('p', {}, t('template'), ' ', shown), list, add);
  return { element, marked: [add], show };
}
