// What signing and shaping make: a message, which may replace the one in the editor.

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import { messageText } from '../request/recording.js';
import type { State } from '../state.js';
import { wordsOf } from './outcome-words.js';
import type { Outcome } from './outcome.js';
import type * as Views from './views.js';

interface Actions {
  onMessage(message: State['message']): void;
  focusKey(): void;
}
type Of<Kind extends Outcome['kind']> = Extract<Outcome, { kind: Kind }>;

const t = texts({
  en: {
    putSigned: 'Put it into the request',
    putShaped: 'Put it into the request as its body',
    curl: 'curl',
    raw: 'Raw HTTP',
    rawBase64: 'Raw HTTP, its body in base64',
  },
  'zh-CN': {
    putSigned: '放入请求',
    putShaped: '作为正文放入请求',
    curl: 'curl',
    raw: '原始 HTTP',
    rawBase64: '原始 HTTP（正文为 base64）',
  },
});

/** @param origin where the message goes, if it is a proxy that the sender calls */
export function signedMessage(
  outcome: Of<'signed'>,
  views: typeof Views,
  actions: Actions,
  origin: string | undefined,
): Node[] {
  const { message, noKey } = outcome;
  const words = wordsOf(outcome, 'webhook', views);
  if (noKey) return [views.noKeyView({ onEnter: actions.focusKey }), h('p', { class: 'dim' }, words)];
  const text = messageText(message);
  const curl = views.curlCommand(message, { origin });
  const shown = (title: string, content: string): HTMLElement =>
    h(
      'section',
      {},
      h(
        'div',
        { class: 'result-json-head' },
        h('h3', {}, title),
        views.copyButton(() => content, title, `copy ${title}`),
      ),
      h('pre', { tabindex: 0, role: 'region', 'aria-label': title, class: 'signed-message' }, content),
    );
  return [
    h('p', {}, words),
    h('p', {}, h('button', { type: 'button', onclick: () => actions.onMessage(text) }, t('putSigned'))),
    shown(t(text.base64 ? 'rawBase64' : 'raw'), text.text),
    ...(curl === undefined ? [] : [shown(t('curl'), curl)]),
  ];
}

export function shapedMessage(outcome: Of<'shaped'>, views: typeof Views, { onMessage }: Actions): Node[] {
  const { message, parsed } = outcome;
  const title = wordsOf({ ...outcome, message: message ?? '' }, 'webhook', views);
  const view = views.messageView(message, { title });
  if (message === undefined) return [view];
  const put = (): void => {
    const found = parsed.message;
    if (found) onMessage(messageText({ ...found, body: new TextEncoder().encode(message) }));
  };
  return [view, h('button', { type: 'button', onclick: put }, t('putShaped'))];
}
