// Tabs as the ARIA Authoring Practices have them: one stop for the Tab key, arrows between them, a panel each. A panel
// is drawn when it is first opened, and kept.

import { freshId, h } from '../base/dom.js';

export interface Tab<Id extends string> {
  id: Id;
  label: string;
  draw(panel: HTMLElement): void;
}

export interface Tabs<Id extends string> {
  /** The row of tabs. */
  list: HTMLElement;
  /** All panels. */
  panels: HTMLElement;
  select(id: Id): void;
  /** A short text behind a tab's label, such as a count. */
  badge(id: Id, text: string): void;
  show(id: Id, shown: boolean): void;
  name(id: Id, label: string): void;
}

export function tabs<Id extends string>(label: string, all: Tab<Id>[], onSelect: (id: Id) => void): Tabs<Id> {
  const list = h('div', { role: 'tablist', 'aria-label': label, class: 'tabs' });
  const panels = h('div', { class: 'panels' });
  const parts = all.map((tab) => {
    const [tabId, panelId] = [freshId('tab'), freshId('panel')];
    const badge = h('span', { class: 'badge' });
    const name = h('span', {}, tab.label);
    const button = h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: tabId,
        'aria-controls': panelId,
        'data-tab': tab.id,
        onclick: () => choose(tab.id),
      },
      name,
      badge,
    );
    const panel = h('div', { role: 'tabpanel', id: panelId, 'aria-labelledby': tabId, class: 'panel', hidden: true });
    list.append(button);
    panels.append(panel);
    return { ...tab, button, name, panel, badge, drawn: false };
  });

  function select(id: Id): void {
    for (const part of parts) {
      const selected = part.id === id;
      part.button.setAttribute('aria-selected', String(selected));
      part.button.tabIndex = selected ? 0 : -1;
      part.panel.hidden = !selected;
      if (selected && !part.drawn) {
        part.drawn = true;
        part.draw(part.panel);
      }
    }
  }

  function choose(id: Id): void {
    select(id);
    onSelect(id);
  }

  list.addEventListener('keydown', (event) => {
    const shown = parts.filter(({ button }) => !button.hidden);
    const at = shown.findIndex(({ button }) => button === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (at === -1 || to === undefined) return;
    event.preventDefault();
    const next = shown[(to + shown.length) % shown.length];
    next?.button.focus();
    if (next) choose(next.id);
  });

  const part = (id: Id) => parts.find((one) => one.id === id);
  return {
    list,
    panels,
    select,
    badge: (id, text) => part(id)?.badge.replaceChildren(text),
    name: (id, label) => part(id)?.name.replaceChildren(label),
    show: (id, shown) => {
      const found = part(id);
      if (found) found.button.hidden = !shown;
    },
  };
}
