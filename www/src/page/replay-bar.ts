// Sending as a sender would: the replay key of an accepted message is remembered, and its copy is a replay.

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import { seconds } from '../base/time.js';
import type { Outcome } from './outcome.js';
import type { Store } from './store.js';

const t = texts({
  en: {
    send: 'Send',
    sent: 'Remembered: {n}',
    unremembered: 'Nothing to remember: the verdict has no replay key',
    forget: 'Forget',
    sendTitle: 'Claim the replay key as a receiver would: send twice to see a replay',
  },
  'zh-CN': {
    send: '发送',
    sent: '已记住：{n}',
    unremembered: '没有可记住的内容：判定中没有去重键',
    forget: '忘记',
    sendTitle: '像接收方一样登记去重键：发送两次即可看到重放',
  },
});

interface ReplayBar {
  elements: HTMLElement[];
  update(): void;
}

/** @param run judges what is there now */
export function replayBar(store: Store, run: () => Promise<Outcome | undefined>): ReplayBar {
  const send = h('button', { type: 'button', title: t('sendTitle'), onclick: () => void sendOnce() }, t('send'));
  const sent = h('span', { class: 'label', role: 'status' });
  const forget = h(
    'button',
    { type: 'button', class: 'quiet', onclick: () => store.change((state) => (state.seen = []), { atOnce: true }) },
    t('forget'),
  );

  async function sendOnce(): Promise<void> {
    const met = await run();
    if (met?.kind !== 'verdict' || met.verdict.verdict !== 'accept') return;
    const { replay } = met.verdict;
    if (!replay) {
      sent.textContent = t('unremembered');
      return;
    }
    // What is shown stays what this sending met: the next one meets the key.
    store.change((state) => (state.seen = [...state.seen, { key: replay.key, until: replay.forgetAfter }]), {
      view: true,
    });
  }

  return {
    elements: [send, sent, forget],
    update() {
      const { mode, action, seen, now } = store.state;
      const webhook = mode === 'webhook';
      const known = seen.filter(({ until }) => until > (now ?? seconds()));
      send.hidden = !webhook || action !== 'verify';
      sent.textContent = webhook && known.length > 0 ? t('sent', { n: known.length }) : '';
      forget.hidden = !webhook || seen.length === 0;
    },
  };
}
