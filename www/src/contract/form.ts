// The form for the most common members of a contract. It edits the document's text and has no state of its own.

import { h } from '../base/dom.js';
import { valueAt } from '../base/json.js';
import { texts } from '../base/language.js';
import type { Data } from '../data.js';
import { control } from './controls.js';
import type { Control, FieldProblem } from './controls.js';
import { withValue } from './edit.js';
import { sectionsOf, unshownMembers } from './fields.js';
import type { Section } from './fields.js';
import { contractIn } from './files.js';
import './form.css';

export type { FieldProblem } from './controls.js';

interface FormOptions {
  data: Pick<Data, 'contractSchema'>;
  /** A change: the document's new text. */
  onEdit(text: string): void;
}

export interface Form {
  update(text: string, problems: FieldProblem[]): void;
}

const t = texts({
  en: {
    unread: 'The form can only show a contract that is valid JSON. Fix the document, or start from a shipped contract.',
    more: 'Also in the document: {names}. Edit these there.',
    form: 'Contract form',
  },
  'zh-CN': {
    unread: '表单只显示有效 JSON 的契约。请修正文档，或从自带的契约开始。',
    more: '文档中还有：{names}。请在文档中编辑。',
    form: '契约表单',
  },
});

export function contractForm(host: HTMLElement, { data, onEdit }: FormOptions): Form {
  let text = '';
  let drawn = '';
  let within = '';
  let controls = new Map<string, Control>();
  const body = h('div', { class: 'contract-body' });
  const element = h('div', { class: 'contract-form', role: 'form' });
  host.append(element);

  function edit(at: string, value: unknown) {
    text = withValue(text, within + at, value);
    onEdit(text);
  }

  /** Anew, where other fields are to be shown than those that are. */
  function draw(sections: Section[]) {
    const held = focused();
    controls = new Map();
    const drawnSections = sections.map(({ name, fields, at }) => {
      const inner = fields.map((field) => {
        const made = control(field, (value) => edit(field.at, value));
        controls.set(field.at, made);
        return made.element;
      });
      return h(
        'fieldset',
        { class: 'contract-section', 'data-section': at },
        h('legend', {}, name),
        h('ul', { class: 'contract-messages', hidden: true }),
        ...inner,
      );
    });
    body.replaceChildren(...drawnSections, h('p', { class: 'contract-more', hidden: true }));
    element.setAttribute('aria-label', t('form'));
    element.replaceChildren(
      h('p', { class: 'contract-unread', role: 'status', hidden: true }, t('unread')),
      h('ul', { class: 'contract-messages', hidden: true }),
      body,
    );
    held?.();
  }

  /** Restores the focus to the element at the same place. */
  function focused(): (() => void) | undefined {
    const active = document.activeElement;
    const at = active?.closest('[data-at]')?.getAttribute('data-at');
    if (!active || !element.contains(active) || at === undefined || at === null) return undefined;
    const place = [...active.closest('[data-at]')!.querySelectorAll('input, select, button')].indexOf(active);
    const range =
      active instanceof HTMLInputElement && active.type === 'text'
        ? [active.selectionStart, active.selectionEnd]
        : undefined;
    return () => {
      const next = [...element.querySelectorAll(`[data-at="${CSS.escape(at)}"] :is(input, select, button)`)][place] as
        | HTMLInputElement
        | undefined;
      next?.focus();
      if (range && next?.type === 'text') next.setSelectionRange(range[0]!, range[1]!);
    };
  }

  function update(nextText: string, problems: FieldProblem[]) {
    text = nextText;
    const found = contractIn(text);
    const document = found?.contract;
    within = found?.within ?? '';
    const sections = document ? sectionsOf(document, data.contractSchema) : [];
    const key = JSON.stringify([t('form'), sections]);
    if (key !== drawn) draw(sections);
    drawn = key;
    element.querySelector<HTMLElement>('.contract-unread')!.hidden = document !== undefined;
    body.hidden = document === undefined;
    if (!document) return;
    const byPlace = sorted(problems, sections);
    for (const [pointer, made] of controls) made.refresh(valueAt(document, pointer), byPlace.get(pointer) ?? []);
    for (const section of element.querySelectorAll<HTMLElement>('[data-section]')) {
      say(
        section.querySelector<HTMLElement>(':scope > .contract-messages')!,
        byPlace.get(`section:${section.dataset.section}`) ?? [],
      );
    }
    say(element.querySelector<HTMLElement>(':scope > .contract-messages')!, byPlace.get('') ?? []);
    const names = unshownMembers(document, sections);
    const more = body.querySelector<HTMLElement>('.contract-more')!;
    more.textContent = t('more', { names: names.join(', ') });
    more.hidden = names.length === 0;
  }

  return { update };
}

function say(list: HTMLElement, problems: FieldProblem[]) {
  list.replaceChildren(
    ...problems.map(({ message, severity = 'error' }) => h('li', { class: `contract-${severity}` }, message)),
  );
  list.hidden = problems.length === 0;
}

/** Each problem at the field that is nearest above its pointer, else at its section, else at the form. */
export function sorted(problems: FieldProblem[], sections: Section[]): Map<string, FieldProblem[]> {
  const ofSections = sections.filter(({ at }) => at !== '').map(({ at }) => ({ at, key: `section:${at}` }));
  const places = [...ofSections, ...sections.flatMap(({ fields }) => fields.map(({ at }) => ({ at, key: at })))];
  places.sort(
    (left, right) =>
      right.at.length - left.at.length ||
      Number(left.key.startsWith('section:')) - Number(right.key.startsWith('section:')),
  );
  const found = new Map<string, FieldProblem[]>();
  for (const problem of problems) {
    const { at = '' } = problem;
    const key = places.find((place) => at === place.at || at.startsWith(`${place.at}/`))?.key ?? '';
    found.set(key, [...(found.get(key) ?? []), problem]);
  }
  return found;
}
