// A control for each kind of field. A control knows the meaning of its value, so redrawing never changes what the user
// types.

import { freshId, h } from '../base/dom.js';
import { texts } from '../base/language.js';
import { chips } from './chips.js';
import { canShow } from './fields.js';
import type { Field } from './fields.js';

export interface Control {
  element: HTMLElement;
  /** Shows the document's value and what is wrong with it. */
  refresh(value: unknown, problems: FieldProblem[]): void;
}

/** A lint finding, or why the contract is refused. `at` is a pointer into the contract. */
export interface FieldProblem {
  at?: string;
  message: string;
  severity?: 'error' | 'warning' | 'info';
}

/** Takes the new value of the field's member; undefined removes it. */
type OnValue = (value: unknown) => void;

const t = texts({
  en: {
    none: 'not set',
    fallback: 'not set ({word})',
    space: 'space',
    place: 'Where',
    name: 'Name',
    unshown: 'The form cannot show this value: edit it in the document.',
    commas: 'separated by commas',
  },
  'zh-CN': {
    none: '未设置',
    fallback: '未设置（{word}）',
    space: '空格',
    place: '位置',
    name: '名称',
    unshown: '它的写法在表单中无法显示：请在文档中编辑。',
    commas: '用逗号分隔',
  },
});

/** The inner part of a control: the input, and how it shows a value. */
interface Inner {
  element: HTMLElement;
  /** What is marked invalid and described. */
  marked: HTMLElement[];
  show(value: unknown): void;
}

export function control(field: Field, onValue: OnValue): Control {
  const { element, marked, show } = innerOf(field, onValue);
  const messages = h('ul', { class: 'contract-messages', id: freshId('contract-messages'), hidden: true });
  const group = field.kind === 'checks' || field.kind === 'source' || field.kind === 'signed';
  const label = group
    ? h('span', { class: 'contract-label', id: freshId('contract-label') }, field.label)
    : h('label', { class: 'contract-label' }, field.label);
  if (group) {
    element.setAttribute('role', 'group');
    element.setAttribute('aria-labelledby', label.id);
  } else {
    element.id = freshId('contract-control');
    label.setAttribute('for', element.id);
  }
  for (const input of marked) input.setAttribute('aria-describedby', messages.id);
  const inputs = element.matches('input, select') ? [element] : [...element.querySelectorAll('input, select')];
  const row = h(
    'div',
    { class: `contract-field contract-field-${field.kind}`, 'data-at': field.at },
    label,
    element,
    messages,
  );
  return {
    element: row,
    refresh(value, problems) {
      const shown = canShow(field, value);
      if (field.kind === 'signed')
        element.inert = !shown; // its buttons know themselves which of them can be used
      else for (const input of inputs) input.toggleAttribute('disabled', !shown);
      if (shown) show(value);
      const invalid = problems.some(({ severity = 'error' }) => severity === 'error');
      for (const input of marked) {
        if (invalid) input.setAttribute('aria-invalid', 'true');
        else input.removeAttribute('aria-invalid');
      }
      const items = problems.map(({ message, severity = 'error' }) =>
        h('li', { class: `contract-${severity}` }, message),
      );
      if (!shown) items.push(h('li', { class: 'contract-info' }, t('unshown')));
      messages.replaceChildren(...items);
      messages.hidden = items.length === 0;
    },
  };
}

function innerOf(field: Field, onValue: OnValue): Inner {
  switch (field.kind) {
    case 'text':
      return textInput(
        (text) => onValue(text === '' ? undefined : text),
        (value) => String(value ?? ''),
        (text) => text,
      );
    case 'number':
      return numberInput(field, onValue);
    case 'list':
      return listInput(field, onValue);
    case 'select':
      return select(field.words, field.fallback, (word) => onValue(word));
    case 'variant': {
      const inner = select(Object.keys(field.starts), undefined, (word) =>
        onValue(word === undefined ? undefined : field.starts[word]),
      );
      return { ...inner, show: (value) => inner.show((value as Record<string, unknown> | undefined)?.[field.by]) };
    }
    case 'checks':
      return checks(field.words, field.fallback, onValue);
    case 'source':
      return source(field.words, onValue);
    case 'switch': {
      const box = h('input', { type: 'checkbox', onchange: () => onValue(box.checked ? field.on : undefined) });
      return {
        element: box,
        marked: [box],
        show: (value) => {
          box.checked = value !== undefined && value !== null;
        },
      };
    }
    case 'signed':
      return chips(field.adds, onValue);
    case 'said':
      return { element: h('output', { class: 'contract-said' }, field.text), marked: [], show: () => {} };
  }
}

/** @param meant what a text says, to tell another spelling from another value */
function textInput(
  onText: (text: string) => void,
  textOf: (value: unknown) => string,
  meant: (text: string) => unknown,
  attributes: Record<string, string | number | undefined> = {},
): Inner {
  const plain = { type: 'text', spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off' };
  const input = h('input', { ...plain, ...attributes, oninput: () => onText(input.value) });
  const show = (value: unknown) => {
    const text = textOf(value);
    if (JSON.stringify(meant(input.value)) !== JSON.stringify(meant(text))) input.value = text;
  };
  return { element: input, marked: [input], show };
}

function numberInput({ min, max, fallback }: Extract<Field, { kind: 'number' }>, onValue: OnValue): Inner {
  const meant = (text: string) => (text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text));
  const attributes = {
    type: 'number',
    step: 1,
    min,
    max,
    placeholder: fallback === undefined ? undefined : String(fallback),
  };
  return textInput(
    (text) => onValue(meant(text)),
    (value) => (value === undefined ? '' : String(value)),
    meant,
    attributes,
  );
}

function listInput({ single, numbers }: Extract<Field, { kind: 'list' }>, onValue: OnValue): Inner {
  const words = (text: string) =>
    text
      .split(/,\s*|\s+,/)
      .map((item) => item.trim())
      .filter((item) => item !== '');
  const items = (text: string) => words(text).map((item) => (numbers && /^\d+$/.test(item) ? Number(item) : item));
  const listOf = (text: string) => {
    const all = items(text);
    if (all.length === 0) return undefined;
    return single && all.length === 1 ? all[0] : all;
  };
  return textInput(
    (text) => onValue(listOf(text)),
    (value) => (value === undefined ? '' : [value].flat().join(', ')),
    items,
    { placeholder: t('commas') },
  );
}

function wordText(word: string): string {
  return word === ' ' ? t('space') : word;
}

function select(words: string[], fallback: string | undefined, onWord: (word: string | undefined) => void): Inner {
  // The first option is that of no value, the last that of a word which is none. They go by index, as a word may be a
  // space.
  const absent = fallback === undefined ? t('none') : t('fallback', { word: wordText(fallback) });
  const other = h('option', { hidden: true, disabled: true });
  const options = [absent, ...words.map(wordText)].map((text) => h('option', {}, text));
  const element = h('select', { onchange: () => onWord(words[element.selectedIndex - 1]) }, ...options, other);
  const show = (value: unknown) => {
    const isOther = value !== undefined && !words.includes(value as string);
    other.hidden = !isOther;
    other.textContent = isOther ? String(value) : '';
    element.selectedIndex = isOther ? words.length + 1 : words.indexOf(value as string) + 1;
  };
  return { element, marked: [element], show };
}

function checks(words: string[], fallback: string[], onValue: OnValue): Inner {
  const boxes = words.map((word) => h('input', { type: 'checkbox', value: word }));
  const element = h('div', { class: 'contract-checks' }, ...boxes.map((box) => h('label', {}, box, ` ${box.value}`)));
  element.addEventListener('change', () => {
    const chosen = boxes.filter(({ checked }) => checked).map(({ value }) => value);
    onValue(chosen.length === 0 ? undefined : chosen);
  });
  const show = (value: unknown) => {
    const chosen = (value ?? fallback) as string[];
    for (const box of boxes) box.checked = chosen.includes(box.value);
  };
  return { element, marked: boxes, show };
}

function source(words: string[], onValue: OnValue): Inner {
  const names = () =>
    kind.value === 'header'
      ? name.value
          .split(/[\s,]+/)
          .filter((one) => one !== '')
          .map((one) => one.toLowerCase())
      : [name.value];
  const give = () => {
    const all = names();
    onValue({ [kind.value]: all.length > 1 ? all : (all[0] ?? '') });
  };
  const kind = h(
    'select',
    { 'aria-label': t('place'), onchange: give },
    ...words.map((word) => h('option', { value: word }, word)),
  );
  const name = h('input', {
    type: 'text',
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
    'aria-label': t('name'),
    oninput: give,
  });
  const show = (value: unknown) => {
    const [[word, where] = ['', ''] as [string, unknown]] = Object.entries((value ?? {}) as Record<string, unknown>);
    if (word !== '' && kind.value !== word) kind.value = word;
    const text = [where].flat().join(', ');
    if (names().join(', ') !== text) name.value = text;
  };
  return { element: h('div', { class: 'contract-source' }, kind, name), marked: [kind, name], show };
}
