// A line above the panes for what concerns the page as a whole.

import { h } from '../base/dom.js';

export interface Banner {
  element: HTMLElement;
  say(message: string, severity?: 'warn' | 'fail', button?: HTMLElement): void;
  hush(): void;
}

export function banner(): Banner {
  const element = h('div', { class: 'banner', role: 'alert', hidden: true });
  const hush = (): void => void (element.hidden = true);
  return {
    element,
    hush,
    say(message, severity = 'warn', button) {
      element.className = `banner ${severity}`;
      element.replaceChildren(
        h('span', {}, message),
        ...(button ? [button] : []),
        h('button', { type: 'button', class: 'quiet', 'aria-label': '×', onclick: hush }, '×'),
      );
      element.hidden = false;
    },
  };
}
