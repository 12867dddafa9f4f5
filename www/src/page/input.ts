// The left pane: the message as raw HTTP, its headers and query as tables, its body.

import type { Severity } from '../../../pkg/index.js';
import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import type { Data } from '../data.js';
import { createEditor, type Editor } from '../editor/editor.js';
import { withBody } from '../request/edit.js';
import { parseMessage, type ParsedMessage } from '../request/parse.js';
import type { Recognised } from '../request/recognise.js';
import { headersTable, queryTable, type Table } from '../request/table.js';
import type { InputTab } from '../state.js';
import type { Mark } from './marks.js';
import type * as Paste from './paste.js';
import type { Store } from './store.js';
import { tabs, type Tabs } from './tabs.js';

const t = texts({
  en: {
    title: 'Request',
    raw: 'Raw HTTP',
    headers: 'Headers',
    query: 'Query',
    body: 'Body',
    rawLabel: 'The message as raw HTTP',
    bodyLabel: 'The body, byte for byte',
    base64: 'This body is not UTF-8: it is shown in base64',
    hint: 'Paste a curl command, a HAR entry, raw HTTP or a body; or drop a file',
    which: 'It contains several requests: which one?',
  },
  'zh-CN': {
    title: '请求',
    raw: '原始 HTTP',
    headers: '标头',
    query: '查询参数',
    body: '正文',
    rawLabel: '原始 HTTP 消息',
    bodyLabel: '正文，逐字节',
    base64: '正文不是 UTF-8：以 base64 显示',
    hint: '粘贴 curl 命令、HAR 条目、原始 HTTP 或正文；也可拖入文件',
    which: '其中有多个请求：选哪一个？',
  },
});

export interface InputPane {
  element: HTMLElement;
  update(): void;
  mark(marks: Mark[]): void;
  highlight(ranges: { from: number; to: number; class: string }[]): void;
  reveal(from: number, to: number): void;
  /** Text that was dropped or pasted: put in, when it is a message of any kind. */
  take(found: Recognised): Promise<void>;
  /** A text that was pasted or dropped beside the editors. */
  paste(text: string): void;
}

/** @param undoable offers the way back to what a paste takes the place of */
export function inputPane(
  store: Store,
  data: Data,
  onCursor: (offset: number) => void,
  undoable: () => (() => void) | undefined,
): InputPane {
  let raw: Editor | undefined;
  let body: Editor | undefined;
  let headers: Table | undefined;
  let query: Table | undefined;
  let diagnostics: Mark[] = [];
  let marks = new Map<string, Severity>(); // of headers and parameters
  let readers: typeof Paste | undefined;
  const choice = h('div', { class: 'choice', hidden: true });
  const note = h('p', { class: 'pane-note' });

  const edit = (text: string, atOnce = false): void => store.change(({ message }) => (message.text = text), { atOnce });
  const parsed = (): ParsedMessage => parseMessage(store.state.message.text, store.state.message);
  const bodyText = (): string => store.state.message.text.slice(parsed().layout.bodyStart);

  const all: Tabs<InputTab> = tabs<InputTab>(
    t('title'),
    [
      {
        id: 'raw',
        label: t('raw'),
        draw: (panel) =>
          (raw = createEditor(panel, {
            text: store.state.message.text,
            language: 'http',
            label: t('rawLabel'),
            onChange: (text, { paste }) => edit(text, paste),
            onPaste: (text, everything) => pasted(text, everything ? 'everything' : 'part'),
            onCursor,
          })),
      },
      {
        id: 'headers',
        label: t('headers'),
        draw: (panel) => (headers = headersTable(panel, { text: store.state.message.text, onEdit: edit, marks })),
      },
      {
        id: 'query',
        label: t('query'),
        draw: (panel) => (query = queryTable(panel, { text: store.state.message.text, onEdit: edit, marks })),
      },
      {
        id: 'body',
        label: t('body'),
        draw: (panel) =>
          (body = createEditor(panel, {
            text: bodyText(),
            language: 'json',
            label: t('bodyLabel'),
            onChange: (text, { paste }) => edit(withBody(store.state.message.text, text), paste),
            onCursor: (offset) => onCursor(offset + parsed().layout.bodyStart),
          })),
      },
    ],
    (id) => store.change(({ open }) => (open.input = id), { view: true }),
  );
  const element = h(
    'section',
    { class: 'pane pane-input', 'aria-label': t('title') },
    h('div', { class: 'pane-head' }, h('h2', {}, t('title')), all.list),
    choice,
    note,
    all.panels,
  );

  /** At once where the readers are here already: else the editor waits, and inserts the text where it is no message. */
  function pasted(text: string, where: 'everything' | 'part' | 'beside'): boolean | Promise<boolean> {
    const read = (paste: typeof Paste): boolean => {
      const { found, anew, said } = paste.pasted(text, where, store, data);
      if (!found) {
        note.textContent = said;
        return false;
      }
      const undo = undoable();
      put(paste, found, anew);
      undo?.();
      return true;
    };
    return readers ? read(readers) : loaded().then(read);
  }

  async function loaded(): Promise<typeof Paste> {
    return (readers = await import('./paste.js'));
  }

  function put(paste: typeof Paste, found: Recognised, anew = false): void {
    const one = (index: number): void => void (note.textContent = paste.putMessage(store, data, found, index, anew));
    one(0);
    choice.hidden = found.requests < 2;
    if (choice.hidden) return;
    const select = h(
      'select',
      { 'aria-label': t('which'), onchange: () => one(Number(select.value)) },
      ...found.entries.map(({ label }, index) => h('option', { value: index }, label)),
    );
    choice.replaceChildren(h('label', {}, t('which'), ' ', select));
  }

  function update(): void {
    const { message, open } = store.state;
    all.select(open.input);
    // Undo takes back a paste, too.
    if (raw && raw.text() !== message.text) raw.setText(message.text, { keepHistory: true });
    const wanted = body && bodyText();
    if (body && wanted !== undefined && body.text() !== wanted) body.setText(wanted);
    headers?.update(message.text, marks);
    query?.update(message.text, marks);
    all.badge('headers', String(parsed().message?.headers.length ?? ''));
    if (message.base64) note.textContent = t('base64');
    else if (note.textContent === t('base64')) note.textContent = '';
    if (message.text === '') note.textContent = t('hint');
    else if (note.textContent === t('hint')) note.textContent = '';
    draw();
  }

  function draw(): void {
    raw?.mark(diagnostics);
    const { bodyStart } = parsed().layout;
    body?.mark(
      diagnostics
        .filter(({ to }) => to > bodyStart)
        .map((one) => ({ ...one, from: Math.max(0, one.from - bodyStart), to: Math.max(0, one.to - bodyStart) })),
    );
  }

  return {
    element,
    update,
    mark(found) {
      diagnostics = found;
      // Of several at one place the first counts: the engine says errors first.
      marks = new Map(
        found.flatMap(({ at, severity }) => (at === undefined ? [] : [[at, severity] as const])).reverse(),
      );
      headers?.update(store.state.message.text, marks);
      query?.update(store.state.message.text, marks);
      draw();
    },
    highlight: (ranges) => raw?.highlight(ranges),
    reveal(from, to) {
      const { bodyStart } = parsed().layout;
      if (store.state.open.input === 'body' && from >= bodyStart)
        return body?.reveal(from - bodyStart, to - bodyStart, { focus: true });
      store.change(({ open }) => Object.assign(open, { input: 'raw', pane: 'input' }), { view: true });
      raw?.reveal(from, to, { focus: true });
    },
    take: async (found) => put(await loaded(), found),
    paste: (text) => void pasted(text, 'beside'),
  };
}
