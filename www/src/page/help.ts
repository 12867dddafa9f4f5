// The keys that the page listens to.

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';

const t = texts({
  en: {
    title: 'Keys',
    next: 'next finding',
    previous: 'previous finding',
    run: 'judge now',
    tab: 'leave the editor',
    indent: 'indent, outdent',
    find: 'find in the editor',
    arrows: 'between tabs',
    close: 'Close',
  },
  'zh-CN': {
    title: '快捷键',
    next: '下一个问题',
    previous: '上一个问题',
    run: '立即检查',
    tab: '离开编辑器',
    indent: '缩进、减少缩进',
    find: '在编辑器中查找',
    arrows: '在标签之间移动',
    close: '关闭',
  },
});

export function helpDialog(): HTMLDialogElement {
  const rows: [string, string][] = [
    ['F8', t('next')],
    ['Shift F8', t('previous')],
    ['Ctrl/⌘ Enter', t('run')],
    ['Tab', t('tab')],
    ['Ctrl/⌘ ] [', t('indent')],
    ['Ctrl/⌘ F', t('find')],
    ['← →', t('arrows')],
  ];
  const dialog: HTMLDialogElement = h(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'help-title' },
    h('h2', { id: 'help-title' }, t('title')),
    h(
      'table',
      {},
      h(
        'tbody',
        {},
        ...rows.map(([key, does]) => h('tr', {}, h('th', { scope: 'row' }, h('kbd', {}, key)), h('td', {}, does))),
      ),
    ),
    h('button', { type: 'button', onclick: () => dialog.close() }, t('close')),
  );
  return dialog;
}
