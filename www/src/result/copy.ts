// A button that copies a text, and says whether it did.

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';

const t = texts({
  en: { copy: 'Copy', copied: 'Copied', failed: 'Not copied: select the text and copy it by hand' },
  'zh-CN': { copy: '复制', copied: '已复制', failed: '未能复制：请选中文本后手动复制' },
});

/** @param what names it for screen readers, where several buttons stand on a page */
export function copyButton(text: () => string, what: string, key: string): HTMLElement {
  const said = h('span', { class: 'result-copied', role: 'status' });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      said.textContent = t('copied');
    } catch {
      said.textContent = t('failed');
    }
    setTimeout(() => said.replaceChildren(), 4000);
  };
  const attributes = {
    type: 'button',
    class: 'result-small',
    'data-key': key,
    'aria-label': `${t('copy')}: ${what}`,
    onclick: () => void copy(),
  };
  const button = h('button', attributes, t('copy'));
  return h('span', { class: 'result-copy' }, button, said);
}
