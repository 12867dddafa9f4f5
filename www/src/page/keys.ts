// The keys: secret ones stay in this page's memory; links may contain public ones.

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import type { Secrets, State } from '../state.js';
import './keys.css';

const t = texts({
  en: {
    secret: 'Secret',
    public: 'Public key',
    show: 'Show',
    hide: 'Hide',
    add: 'Add a key',
    addTitle: 'Another key to accept, as during key rotation',
    remove: 'Remove this key',
    never: 'Stays in this page: never in a link, never stored',
    bytes: '{n} bytes (from the example)',
    id: 'Id of the key in signatures (keyid)',
    unused: 'This contract takes no key',
  },
  'zh-CN': {
    secret: '密钥',
    public: '公钥',
    show: '显示',
    hide: '隐藏',
    add: '添加密钥',
    addTitle: '另一个同样可用的密钥，例如轮换期间',
    remove: '移除此密钥',
    never: '只留在本页：不进链接，不存储',
    bytes: '{n} 字节（来自示例）',
    id: '密钥的标识，即签名中的 keyid',
    unused: '此契约不需要密钥',
  },
});

/** What kind of key the contract takes, in words. */
export interface KeyKind {
  kind: 'secret' | 'public' | 'none';
  hint: string;
  /** Signatures name the key that made them. */
  ids?: boolean;
  /** A ContractError about a key: which, and what is wrong. */
  problem?: { index: number; message: string };
}

export interface Keys {
  element: HTMLElement;
  update(state: State, secrets: Secrets, kind: KeyKind): void;
  focus(): void;
}

type Edit = (edit: (state: State, secrets: Secrets) => void) => void;

export function keys(edit: Edit): Keys {
  const fields = h('div', { class: 'keys-fields' });
  const add = h(
    'button',
    { type: 'button', class: 'quiet', title: t('addTitle'), 'aria-label': t('add'), onclick: addOne },
    '+',
  );
  const note = h('span', { class: 'keys-note' });
  const label = h('span', { class: 'label' });
  const element = h('div', { class: 'keys', role: 'group', 'aria-label': t('secret') }, label, fields, add, note);
  let kind: KeyKind['kind'] = 'secret';
  let ids = false;
  let drawn = '';
  let visible = false;
  let latest: Parameters<Keys['update']> | undefined;

  function addOne(): void {
    edit((state, secrets) => {
      if (kind === 'public')
        state.publicKeys = [...(state.publicKeys.length > 0 ? state.publicKeys : [{ text: '' }]), { text: '' }];
      else secrets.keys = [...(secrets.keys.length > 0 ? secrets.keys : [{ secret: '' }]), { secret: '' }];
    });
    (fields.lastElementChild?.querySelector('input, textarea') as HTMLElement | null)?.focus();
  }

  function set(index: number, text: string): void {
    edit((state, secrets) => {
      if (kind === 'public')
        state.publicKeys = Object.assign([...state.publicKeys], { [index]: { ...state.publicKeys[index], text } });
      else secrets.keys = Object.assign([...secrets.keys], { [index]: { ...secrets.keys[index], secret: text } });
    });
  }

  function rename(index: number, text: string): void {
    const id = text.trim() === '' ? {} : { id: text.trim() };
    edit((state, secrets) => {
      const { id: _, ...key } = state.publicKeys[index] ?? { text: '' };
      const { id: __, ...secret } = secrets.keys[index] ?? { secret: '' };
      if (kind === 'public') state.publicKeys = Object.assign([...state.publicKeys], { [index]: { ...key, ...id } });
      else secrets.keys = Object.assign([...secrets.keys], { [index]: { ...secret, ...id } });
    });
  }

  function idField(index: number, id = ''): HTMLElement | false {
    if (!ids) return false;
    const input = h('input', {
      type: 'text',
      class: 'keys-id',
      'aria-label': t('id'),
      placeholder: 'keyid',
      title: t('id'),
      spellcheck: 'false',
      autocomplete: 'off',
      onchange: () => rename(index, input.value),
    });
    input.value = id;
    return input;
  }

  function remove(index: number): void {
    edit((state, secrets) => {
      if (kind === 'public') state.publicKeys = state.publicKeys.filter((_, at) => at !== index);
      else secrets.keys = secrets.keys.filter((_, at) => at !== index);
    });
    add.focus();
  }

  function secretField(key: Secrets['keys'][number] | undefined, index: number, removable: boolean): HTMLElement {
    if (key?.secret instanceof Uint8Array)
      return row(h('span', { class: 'keys-bytes' }, t('bytes', { n: key.secret.length })), index, true);
    const input = h('input', {
      type: visible ? 'text' : 'password',
      class: 'keys-secret',
      'aria-label': label.textContent + (key?.id ? ` ${key.id}` : ''),
      title: t('never'),
      placeholder: key?.id ?? '',
      autocomplete: 'off',
      spellcheck: 'false',
      'data-lpignore': 'true',
      'data-1p-ignore': true,
      oninput: (event: InputEvent) => set(index, (event.target as HTMLInputElement).value),
    });
    input.value = typeof key?.secret === 'string' ? key.secret : '';
    const show = h(
      'button',
      { type: 'button', class: 'quiet', 'aria-pressed': String(visible), onclick: toggle },
      visible ? t('hide') : t('show'),
    );
    return row(input, index, removable, show, idField(index, key?.id));
  }

  function toggle(): void {
    visible = !visible;
    drawn = '';
    if (latest) update(...latest);
    (fields.querySelector('button[aria-pressed]') as HTMLElement | null)?.focus();
  }

  function publicField(
    { id, text }: State['publicKeys'][number] = { text: '' },
    index: number,
    removable: boolean,
  ): HTMLElement {
    const area = h('textarea', {
      rows: 1,
      class: 'keys-public',
      'aria-label': t('public'),
      spellcheck: 'false',
      oninput: (event: InputEvent) => set(index, (event.target as HTMLTextAreaElement).value),
    });
    area.value = text;
    return row(area, index, removable, idField(index, id));
  }

  function row(field: HTMLElement, index: number, removable: boolean, ...more: (HTMLElement | false)[]): HTMLElement {
    const drop =
      removable &&
      h(
        'button',
        { type: 'button', class: 'quiet', 'aria-label': t('remove'), title: t('remove'), onclick: () => remove(index) },
        '×',
      );
    return h('div', { class: 'keys-row' }, field, ...more, drop);
  }

  function update(...given: Parameters<Keys['update']>): void {
    latest = given;
    const [state, secrets, { kind: wanted, hint, problem }] = given;
    [kind, ids] = [wanted, given[2].ids ?? false];
    const list: unknown[] = kind === 'public' ? state.publicKeys : secrets.keys;
    const count = kind === 'none' ? 0 : Math.max(1, list.length);
    // Drawn anew only where the fields are others: whoever types keeps the focus.
    const named = (
      kind === 'public'
        ? state.publicKeys.map(({ id }) => id)
        : secrets.keys.map(({ id, secret }) => `${id} ${typeof secret}`)
    ).join();
    const signature = `${kind} ${count} ${visible} ${ids} ${named}`;
    label.textContent = kind === 'public' ? t('public') : t('secret');
    if (signature !== drawn) {
      drawn = signature;
      const rows = Array.from({ length: count }, (_, index) =>
        kind === 'public'
          ? publicField(state.publicKeys[index], index, count > 1)
          : secretField(secrets.keys[index], index, count > 1),
      );
      fields.replaceChildren(...rows);
    }
    [...fields.children].forEach((one, index) => {
      const field = one.querySelector('input:not(.keys-id), textarea') as HTMLInputElement | null;
      const value = kind === 'public' ? state.publicKeys[index]?.text : secrets.keys[index]?.secret;
      if (field && field !== document.activeElement && typeof (value ?? '') === 'string')
        field.value = (value as string | undefined) ?? '';
      if (problem?.index === index) field?.setAttribute('aria-invalid', 'true');
      else field?.removeAttribute('aria-invalid');
    });
    add.hidden = kind === 'none';
    const empty =
      kind !== 'none' &&
      [...fields.querySelectorAll('input:not(.keys-id), textarea')].some(
        (field) => (field as HTMLInputElement).value === '',
      );
    element.title = hint;
    note.textContent = problem?.message ?? (kind === 'none' ? t('unused') : empty ? hint : '');
    note.classList.toggle('fail', problem !== undefined);
  }

  return { element, update, focus: () => (fields.querySelector('input, textarea') as HTMLElement | null)?.focus() };
}
