// What would not be seen is drawn in letters, as few fonts have signs for it: `CR` for a carriage return, `U+00A0` and
// the like for others.

import { highlightSpecialChars } from '@codemirror/view';

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';

const t = texts({
  en: { invisible: 'Invisible character {code}', return: 'Carriage return' },
  'zh-CN': { invisible: '不可见字符 {code}', return: '回车符' },
});

const CARRIAGE_RETURN = 0x0d;

function drawn(point: number): HTMLElement {
  const isReturn = point === CARRIAGE_RETURN;
  const code = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
  const name = isReturn ? t('return') : t('invisible', { code });
  return h(
    'span',
    { class: isReturn ? 'editor-return' : 'editor-invisible', role: 'img', title: name, 'aria-label': name },
    isReturn ? 'CR' : code,
  );
}

/** A space that does not break is one that a signature covers and nobody sees. */
export const specialCharacters = highlightSpecialChars({ render: drawn, addSpecialChars: /\u00a0/g });
