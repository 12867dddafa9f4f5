// How to fix a cause, for the reader's framework.

import type { Framework } from '../../../pkg/index.js';
import { freshId, h } from '../base/dom.js';
import { language, texts } from '../base/language.js';
import { codeLines } from './code-lines.js';
import { copyButton } from './copy.js';
import { inlineCode } from './words.js';

const FRAMEWORKS: Record<Framework, string> = {
  express: 'Express',
  fastify: 'Fastify',
  hono: 'Hono',
  next: 'Next.js',
  flask: 'Flask',
  rails: 'Rails',
  go: 'Go',
};
const NAMES = Object.keys(FRAMEWORKS) as Framework[];
/** Code that is longer stands in a block of its own, with a button that copies it. */
const INLINE = 44;

const t = texts({
  en: { mend: 'How to fix it', framework: 'Framework', code: '{framework} code' },
  'zh-CN': { mend: '如何修复', framework: '框架', code: '{framework} 代码' },
});

/** @param key of the cause, so that focus is found again when the view is drawn anew */
export function mendView(
  mends: Record<Framework, string>,
  key: string,
  chosen: Framework,
  onFramework: (framework: Framework) => void,
): HTMLElement {
  const heading = h('h4', {}, t('mend'));
  if (new Set(Object.values(mends)).size === 1)
    return h('div', { class: 'result-mend' }, heading, mendText(mends[chosen], chosen, key));
  const panel = h('div', { id: freshId('mend'), role: 'tabpanel', class: 'result-mend-panel' });
  const tabs = NAMES.map((name) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: freshId('tab'),
        'data-key': `${key} ${name}`,
        'aria-controls': panel.id,
        onclick: () => onFramework(name),
        onkeydown: (event: KeyboardEvent) => move(event, name),
      },
      FRAMEWORKS[name],
    ),
  );
  const move = (event: KeyboardEvent, from: Framework) => {
    const at = NAMES.indexOf(from);
    const to = {
      ArrowRight: (at + 1) % NAMES.length,
      ArrowLeft: (at + NAMES.length - 1) % NAMES.length,
      Home: 0,
      End: NAMES.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    tabs[to]!.focus();
    onFramework(NAMES[to]!);
  };
  for (const [index, tab] of tabs.entries()) {
    const selected = NAMES[index] === chosen;
    tab.setAttribute('aria-selected', String(selected));
    tab.tabIndex = selected ? 0 : -1;
    if (selected) panel.setAttribute('aria-labelledby', tab.id);
  }
  panel.append(mendText(mends[chosen], chosen, key));
  return h(
    'div',
    { class: 'result-mend' },
    heading,
    h('div', { role: 'tablist', 'aria-label': t('framework'), class: 'result-tabs' }, ...tabs),
    panel,
  );
}

/** Prose with its code: short code within the line, long code as a block. */
function mendText(text: string, framework: Framework, key: string): HTMLElement {
  const box = h('div', { lang: language() === 'en' ? undefined : 'en' });
  let line = h('p');
  const endLine = () => {
    if (line.textContent?.trim()) box.append(line);
    line = h('p');
  };
  for (const [index, part] of inlineCode(text).entries()) {
    if (!part.code) line.append(line.hasChildNodes() ? part.text : part.text.replace(/^[\s;,]+/, ''));
    else if (part.text.length <= INLINE) line.append(h('code', {}, part.text));
    else {
      endLine();
      const code = codeLines(part.text);
      box.append(
        h(
          'div',
          { class: 'result-block' },
          copyButton(() => code, t('code', { framework: FRAMEWORKS[framework] }), `${key} copy ${index}`),
          h('pre', {}, h('code', {}, code)),
        ),
      );
    }
  }
  endLine();
  return box;
}
