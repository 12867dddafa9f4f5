// Deployment mode's left pane: the documents.

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import { createEditor, type Diagnostic, type Editor } from '../editor/editor.js';
import type { Store } from './store.js';

const t = texts({
  en: {
    title: 'Documents',
    label: 'Documents: YAML or JSON',
    hint: 'Paste Kubernetes manifests (YAML, one or more documents) or JSON documents; or drop a file',
  },
  'zh-CN': {
    title: '文档',
    label: '文档：YAML 或 JSON',
    hint: '粘贴 Kubernetes 清单（YAML，可含多个文档）或 JSON 文档；也可拖入文件',
  },
});

export interface DocumentsPane {
  element: HTMLElement;
  update(): void;
  mark(diagnostics: Diagnostic[]): void;
  reveal(from: number, to: number): void;
}

export function documentsPane(store: Store, onCursor: (offset: number) => void): DocumentsPane {
  const note = h('p', { class: 'pane-note' });
  const place = h('div', { class: 'panels' });
  const element = h(
    'section',
    { class: 'pane pane-input', 'aria-label': t('title') },
    h('div', { class: 'pane-head' }, h('h2', {}, t('title'))),
    note,
    place,
  );
  const text = (): string => store.state.deployment.documents;
  const language = (): 'json' | 'yaml' => (/^\s*[[{]/.test(text()) ? 'json' : 'yaml');
  const panel = h('div', { class: 'panel' });
  place.append(panel);
  const editor: Editor = createEditor(panel, {
    text: text(),
    language: language(),
    label: t('label'),
    onChange: (typed, { paste }) => store.change(({ deployment }) => (deployment.documents = typed), { atOnce: paste }),
    onCursor,
  });
  let shown = language();
  return {
    element,
    update() {
      if (editor.text() !== text()) editor.setText(text());
      if (language() !== shown) editor.setLanguage((shown = language()));
      note.textContent = text().trim() === '' ? t('hint') : '';
    },
    mark: (diagnostics) => editor.mark(diagnostics),
    reveal(from, to) {
      store.change(({ open }) => (open.pane = 'input'), { view: true });
      editor.reveal(from, to, { focus: true });
    },
  };
}
