// Deployment mode's middle pane: which packs judge, one's own Rego, and the data it reads.

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import type { Data } from '../data.js';
import { packsView, type PacksView } from '../deployment/view.js';
import { createEditor, type Diagnostic, type Editor } from '../editor/editor.js';
import type { PackTab } from '../state.js';
import { fileEditor, type FileEditor } from './file-editor.js';
import type { Store } from './store.js';
import { tabs, type Tabs } from './tabs.js';

const t = texts({
  en: {
    title: 'Policy',
    packs: 'Packs',
    policy: 'Your Rego',
    data: 'Data',
    policyLabel: 'Your own policy, in Rego',
    dataLabel: 'Members under data., as JSON',
    paramsLabel: 'Parameters (data.params), as JSON',
    none: 'You have no policy of your own yet: add one under Packs.',
  },
  'zh-CN': {
    title: '策略',
    packs: '策略包',
    policy: '自有 Rego',
    data: '数据',
    policyLabel: '自有策略（Rego）',
    dataLabel: 'data. 下的成员，JSON',
    paramsLabel: '参数（data.params），JSON',
    none: '还没有自有策略：请在“策略包”中添加。',
  },
});

export interface PacksPane {
  element: HTMLElement;
  update(): void;
  /** By file; `data` and `packParams` are the two JSON texts. */
  mark(diagnostics: Map<string, Diagnostic[]>): void;
  reveal(file: string, from: number, to: number): void;
}

/** @param onCursor the cursor moved in a file */
export function packsPane(store: Store, data: Data, onCursor: (file: string, offset: number) => void): PacksPane {
  let view: PacksView | undefined;
  let policy: FileEditor | undefined;
  let texts: { data: Editor; packParams: Editor } | undefined;
  let diagnostics = new Map<string, Diagnostic[]>();
  const files = (): Record<string, string> => store.state.deployment.policy;

  const all: Tabs<PackTab> = tabs<PackTab>(
    t('title'),
    [
      {
        id: 'packs',
        label: t('packs'),
        draw: (panel) =>
          (view = packsView(panel, {
            data,
            onPacks: (packs) => store.change(({ deployment }) => (deployment.packs = packs), { atOnce: true }),
            onPolicy: (policy, file) =>
              store.change(
                ({ deployment, open }) =>
                  Object.assign(
                    open,
                    file === undefined ? {} : { pack: 'policy', file },
                    void (deployment.policy = policy),
                  ),
                { atOnce: true },
              ),
            onOpen: (file) => store.change(({ open }) => Object.assign(open, { pack: 'policy', file }), { view: true }),
          })),
      },
      {
        id: 'policy',
        label: t('policy'),
        draw(panel) {
          policy = fileEditor(panel, {
            label: t('policyLabel'),
            language: () => 'rego',
            none: h('p', { class: 'pane-note' }, t('none')),
            onChoose: (file) => store.change(({ open }) => (open.file = file), { view: true }),
            onChange: (file, text, paste) =>
              store.change(({ deployment }) => (deployment.policy = { ...deployment.policy, [file]: text }), {
                atOnce: paste,
              }),
            onCursor,
          });
          drawPolicy();
        },
      },
      {
        id: 'data',
        label: t('data'),
        draw(panel) {
          const place = (label: string, key: 'data' | 'params'): Editor => {
            const box = h('div', { class: 'editor-place' });
            panel.append(h('p', { class: 'label' }, label), box);
            return createEditor(box, {
              text: store.state.deployment[key],
              language: 'json',
              label,
              onCursor: (offset) => onCursor(key === 'data' ? 'data' : 'packParams', offset),
              onChange: (text, { paste }) =>
                store.change(({ deployment }) => (deployment[key] = text), { atOnce: paste }),
            });
          };
          texts = { data: place(t('dataLabel'), 'data'), packParams: place(t('paramsLabel'), 'params') };
          drawTexts();
        },
      },
    ],
    (id) => store.change(({ open }) => (open.pack = id), { view: true }),
  );
  const element = h(
    'section',
    { class: 'pane pane-rules', 'aria-label': t('title') },
    h('div', { class: 'pane-head' }, h('h2', {}, t('title')), all.list),
    all.panels,
  );

  function drawPolicy(): void {
    policy?.draw(files(), Object.keys(files()), store.state.open.file, diagnostics);
  }

  function drawTexts(): void {
    const { data: own, params } = store.state.deployment;
    if (!texts) return;
    if (texts.data.text() !== own) texts.data.setText(own);
    if (texts.packParams.text() !== params) texts.packParams.setText(params);
    texts.data.mark(diagnostics.get('data') ?? []);
    texts.packParams.mark(diagnostics.get('packParams') ?? []);
  }

  function update(): void {
    all.select(store.state.open.pack);
    all.badge('policy', String(Object.keys(files()).length || ''));
    view?.update(
      store.state,
      Object.fromEntries([...diagnostics].flatMap(([file, [first]]) => (first ? [[file, first.message]] : []))),
    );
    drawPolicy();
    drawTexts();
  }

  return {
    element,
    update,
    mark(found) {
      diagnostics = found;
      update();
    },
    reveal(file, from, to) {
      const own = file === 'data' || file === 'packParams';
      store.change(({ open }) => Object.assign(open, { pane: 'rules', pack: own ? 'data' : 'policy', file }), {
        view: true,
      });
      if (own) texts?.[file].reveal(from, to, { focus: true });
      else policy?.reveal(from, to);
    },
  };
}
