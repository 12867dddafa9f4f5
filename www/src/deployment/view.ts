// The Packs tab: the choice of shipped packs, and the list of the user's Rego files.

import { freshId, h } from '../base/dom.js';
import { texts } from '../base/language.js';
import type { Data } from '../data.js';
import type { State } from '../state.js';
import './view.css';

interface PacksViewOptions {
  data: Pick<Data, 'packs'>;
  /** The shipped packs that are chosen now. */
  onPacks(packs: string[]): void;
  /** The user's own files now. `open` is one to show in the editor. */
  onPolicy(policy: Record<string, string>, open?: string): void;
  /** A file to show in the editor. */
  onOpen(file: string): void;
}

export interface PacksView {
  /** @param problems what is wrong with an own file, by its path */
  update(state: Pick<State, 'deployment' | 'open'>, problems?: Record<string, string>): void;
}

/** What a new file begins with: a rule that works on every manifest. */
export const STARTER = `package team.images

# Refuses containers whose image names no version. \`input\` is one document, \`data.documents\` are all of them.
deny contains {"id": "image-version", "message": message, "at": at, "help": "name a version or a digest"} if {
	some index, container in input.spec.template.spec.containers
	not is_versioned(container.image)
	message := sprintf("the image of \`%s\` names no version", [container.name])
	at := sprintf("/spec/template/spec/containers/%d/image", [index])
}

is_versioned(image) if {
	regex.match(\`:[^/:]+$\`, image)
	not endswith(image, ":latest")
}
`;

const t = texts({
  en: {
    shipped: 'Shipped packs',
    own: 'Your own Rego',
    empty: 'No files yet. Your files run in addition to the chosen packs.',
    add: 'Add a Rego file',
    open: 'Open {file}',
    rename: 'Rename {file}',
    remove: 'Remove {file}',
    renameShort: 'Rename',
    removeShort: 'Remove',
    name: 'New name of {file}',
    save: 'Save',
    cancel: 'Cancel',
    ending: 'The name must end in .rego and may contain letters, digits, - _ . and /.',
    taken: 'There is already a file with this name.',
    none: 'Nothing is chosen, so nothing would be checked. Choose a pack, or add a Rego file.',
    removed: 'Removed {file}.',
  },
  'zh-CN': {
    shipped: '自带的策略包',
    own: '你自己的 Rego',
    empty: '还没有文件。添加的文件会和所选策略包一起检查。',
    add: '添加 Rego 文件',
    open: '打开 {file}',
    rename: '重命名 {file}',
    remove: '移除 {file}',
    renameShort: '重命名',
    removeShort: '移除',
    name: '{file} 的新名称',
    save: '保存',
    cancel: '取消',
    ending: '名称须以 .rego 结尾，只含字母、数字、- _ . 和 /。',
    taken: '已有同名文件。',
    none: '没有选择任何策略，因此不会检查任何内容。请选择策略包或添加 Rego 文件。',
    removed: '已移除 {file}。',
  },
});

export function packsView(host: HTMLElement, { data, onPacks, onPolicy, onOpen }: PacksViewOptions): PacksView {
  let policy: Record<string, string> = {};
  let drawn = '';
  let renaming: string | undefined;
  let latest: [Pick<State, 'deployment' | 'open'>, Record<string, string>] | undefined;
  const element = h('div', { class: 'packs' });
  const said = h('p', { class: 'packs-said', role: 'status' });
  host.append(element);

  function boxes(chosen: string[]) {
    const all = Object.entries(data.packs).map(([name, { summary }]) => {
      const id = freshId('packs-summary');
      const box = h('input', {
        type: 'checkbox',
        value: name,
        checked: chosen.includes(name),
        'aria-describedby': id,
        'data-key': `pack ${name}`,
      });
      return h(
        'div',
        { class: 'packs-pack' },
        h('label', {}, box, ` ${name}`),
        h('span', { id, class: 'packs-summary' }, summary),
      );
    });
    const group = h('fieldset', { class: 'packs-group' }, h('legend', {}, t('shipped')), ...all);
    group.addEventListener('change', () => {
      onPacks([...group.querySelectorAll<HTMLInputElement>('input:checked')].map(({ value }) => value));
    });
    return group;
  }

  function files(open: string | undefined, problems: Record<string, string>) {
    const rows = Object.keys(policy).map((file) =>
      file === renaming ? nameForm(file) : row(file, file === open, problems[file]),
    );
    const list =
      rows.length > 0 ? h('ul', { class: 'packs-files' }, ...rows) : h('p', { class: 'packs-empty' }, t('empty'));
    const button = h('button', { type: 'button', class: 'packs-add', 'data-key': 'add', onclick: add }, t('add'));
    return h('section', { class: 'packs-group' }, h('h3', {}, t('own')), list, button);
  }

  function row(file: string, isOpen: boolean, problem: string | undefined) {
    return h(
      'li',
      { class: 'packs-file' },
      h(
        'button',
        {
          type: 'button',
          class: 'packs-open',
          'aria-current': isOpen && 'true',
          'data-key': `open ${file}`,
          onclick: () => onOpen(file),
        },
        file,
      ),
      h(
        'button',
        {
          type: 'button',
          'aria-label': t('rename', { file }),
          'data-key': `rename ${file}`,
          onclick: () => rename(file),
        },
        t('renameShort'),
      ),
      h(
        'button',
        {
          type: 'button',
          'aria-label': t('remove', { file }),
          'data-key': `remove ${file}`,
          onclick: () => remove(file),
        },
        t('removeShort'),
      ),
      problem !== undefined && h('p', { class: 'packs-problem' }, problem),
    );
  }

  function nameForm(file: string) {
    const error = h('p', { class: 'packs-problem', id: freshId('packs-error'), role: 'alert' });
    const input = h('input', {
      type: 'text',
      value: file,
      spellcheck: 'false',
      autocomplete: 'off',
      'aria-label': t('name', { file }),
      'aria-describedby': error.id,
      'data-key': 'name',
    });
    const cancel = () => finish(file);
    const form = h(
      'form',
      { class: 'packs-name', onkeydown: (event: KeyboardEvent) => event.key === 'Escape' && cancel() },
      input,
      h('button', { type: 'submit', 'data-key': 'save' }, t('save')),
      h('button', { type: 'button', 'data-key': 'cancel', onclick: cancel }, t('cancel')),
      error,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const name = input.value.trim();
      const wrong = name === file ? undefined : nameProblem(name, policy);
      error.textContent = wrong === undefined ? '' : t(wrong);
      input.setAttribute('aria-invalid', String(wrong !== undefined));
      if (wrong !== undefined) return input.focus();
      const next = Object.fromEntries(
        Object.entries(policy).map(([path, text]) => [path === file ? name : path, text]),
      );
      if (name !== file) onPolicy(next, name);
      finish(name);
    });
    return h('li', { class: 'packs-file' }, form);
  }

  function finish(file: string) {
    renaming = undefined;
    redraw(`rename ${file}`);
  }

  function rename(file: string) {
    renaming = file;
    redraw('name');
    element.querySelector<HTMLInputElement>('[data-key="name"]')?.select();
  }

  function remove(file: string) {
    const names = Object.keys(policy);
    const next = names[names.indexOf(file) + 1] ?? names[names.indexOf(file) - 1];
    const { [file]: _, ...rest } = policy;
    onPolicy(rest);
    said.textContent = t('removed', { file });
    focus(next === undefined ? 'add' : `remove ${next}`);
  }

  function add() {
    let name = 'policy.rego';
    for (let count = 2; Object.hasOwn(policy, name); count += 1) name = `policy-${count}.rego`;
    onPolicy({ ...policy, [name]: STARTER }, name);
  }

  function focus(key: string | null | undefined) {
    if (key) element.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }

  function redraw(key?: string) {
    drawn = '';
    if (latest) update(...latest);
    focus(key);
  }

  function update(state: Pick<State, 'deployment' | 'open'>, problems: Record<string, string> = {}) {
    latest = [state, problems];
    policy = state.deployment.policy;
    const chosen = state.deployment.packs;
    const key = JSON.stringify([
      t('own'),
      chosen,
      Object.keys(policy),
      state.open.file,
      problems,
      renaming,
      Object.keys(data.packs),
    ]);
    if (key === drawn) return;
    drawn = key;
    const held = element.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-key')
      : undefined;
    const typed = element.querySelector<HTMLInputElement>('[data-key="name"]')?.value;
    const nothing = Object.keys(policy).length === 0 && !chosen.some((name) => Object.hasOwn(data.packs, name));
    element.replaceChildren(boxes(chosen), files(state.open.file, problems), said);
    if (nothing) element.append(h('p', { class: 'packs-none' }, t('none')));
    const name = element.querySelector<HTMLInputElement>('[data-key="name"]');
    if (name && typed !== undefined) name.value = typed;
    focus(held);
  }

  return { update };
}

/** What is wrong with a file's name. */
export function nameProblem(name: string, policy: Record<string, string>): 'ending' | 'taken' | undefined {
  if (!/^[A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*\.rego$/.test(name)) return 'ending';
  return Object.hasOwn(policy, name) ? 'taken' : undefined;
}
