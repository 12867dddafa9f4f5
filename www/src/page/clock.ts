// The time of the check: the clock or a chosen time, with the window in which the message is fresh.

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import { parseTime, seconds, timeText } from '../base/time.js';
import './clock.css';

const t = texts({
  en: {
    now: 'Judge at',
    live: 'Clock',
    signed: 'As signed',
    signedTitle: 'Check at the signed time, as a receiver would have done then',
    liveTitle: 'Check at the current time',
    input: 'Time of the check: Unix seconds or RFC 3339',
    slider: 'Move the time',
    open: 'fresh: signed {age}, the window closes in {left}',
    old: 'too old: signed {age}, the window closed {ago}',
    early: 'too new: signed {age}, the window opens in {left}',
    bad: 'not a time: write Unix seconds or 2026-11-21T09:00:00Z',
    d: 'd',
    h: 'h',
    min: 'min',
    s: 's',
    past: '{n} ago',
    future: '{n} ahead',
    unwindowed: 'signed {age}',
  },
  'zh-CN': {
    now: '判定时刻',
    live: '时钟',
    signed: '签名时刻',
    signedTitle: '按签名的时间判定，如同当时的接收方',
    liveTitle: '按当前时钟判定',
    input: '判定所用时间：Unix 秒或 RFC 3339',
    slider: '移动时间',
    open: '新鲜：签名于{age}，窗口将在{left}后关闭',
    old: '过旧：签名于{age}，窗口已于{ago}关闭',
    early: '过新：签名于{age}，窗口将在{left}后打开',
    bad: '不是时间：请写 Unix 秒或 2026-11-21T09:00:00Z',
    d: '天',
    h: '小时',
    min: '分钟',
    s: '秒',
    past: '{n}前',
    future: '{n}后',
    unwindowed: '签名于{age}',
  },
});

/** What is known of the message's time. */
export interface Window {
  signed?: number;
  past?: number;
  future?: number;
}

export interface Clock {
  element: HTMLElement;
  update(now: number | null, window: Window): void;
}

export function clock(onChange: (now: number | null) => void): Clock {
  let shown: { now: number | null; window: Window } = { now: null, window: {} };
  const input = h('input', {
    type: 'text',
    class: 'clock-input',
    'aria-label': t('input'),
    spellcheck: 'false',
    autocomplete: 'off',
    onchange: typed,
  });
  const live = h(
    'button',
    {
      type: 'button',
      class: 'clock-live',
      title: t('liveTitle'),
      onclick: () => onChange(shown.now === null ? seconds() : null),
    },
    t('live'),
  );
  const atSigned = h(
    'button',
    {
      type: 'button',
      title: t('signedTitle'),
      hidden: true,
      onclick: () => shown.window.signed !== undefined && onChange(shown.window.signed),
    },
    t('signed'),
  );
  const slider = h('input', {
    type: 'range',
    class: 'clock-slider',
    'aria-label': t('slider'),
    step: 1,
    oninput: () => onChange(Number(slider.value)),
  });
  const words = h('span', { class: 'clock-words' });
  const element = h(
    'div',
    { class: 'clock', role: 'group', 'aria-label': t('now') },
    h('span', { class: 'label' }, t('now')),
    input,
    live,
    atSigned,
    slider,
    words,
  );
  const ticking = setInterval(() => {
    if (!element.isConnected) clearInterval(ticking);
    else if (shown.now === null) draw();
  }, 1000);

  function typed(): void {
    const time = parseTime(input.value);
    if (time === undefined) {
      input.setAttribute('aria-invalid', 'true');
      words.textContent = t('bad');
      return;
    }
    onChange(time);
  }

  function draw(): void {
    const { now, window } = shown;
    const at = now ?? seconds();
    if (document.activeElement !== input) input.value = String(at);
    input.removeAttribute('aria-invalid');
    input.title = timeText(at);
    live.setAttribute('aria-pressed', String(now === null));
    const { signed, past, future } = window;
    slider.hidden = signed === undefined;
    atSigned.hidden = signed === undefined || signed === at;
    words.className = 'clock-words';
    if (signed === undefined) {
      words.textContent = '';
      return;
    }
    const [from, to] = [signed - (future ?? 300), signed + (past ?? 300)];
    const margin = Math.max(60, Math.round((to - from) / 3));
    const [min, max] = [Math.min(from - margin, at), Math.max(to + margin, at)];
    Object.assign(slider, { min: String(min), max: String(max), value: String(at) });
    const percent = (time: number): string => `${((time - min) / (max - min)) * 100}%`;
    slider.style.setProperty('--from', past === undefined && future === undefined ? '0%' : percent(from));
    slider.style.setProperty('--to', past === undefined && future === undefined ? '100%' : percent(to));
    const age = at >= signed ? t('past', { n: duration(at - signed) }) : t('future', { n: duration(signed - at) });
    if (past === undefined && future === undefined) words.textContent = t('unwindowed', { age });
    else if (at > to) words.textContent = t('old', { age, ago: t('past', { n: duration(at - to) }) });
    else if (at < from) words.textContent = t('early', { age, left: duration(from - at) });
    else words.textContent = t('open', { age, left: duration(to - at) });
    words.classList.add(past === undefined && future === undefined ? 'dim' : at > to || at < from ? 'fail' : 'pass');
    slider.setAttribute('aria-valuetext', words.textContent);
  }

  return {
    element,
    update(now, window) {
      shown = { now, window };
      draw();
    },
  };
}

function duration(all: number): string {
  const parts = [
    [Math.floor(all / 86400), 'd'],
    [Math.floor(all / 3600) % 24, 'h'],
    [Math.floor(all / 60) % 60, 'min'],
    [all % 60, 's'],
  ] as const;
  const from = parts.findIndex(([count]) => count > 0);
  const shown = from === -1 ? [[0, 's'] as const] : parts.slice(from, from + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${t(unit)}`).join(' ');
}
