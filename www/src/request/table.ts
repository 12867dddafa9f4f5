// Names and values of a message as rows to edit. The text stays the one source: every edit makes a new text.

import { layoutOf, type Pair } from '../../../pkg/read/layout.js';
import { freshId, h } from '../base/dom.js';
import { texts } from '../base/language.js';
import { addHeader, addQuery, removeHeader, removeQuery, withHeader, withQuery } from './edit.js';
import './table.css';

interface TableOptions {
  text: string;
  onEdit(newText: string): void;
  /** The severity of what was found, by its place: `header:x-name`, `query:name`. */
  marks: Map<string, string>;
}

export interface Table {
  update(text: string, marks: Map<string, string>): void;
}

interface Words {
  rows: string;
  name: string;
  value: string;
  remove: string;
  newName: string;
  newValue: string;
  add: string;
  none: string;
}

interface Source {
  words: Words;
  pairs(text: string): Pair[];
  place(name: string): string;
  /** Whether the text can hold such a pair. */
  possible(text: string): boolean;
  with(text: string, index: number, name: string, value: string): string;
  add(text: string, name: string, value: string): string;
  remove(text: string, index: number): string;
}

interface Row {
  element: HTMLElement;
  name: HTMLInputElement;
  value: HTMLInputElement;
  badge: HTMLElement;
  remove: HTMLButtonElement;
}

const t = texts({
  en: {
    error: 'error',
    warning: 'warning',
    info: 'note',
    name: 'Name',
    value: 'Value',
    headers: 'Headers',
    headerName: 'Name of header {n}',
    headerValue: 'Value of header {n}',
    headerRemove: 'Remove header {n}',
    headerNewName: 'Name of a new header',
    headerNewValue: 'Value of a new header',
    headerAdd: 'Add header',
    headerNone: '',
    query: 'Query parameters',
    queryName: 'Name of parameter {n}',
    queryValue: 'Value of parameter {n}',
    queryRemove: 'Remove parameter {n}',
    queryNewName: 'Name of a new parameter',
    queryNewValue: 'Value of a new parameter',
    queryAdd: 'Add parameter',
    queryNone: 'Only a request has query parameters: begin the message with a line such as POST /webhook HTTP/1.1',
  },
  'zh-CN': {
    error: '错误',
    warning: '警告',
    info: '提示',
    name: '名称',
    value: '值',
    headers: '标头',
    headerName: '第 {n} 个标头的名称',
    headerValue: '第 {n} 个标头的值',
    headerRemove: '删除第 {n} 个标头',
    headerNewName: '新标头的名称',
    headerNewValue: '新标头的值',
    headerAdd: '添加标头',
    headerNone: '',
    query: '查询参数',
    queryName: '第 {n} 个参数的名称',
    queryValue: '第 {n} 个参数的值',
    queryRemove: '删除第 {n} 个参数',
    queryNewName: '新参数的名称',
    queryNewValue: '新参数的值',
    queryAdd: '添加参数',
    queryNone: '只有请求才有查询参数：请以 POST /webhook HTTP/1.1 这样的一行开头',
  },
});

export function headersTable(parent: Element, options: TableOptions): Table {
  return new PairsTable(parent, options, {
    words: {
      rows: t('headers'),
      name: 'headerName',
      value: 'headerValue',
      remove: 'headerRemove',
      newName: t('headerNewName'),
      newValue: t('headerNewValue'),
      add: t('headerAdd'),
      none: t('headerNone'),
    },
    pairs: (text) => layoutOf(text).headers,
    place: (name) => `header:${name.toLowerCase()}`,
    possible: () => true,
    with: withHeader,
    add: addHeader,
    remove: removeHeader,
  });
}

export function queryTable(parent: Element, options: TableOptions): Table {
  return new PairsTable(parent, options, {
    words: {
      rows: t('query'),
      name: 'queryName',
      value: 'queryValue',
      remove: 'queryRemove',
      newName: t('queryNewName'),
      newValue: t('queryNewValue'),
      add: t('queryAdd'),
      none: t('queryNone'),
    },
    pairs: (text) => layoutOf(text).query,
    place: (name) => `query:${name}`,
    possible: (text) => layoutOf(text).target !== undefined,
    with: withQuery,
    add: addQuery,
    remove: removeQuery,
  });
}

class PairsTable implements Table {
  #source: Source;
  #text: string;
  #onEdit: (newText: string) => void;
  #rows: Row[] = [];
  #list: HTMLElement;
  #none: HTMLElement;
  #newName: HTMLInputElement;
  #newValue: HTMLInputElement;
  #form: HTMLElement;

  constructor(parent: Element, { text, onEdit, marks }: TableOptions, source: Source) {
    this.#source = source;
    this.#text = text;
    this.#onEdit = onEdit;
    const { words } = source;
    this.#list = h('div', { role: 'list', 'aria-label': words.rows });
    this.#newName = input('name', words.newName);
    this.#newValue = input('value', words.newValue);
    this.#newName.placeholder = t('name');
    this.#newValue.placeholder = t('value');
    const onsubmit = (event: Event): void => {
      event.preventDefault();
      this.#add();
      this.#newName.focus();
    };
    const add = h('button', { class: 'request-add', type: 'submit', 'aria-label': words.add }, '+');
    this.#form = h('form', { class: 'request-row request-new', onsubmit }, this.#newName, this.#newValue, add);
    // What was typed is not lost when somebody goes on elsewhere.
    this.#form.addEventListener('focusout', ({ relatedTarget }) => {
      if (!this.#form.contains(relatedTarget as Node | null)) this.#add();
    });
    this.#none = h('p', { class: 'request-none' }, words.none);
    parent.append(h('div', { class: 'request-table' }, this.#list, this.#form, this.#none));
    this.update(text, marks);
  }

  update(text: string, marks: Map<string, string>): void {
    this.#text = text;
    const pairs = this.#source.pairs(text);
    while (this.#rows.length > pairs.length) this.#rows.pop()!.element.remove();
    while (this.#rows.length < pairs.length) this.#append();
    for (const [index, { name, value }] of pairs.entries()) {
      const row = this.#rows[index]!;
      fill(row.name, name);
      fill(row.value, value);
      mark(row, marks.get(this.#source.place(name)));
    }
    const possible = this.#source.possible(text);
    this.#form.hidden = !possible;
    this.#none.hidden = possible;
  }

  #append(): void {
    const index = this.#rows.length;
    const label = (key: string): string => t(key as 'headerName', { n: index + 1 });
    const { words } = this.#source;
    const badge = h('span', { class: 'request-badge', id: freshId('request-badge'), hidden: true });
    const [name, value] = [input('name', label(words.name)), input('value', label(words.value))];
    for (const field of [name, value]) {
      field.setAttribute('aria-describedby', badge.id);
      field.addEventListener('input', () =>
        this.#edited(this.#source.with(this.#text, index, name.value, value.value)),
      );
    }
    const remove = h(
      'button',
      {
        class: 'request-remove',
        type: 'button',
        'aria-label': label(words.remove),
        onclick: () => this.#remove(index),
      },
      '×',
    );
    const element = h('div', { class: 'request-row', role: 'listitem' }, name, value, badge, remove);
    this.#list.append(element);
    this.#rows.push({ element, name, value, badge, remove });
  }

  #edited(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#onEdit(text);
  }

  #add(): void {
    const [name, value] = [this.#newName.value.trim(), this.#newValue.value];
    if (name === '') return;
    this.#newName.value = '';
    this.#newValue.value = '';
    this.#edited(this.#source.add(this.#text, name, value));
  }

  #remove(index: number): void {
    const next = this.#rows[index + 1] ? this.#rows[index]!.remove : (this.#rows[index - 1]?.remove ?? this.#newName);
    next.focus();
    this.#edited(this.#source.remove(this.#text, index));
  }
}

function input(part: 'name' | 'value', label: string): HTMLInputElement {
  return h('input', {
    class: `request-${part}`,
    type: 'text',
    'aria-label': label,
    spellcheck: 'false',
    autocomplete: 'off',
    autocapitalize: 'off',
  });
}

/** A field in which somebody types keeps what stands there as long as it means the same, such as a blank at its end. */
function fill(field: HTMLInputElement, value: string): void {
  if (field.value === value) return;
  if (document.activeElement === field && field.value.trim() === value) return;
  field.value = value;
}

function mark({ element, value, badge }: Row, severity: string | undefined): void {
  badge.hidden = severity === undefined;
  badge.textContent = severity === 'error' || severity === 'warning' ? t(severity) : t('info');
  if (severity === undefined) delete element.dataset.severity;
  else element.dataset.severity = severity;
  value.setAttribute('aria-invalid', String(severity === 'error'));
}
