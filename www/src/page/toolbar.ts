// The top row: what is open, whether to verify or sign, and what concerns the page itself.

import { h } from '../base/dom.js';
import { language, texts, type Language } from '../base/language.js';
import { remember, remembered } from '../base/remembered.js';
import type { Data } from '../data.js';
import type { Action, Mode, State } from '../state.js';

const t = texts({
  en: {
    webhook: 'Webhook',
    deployment: 'Deployment',
    mode: 'What to check',
    example: 'Example',
    choose: 'Choose an example …',
    verify: 'Verify',
    sign: 'Sign',
    shape: 'Shape',
    action: 'What to do with the message',
    share: 'Share',
    open: 'Open a file',
    theme: 'Theme',
    auto: 'as the system',
    light: 'light',
    dark: 'dark',
    language: '中文',
    help: 'Keys',
    signTitle: 'Sign a copy of your request as this contract requires: the request itself is not changed',
    shapeTitle: 'Convert an event to the canonical message',
  },
  'zh-CN': {
    webhook: 'Webhook',
    deployment: '部署',
    mode: '检查对象',
    example: '示例',
    choose: '选择一个示例…',
    verify: '验证',
    sign: '签名',
    shape: '规整',
    action: '对消息做什么',
    share: '分享',
    open: '打开文件',
    theme: '主题',
    auto: '跟随系统',
    light: '浅色',
    dark: '深色',
    language: 'English',
    help: '快捷键',
    signTitle: '按契约生成签名，另行显示：不会就地改动您的请求',
    shapeTitle: '由原生事件生成规范消息',
  },
});

export interface ToolbarActions {
  onMode(mode: Mode): void;
  onAction(action: Action): void;
  onExample(path: string): void;
  onShare(): void;
  onFiles(files: FileList): void;
  onLanguage(language: Language): void;
  onHelp(): void;
}

export interface Toolbar {
  element: HTMLElement;
  update(state: State, canShape: boolean): void;
}

const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** As it was chosen the last time. */
export function applyTheme(theme: string = remembered('theme') ?? 'auto'): void {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

export function toolbar(data: Data, actions: ToolbarActions): Toolbar {
  const segment = <Id extends string>(
    label: string,
    ids: readonly Id[],
    text: (id: Id) => string,
    choose: (id: Id) => void,
    title?: (id: Id) => string | undefined,
  ) => {
    const buttons = ids.map((id) =>
      h('button', { type: 'button', 'data-id': id, title: title?.(id), onclick: () => choose(id) }, text(id)),
    );
    return { element: h('div', { class: 'segments', role: 'group', 'aria-label': label }, ...buttons), buttons };
  };
  const modes = segment<Mode>(t('mode'), ['webhook', 'deployment'], t, actions.onMode);
  const doing = segment<Action>(t('action'), ['verify', 'sign', 'shape'], t, actions.onAction, (id) =>
    id === 'sign' ? t('signTitle') : id === 'shape' ? t('shapeTitle') : undefined,
  );
  const groups = data.groups.map(({ title, examples }) =>
    h(
      'optgroup',
      { label: titleOf(title) },
      ...examples.map((one) => h('option', { value: one.path }, titleOf(one.title))),
    ),
  );
  // Opened, the list stands on an option without a path that reads the same, so that the example that is open can be
  // chosen again.
  const current = h('option', { value: '' }, t('choose'));
  const list = (event: KeyboardEvent | MouseEvent): void => {
    if (
      event instanceof KeyboardEvent &&
      !/^(?:Enter| |F4)$/.test(event.key) &&
      !(event.altKey && /^Arrow/.test(event.key))
    )
      return;
    examples.value = '';
  };
  const examples = h(
    'select',
    {
      class: 'pick',
      'aria-label': t('example'),
      onmousedown: list,
      onkeydown: list,
      onchange: () => examples.value !== '' && actions.onExample(examples.value),
    },
    current,
    ...groups,
  );
  const file = h('input', { type: 'file', multiple: true, hidden: true, onchange: picked });
  const theme = h(
    'select',
    { 'aria-label': t('theme'), onchange: () => themed(theme.value as Theme) },
    ...THEMES.map((one) => h('option', { value: one, selected: one === (remembered('theme') ?? 'auto') }, t(one))),
  );
  const other: Language = language() === 'en' ? 'zh-CN' : 'en';
  const element = h(
    'header',
    { class: 'bar' },
    h('h1', {}, 'Countersign'),
    modes.element,
    examples,
    doing.element,
    h('span', { class: 'grow' }),
    h('button', { type: 'button', onclick: () => file.click() }, t('open')),
    file,
    h('button', { type: 'button', class: 'primary', onclick: actions.onShare }, t('share')),
    theme,
    h(
      'button',
      { type: 'button', class: 'quiet', lang: other, 'data-language': other, onclick: () => actions.onLanguage(other) },
      t('language'),
    ),
    h('button', { type: 'button', class: 'quiet', onclick: actions.onHelp }, t('help')),
  );

  /** Emptied, the field tells of the same file again. */
  function picked(): void {
    if (file.files?.length) actions.onFiles(file.files);
    file.value = '';
  }

  function themed(choice: Theme): void {
    remember('theme', choice);
    applyTheme(choice);
  }

  return {
    element,
    update({ mode, action, example }, canShape) {
      for (const button of modes.buttons) button.setAttribute('aria-pressed', String(button.dataset.id === mode));
      for (const button of doing.buttons) button.setAttribute('aria-pressed', String(button.dataset.id === action));
      doing.element.hidden = mode !== 'webhook';
      const shape = doing.buttons.find((button) => button.dataset.id === 'shape');
      if (shape) shape.hidden = !canShape && action !== 'shape';
      const opened = data.groups.flatMap((group) => group.examples).find(({ path }) => path === example);
      const shown = opened && (opened.case.pack === undefined) === (mode === 'webhook') ? opened : undefined;
      current.textContent = shown ? titleOf(shown.title) : t('choose');
      if (document.activeElement !== examples || examples.value !== '') examples.value = shown?.path ?? '';
    },
  };
}

/** In the page's language, or else in English. */
export function titleOf(title: Record<string, string>): string {
  return title[language()] ?? title.en ?? '';
}
