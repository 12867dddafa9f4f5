// The middle pane: the contract as a form and as a document, its schemas, its policies, and what they are given.

import { h } from '../base/dom.js';
import { formatJson } from '../base/format-json.js';
import { texts } from '../base/language.js';
import { contractFiles, documentName as documentOf } from '../contract/files.js';
import type { FieldProblem, Form } from '../contract/form.js';
import type { Data } from '../data.js';
import { createEditor, type Diagnostic, type Editor } from '../editor/editor.js';
import type { RulesTab } from '../state.js';
import { fileEditor, type FileEditor } from './file-editor.js';
import type { Store } from './store.js';
import { tabs, type Tabs } from './tabs.js';

const t = texts({
  en: {
    title: 'Contract',
    form: 'Form',
    contract: 'Document',
    schema: 'Schema',
    policy: 'Policy',
    data: 'Data',
    own: 'your own',
    changed: '(changed)',
    pick: 'Contract',
    reset: 'Back to the shipped one',
    documentLabel: 'The contract document',
    schemaLabel: 'Schema',
    policyLabel: 'Policy, in Rego',
    paramsLabel: 'Parameters of the policies (data.params), as JSON',
    originLabel: 'Public origin that senders call, if a proxy is in front of you',
    none: 'The contract names no such file.',
    add: 'Add one',
    format: 'Format',
    stop: 'Stop at the first error, as the edge does',
  },
  'zh-CN': {
    title: '契约',
    form: '表单',
    contract: '文档',
    schema: '模式',
    policy: '策略',
    data: '数据',
    own: '自定义',
    changed: '（已修改）',
    pick: '契约',
    reset: '恢复随附版本',
    documentLabel: '契约文档',
    schemaLabel: 'JSON Schema',
    policyLabel: '策略（Rego）',
    paramsLabel: '策略参数（data.params），JSON',
    originLabel: '发送方调用的公开来源（位于代理之后时）',
    none: '契约没有引用这类文件。',
    add: '添加',
    format: '格式化',
    stop: '遇到第一个错误即停止，与边缘一致',
  },
});

export interface RulesPane {
  element: HTMLElement;
  update(): void;
  /** By file. */
  mark(diagnostics: Map<string, Diagnostic[]>, problems: FieldProblem[]): void;
  reveal(file: string, from: number, to: number): void;
}

const DOCUMENTS = ['contract.json', 'contract.yaml', 'contract.yml'];
const STARTERS: Record<'schema' | 'policy', [name: string, text: string]> = {
  schema: [
    'message.schema.json',
    '{\n  "$schema": "https://json-schema.org/draft/2020-12/schema",\n  "type": "object",\n  "required": []\n}\n',
  ],
  policy: [
    'webhook.rego',
    'package webhook\n\ndeny contains finding if {\n\tinput.body.amount > data.params.limit\n\tfinding := {"id": ' +
      '"amount", "message": "the amount is over the limit", "at": "/amount"}\n}\n',
  ],
};

/** @param onCursor the cursor moved in a file */
export function rulesPane(
  store: Store,
  data: Data,
  onCursor: (file: string, offset: number) => void,
  undoable: () => (() => void) | undefined,
): RulesPane {
  let form: Form | undefined;
  let params: Editor | undefined;
  const editors = new Map<RulesTab, FileEditor>();
  let diagnostics = new Map<string, Diagnostic[]>();
  let problems: FieldProblem[] = [];

  const files = (): Record<string, string> => contractFiles(store.state.contract, data);
  const documentName = (): string => documentOf(files());
  const put = (file: string, text: string, atOnce = false): void =>
    store.change(({ contract }) => (contract.files = { ...contract.files, [file]: text }), { atOnce });

  const pick = h('select', { 'aria-label': t('pick'), class: 'pick', onchange: picked });
  const reset = h('button', { type: 'button', class: 'quiet', onclick: back }, t('reset'));

  function back(): void {
    const undo = undoable();
    store.change(({ contract }) => (contract.files = {}), { atOnce: true });
    undo?.();
  }

  function picked(): void {
    if (pick.value !== '') {
      choose(pick.value);
      return;
    }
    // One's own begins as what is there.
    store.change((state) => (state.contract = { files: files() }), { atOnce: true });
  }

  /** The keys of an example are of its own contract, and so is what else it was told. */
  function choose(shipped: string): void {
    const undo = Object.keys(store.state.contract.files).length > 0 ? undoable() : undefined;
    store.change(
      (state, secrets) => {
        if (state.example !== undefined) secrets.keys = [];
        Object.assign(state, { contract: { shipped, files: {} }, example: undefined, options: {}, seen: [] });
      },
      { atOnce: true },
    );
    undo?.();
  }

  const ofTab = (id: RulesTab): string[] => {
    if (id === 'contract') return [documentName()];
    const ending = id === 'schema' ? '.json' : '.rego';
    return Object.keys(files()).filter((name) => name.endsWith(ending) && !DOCUMENTS.includes(name));
  };

  function fileTab(id: 'contract' | 'schema' | 'policy', label: string) {
    return {
      id,
      label: t(id),
      draw: (panel: HTMLElement): void => {
        const none = h(
          'p',
          { class: 'pane-note' },
          t('none'),
          ' ',
          id !== 'contract' && h('button', { type: 'button', onclick: () => start(id) }, t('add')),
        );
        const tool =
          id === 'policy'
            ? undefined
            : h('button', { type: 'button', class: 'quiet', onclick: () => formatted(id) }, t('format'));
        const language = (file: string) => (file.endsWith('.rego') ? 'rego' : file.endsWith('.json') ? 'json' : 'yaml');
        editors.set(
          id,
          fileEditor(panel, {
            label,
            language,
            none,
            tool,
            onChoose: (file) => store.change(({ open }) => (open.file = file), { view: true }),
            onChange: put,
            onCursor,
          }),
        );
        draw(id);
      },
    };
  }

  async function drawForm(panel: HTMLElement): Promise<void> {
    const { contractForm } = await import('../contract/form.js');
    form = contractForm(panel, { data, onEdit: (text) => put(documentName(), text) });
    update();
  }

  function start(id: 'schema' | 'policy'): void {
    const [name, text] = STARTERS[id];
    const document = documentName();
    try {
      const contract = JSON.parse(files()[document] ?? '') as Record<string, unknown>;
      const named = id === 'schema' ? { ...contract, schema: name } : { ...contract, policy: [name] };
      store.change(
        (state) =>
          (state.contract.files = {
            ...state.contract.files,
            [document]: `${JSON.stringify(named, null, 2)}\n`,
            [name]: text,
          }),
        {
          atOnce: true,
        },
      );
    } catch {
      put(name, text, true); // the document says itself what is wrong with it
    }
  }

  function formatted(id: RulesTab): void {
    const shown = editors.get(id)?.shown();
    const text = shown && formatJson(shown.text);
    if (shown && text !== undefined) put(shown.file, text);
  }

  const all: Tabs<RulesTab> = tabs<RulesTab>(
    t('title'),
    [
      { id: 'form', label: t('form'), draw: (panel) => void drawForm(panel) },
      fileTab('contract', t('documentLabel')),
      fileTab('schema', t('schemaLabel')),
      fileTab('policy', t('policyLabel')),
      {
        id: 'data',
        label: t('data'),
        draw: (panel) => {
          const origin = h('input', {
            type: 'text',
            class: 'wide',
            placeholder: 'https://hooks.example.org',
            spellcheck: 'false',
            oninput: () => store.change((state) => (state.origin = origin.value)),
          });
          const stop = h('input', {
            type: 'checkbox',
            onchange: () =>
              store.change((state) => (state.options = { ...state.options, stopAtFirst: stop.checked || undefined }), {
                atOnce: true,
              }),
          });
          const place = h('div', { class: 'editor-place' });
          panel.append(
            h('label', { class: 'field' }, t('originLabel'), origin),
            h('label', { class: 'check' }, stop, t('stop')),
            h('p', { class: 'label' }, t('paramsLabel')),
            place,
          );
          params = createEditor(place, {
            text: store.state.params,
            language: 'json',
            label: t('paramsLabel'),
            onCursor: (offset) => onCursor('params', offset),
            onChange: (text, { paste }) => store.change((state) => (state.params = text), { atOnce: paste }),
          });
          others.push(() => {
            if (document.activeElement !== origin) origin.value = store.state.origin;
            stop.checked = store.state.options.stopAtFirst === true;
          });
        },
      },
    ],
    (id) => store.change(({ open }) => (open.rules = id), { view: true }),
  );
  const others: (() => void)[] = [];
  const element = h(
    'section',
    { class: 'pane pane-rules', 'aria-label': t('title') },
    h('div', { class: 'pane-head' }, h('h2', {}, t('title')), pick, reset, all.list),
    all.panels,
  );

  function draw(id: RulesTab): void {
    editors.get(id)?.draw(files(), ofTab(id), store.state.open.file, diagnostics);
  }

  function update(): void {
    const { contract, open } = store.state;
    all.select(open.rules);
    const changed = Object.keys(contract.files).length > 0;
    const names = Object.keys(data.contracts);
    const options = [
      h('option', { value: '', selected: contract.shipped === undefined }, t('own')),
      ...names.map((name) =>
        h(
          'option',
          { value: name, selected: name === contract.shipped },
          name === contract.shipped && changed ? `${name} ${t('changed')}` : name,
        ),
      ),
    ];
    pick.replaceChildren(...options);
    reset.hidden = contract.shipped === undefined || !changed;
    for (const id of editors.keys()) draw(id);
    form?.update(files()[documentName()] ?? '', problems);
    if (params && params.text() !== store.state.params) params.setText(store.state.params);
    params?.mark(diagnostics.get('params') ?? []);
    for (const other of others) other();
    for (const id of ['schema', 'policy'] as const) all.badge(id, String(ofTab(id).length || ''));
  }

  return {
    element,
    update,
    mark(found, foundProblems) {
      diagnostics = found;
      problems = foundProblems;
      update();
    },
    reveal(file, from, to) {
      const tab: RulesTab =
        file === 'params'
          ? 'data'
          : DOCUMENTS.includes(file)
            ? 'contract'
            : file.endsWith('.rego')
              ? 'policy'
              : 'schema';
      store.change(({ open }) => Object.assign(open, { rules: tab, pane: 'rules', file }), { view: true });
      if (file === 'params') params?.reveal(from, to, { focus: true });
      else editors.get(tab)?.reveal(from, to);
    },
  };
}
