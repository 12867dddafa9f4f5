// The page's privacy promise, shown only as far as it was just tested, and how anyone can test it.

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';

const t = texts({
  en: {
    closed: 'Nothing leaves this page',
    open: 'The network is not closed yet',
    offline: 'works offline',
    online: 'offline copy not kept here',
    title: 'Nothing leaves this page',
    close: 'Close',
    how: 'How to check it',
    how1:
      'The page loaded everything before the first check. Then it added a second Content-Security-Policy to its ' +
      "own head: connect-src 'none', no scripts, images or forms from any address. A page can add such a policy, " +
      'but never remove one.',
    how2:
      "Open the Network tab of the developer tools, clear it, and type: no line appears. Then run fetch('/') in " +
      'the console: the browser refuses it and names the policy.',
    how3: 'Or switch the network off: the page keeps working, and opens again without it.',
    how4:
      'Such a policy does not cover navigation to another page and WebRTC. This page uses neither, and no other ' +
      'script can be loaded; policies run inside the engine, which has no network at all. Keys are never in a ' +
      'link, and never stored.',
    now: 'Try it now',
    blocked: 'Refused, as promised: the browser blocked {url} (connect-src).',
    came: 'The request went through: this page is not closed. Do not paste anything confidential.',
  },
  'zh-CN': {
    closed: '任何内容都不会离开本页',
    open: '网络尚未关闭',
    offline: '可离线使用',
    online: '此处未保存离线副本',
    title: '任何内容都不会离开本页',
    close: '关闭',
    how: '如何验证',
    how1: "在检查任何内容之前，一切都已加载完毕。随后页面在自己的 head 中加入第二条内容安全策略：connect-src 'none'，也不允许来自任何地址的脚本、图片或表单。页面可以添加这样的策略，却永远无法撤销。",
    how2: "打开开发者工具的“网络”面板，清空后再输入：不会出现任何记录。然后在控制台中执行 fetch('/')：浏览器会拒绝并指出该策略。",
    how3: '或者断开网络：页面照常工作，也能在没有网络时再次打开。',
    how4: '此类策略管不到的，是转到另一个页面，以及 WebRTC。本页两者都不用，也没有其他脚本能进来；Rego 策略在引擎内部运行，引擎完全没有网络。密钥从不进入链接，也从不存储。',
    now: '立即验证',
    blocked: '如约被拒绝：浏览器阻止了 {url}（connect-src）。',
    came: '请求通过了：本页没有关闭网络。请勿粘贴任何机密内容。',
  },
});

export interface Privacy {
  element: HTMLElement;
  update(known: { closed: boolean; offline: boolean }): void;
}

export function privacy(): Privacy {
  const result = h('p', { role: 'status', class: 'privacy-result' });
  const dialog = h(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'privacy-title' },
    h('h2', { id: 'privacy-title' }, t('title')),
    h('p', {}, t('how1')),
    h('p', {}, t('how2')),
    h('p', {}, t('how3')),
    h('p', {}, t('how4')),
    h(
      'div',
      { class: 'dialog-bar' },
      h('button', { type: 'button', onclick: attempt }, t('now')),
      h('button', { type: 'button', onclick: () => dialog.close() }, t('close')),
    ),
    result,
  );
  const closed = h('span', {});
  const offline = h('span', {});
  const button = h('button', { type: 'button', class: 'quiet', onclick: () => dialog.showModal() }, t('how'));
  const element = h('div', { class: 'privacy' }, closed, ' · ', offline, ' · ', button, dialog);

  async function attempt(): Promise<void> {
    const url = new URL('.', location.href).href;
    const came = await fetch(url).then(
      () => true,
      () => false,
    );
    result.textContent = came ? t('came') : t('blocked', { url });
    result.className = `privacy-result ${came ? 'fail' : 'pass'}`;
  }

  return {
    element,
    update(known) {
      closed.textContent = known.closed ? `✓ ${t('closed')}` : t('open');
      closed.className = known.closed ? 'pass' : 'warn';
      offline.textContent = known.offline ? `✓ ${t('offline')}` : t('online');
    },
  };
}
