// Weaknesses of the contract itself.

import type { Finding } from '../../../pkg/index.js';
import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import { findingsList, type FindingsHandle, type FindingsOptions } from './findings.js';
import { countsOf, sign } from './words.js';

const t = texts({
  en: { title: 'Weaknesses of the contract', none: 'No weaknesses were found in the contract itself.' },
  'zh-CN': { title: '契约本身的弱点', none: '没有发现契约本身的弱点。' },
});

export function lintView(lint: readonly Finding[], options: FindingsOptions<Finding>): FindingsHandle {
  const list = findingsList(lint, options);
  const element =
    lint.length === 0
      ? h('p', { class: 'result-none' }, sign('✓'), t('none'))
      : h(
          'div',
          { class: 'result-lint' },
          h('h3', {}, t('title'), h('span', { class: 'result-dim' }, ` ${countsOf(lint)}`)),
          list.element,
        );
  return { ...list, element };
}
