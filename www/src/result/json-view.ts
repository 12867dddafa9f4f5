// JSON to read and to copy: the canonical message, and the verdict as runtimes agree on it byte by byte.

import { h } from '../base/dom.js';
import { formatJson } from '../base/format-json.js';
import { texts } from '../base/language.js';
import { copyButton } from './copy.js';

const t = texts({
  en: {
    message: 'The canonical message',
    none: 'There is no message: there is one if the verdict is accept and the contract has a `shape`.',
    text: 'The verdict as JSON',
    canonical: 'Canonical bytes',
    about: 'The same in every runtime, byte for byte.',
  },
  'zh-CN': {
    message: '规范消息',
    none: '没有消息：只有判定为接受且契约含有 shape 时才会生成。',
    text: 'JSON 格式的判定',
    canonical: '规范字节',
    about: '在任何运行环境中都逐字节相同。',
  },
});

/** The shaped message, as the value or as the text that is to be signed. */
export function messageView(
  message: Record<string, unknown> | string | undefined,
  { title = t('message') }: { title?: string } = {},
): HTMLElement {
  if (message === undefined) return h('p', { class: 'result-none' }, t('none'));
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return h(
    'div',
    { class: 'result-json' },
    h(
      'div',
      { class: 'result-json-head' },
      h('h3', {}, title),
      copyButton(() => text, title, `copy ${title}`),
    ),
    h('pre', {}, formatJson(text) ?? text),
  );
}

/** A canonical text: pretty to read, and as it is to copy and to compare. */
export function jsonView(text: string): HTMLElement {
  const title = t('text');
  return h(
    'div',
    { class: 'result-json' },
    h(
      'div',
      { class: 'result-json-head' },
      h('h3', {}, title),
      copyButton(() => text, title, `copy ${title}`),
    ),
    h('pre', {}, formatJson(text) ?? text),
    h(
      'details',
      { class: 'result-canonical', 'data-key': `canonical ${title}` },
      h('summary', {}, t('canonical')),
      h('p', { class: 'result-dim' }, t('about')),
      h('pre', {}, text),
    ),
  );
}
