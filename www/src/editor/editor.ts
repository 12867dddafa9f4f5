// The editor: CodeMirror 6 with the features that this page needs. It preserves every character of a text.

import './editor.css';

import {
  history,
  historyKeymap,
  indentLess,
  indentMore,
  standardKeymap,
  toggleLineComment,
} from '@codemirror/commands';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { Annotation, Compartment, EditorSelection, EditorState, Transaction } from '@codemirror/state';
import { EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import type { ViewUpdate } from '@codemirror/view';

import { carriageReturns } from './carriage-returns.js';
import { diagnostics, setDiagnostics } from './diagnostics.js';
import type { Diagnostic } from './diagnostics.js';
import { difference } from './difference.js';
import { highlighting } from './highlighting.js';
import { languageExtension, loadYaml } from './languages.js';
import type { EditorLanguage } from './languages.js';
import { marks, setHighlights, setRevealed, within } from './marks.js';
import type { Highlight } from './marks.js';
import { specialCharacters } from './special-characters.js';

export type { Diagnostic, EditorLanguage, Highlight };

interface EditorOptions {
  text: string;
  language: EditorLanguage;
  /** Its name for who does not see it. */
  label: string;
  readOnly?: boolean;
  /** After a change by the user; `paste` where a text was pasted or dropped. */
  onChange?(text: string, how: { paste: boolean }): void;
  /** True: it is handled, and the text stays as it is. `everything`: it would replace all of the text. */
  onPaste?(text: string, everything: boolean): boolean | Promise<boolean>;
  /** After the user moved the cursor, also by typing. */
  onCursor?(offset: number): void;
}

export interface Editor {
  text(): string;
  /**
   * Tells nobody, and keeps the cursor where it can. The history begins anew, unless `keepHistory`: then Undo takes
   * this back too.
   */
  setText(text: string, options?: { keepHistory?: boolean }): void;
  setLanguage(language: EditorLanguage): void;
  /** What was marked before goes. Marks move along while the user types. */
  mark(diagnostics: Diagnostic[]): void;
  /** Backgrounds, by class; those before go. */
  highlight(ranges: Highlight[]): void;
  /** Scrolls there, puts the cursor at `from` and shows the range until the cursor or the text moves on. */
  reveal(from: number, to: number, options?: { focus?: boolean }): void;
  focus(): void;
}

/** On what the page did itself, which is not told to it. */
const own = Annotation.define<true>();

let searching: Promise<typeof import('./search.js')> | undefined;

function loadSearch(): Promise<typeof import('./search.js')> {
  searching ??= import('./search.js');
  return searching;
}

/** Loads all that is loaded only when asked for. After it, nothing here needs the network. */
export async function preload(): Promise<void> {
  await Promise.all([loadYaml(), loadSearch()]);
}

function search(view: EditorView): boolean {
  void loadSearch().then(({ openSearch }) => openSearch(view));
  return true;
}

// Windows' clipboard writes CRLF for LF: what was copied here comes back as it was.
let copied = '';

function asCopied(text: string): string {
  return text !== copied && text === copied.replace(/\r?\n/g, '\r\n') ? copied : text;
}

// Tab is not bound: it leaves the editor. Ctrl+Enter, F8 and Escape are the page's.
const keys = keymap.of([
  { key: 'Mod-f', run: search },
  { key: 'Mod-]', run: indentMore },
  { key: 'Mod-[', run: indentLess },
  { key: 'Mod-/', run: toggleLineComment },
  ...historyKeymap,
  ...standardKeymap,
]);

/**
 * At a wrapped line's end the editor remembers on which side the cursor stands, and writes that into the page's
 * selection when it next measures: without asking for the focus it takes it back from another editor. So what is left
 * forgets the side.
 */
const leaving = EditorView.domEventHandlers({
  blur(_, view) {
    const { main } = view.state.selection;
    if (main.empty && main.assoc !== 0)
      view.dispatch({ selection: EditorSelection.cursor(main.head), annotations: own.of(true) });
  },
});

const common = [
  leaving,
  // The only line break is LF: all else stays a character of its line.
  EditorState.lineSeparator.of('\n'),
  EditorState.tabSize.of(4),
  EditorView.editorAttributes.of({ class: 'editor' }),
  EditorView.lineWrapping,
  EditorView.clipboardOutputFilter.of((text) => (copied = text)),
  EditorView.clipboardInputFilter.of(asCopied),
  lineNumbers(),
  diagnostics,
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlighting,
  bracketMatching(),
  indentOnInput(),
  specialCharacters,
  marks,
  carriageReturns,
  keys,
];

const living = new Set<EditorView>();

/** Ends the editors whose page was drawn anew: they listen to the window. */
export function endDetached(): void {
  for (const view of living) {
    if (view.dom.isConnected) continue;
    view.destroy();
    living.delete(view);
  }
}

export function createEditor(parent: HTMLElement, options: EditorOptions): Editor {
  const past = new Compartment();
  const spoken = new Compartment();
  let wanted: EditorLanguage = 'text';

  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        common,
        past.of(history()),
        spoken.of([]),
        EditorView.contentAttributes.of({ 'aria-label': options.label, tabindex: '0' }),
        EditorState.readOnly.of(options.readOnly ?? false),
        EditorView.updateListener.of(told),
        EditorView.domEventHandlers({ paste, drop }),
      ],
    }),
  });
  setLanguage(options.language);

  function told({ docChanged, selectionSet, transactions, state }: ViewUpdate): void {
    if (transactions.some((transaction) => transaction.annotation(own))) return;
    const paste = transactions.some(
      (transaction) => transaction.isUserEvent('input.paste') || transaction.isUserEvent('input.drop'),
    );
    if (docChanged) options.onChange?.(state.doc.toString(), { paste });
    if (docChanged || selectionSet) options.onCursor?.(state.selection.main.head);
  }

  function paste(event: ClipboardEvent): boolean {
    const text = event.clipboardData?.getData('text/plain');
    const { from, to } = view.state.selection.main;
    if (!text || options.readOnly) return false;
    const handled = options.onPaste?.(asCopied(text), from === 0 && to === view.state.doc.length) ?? false;
    if (typeof handled === 'boolean') return handled;
    void handled.then((done) => done || insert(asCopied(text)));
    return true;
  }

  function insert(text: string): void {
    view.dispatch(view.state.replaceSelection(text), { userEvent: 'input.paste', scrollIntoView: true });
  }

  // A file is the page's to open; handled here, it is not typed into the text.
  function drop(event: DragEvent): boolean {
    return Boolean(event.dataTransfer?.files.length);
  }

  function setLanguage(language: EditorLanguage): void {
    wanted = language;
    const extension = languageExtension(language);
    const later = extension instanceof Promise;
    view.dispatch({ effects: spoken.reconfigure(later ? [] : extension), annotations: own.of(true) });
    if (later) void extension.then(() => wanted === language && setLanguage(language));
  }

  function setText(text: string, { keepHistory = false } = {}): void {
    const changes = difference(view.state.doc.toString(), text);
    if (!changes) return;
    view.dispatch({ changes, annotations: [own.of(true), Transaction.addToHistory.of(keepHistory)] });
    if (keepHistory) return;
    view.dispatch({ effects: past.reconfigure([]), annotations: own.of(true) });
    view.dispatch({ effects: past.reconfigure(history()), annotations: own.of(true) });
  }

  function reveal(first: number, last: number, { focus = false } = {}): void {
    const [from, to] = within(view.state.doc.length, first, last);
    view.dispatch({
      selection: { anchor: from },
      effects: [setRevealed.of({ from, to }), EditorView.scrollIntoView(from, { y: 'center' })],
      annotations: own.of(true),
    });
    if (focus) view.focus();
  }

  living.add(view);
  return {
    text: () => view.state.doc.toString(),
    setText,
    setLanguage,
    mark: (found) => view.dispatch({ effects: setDiagnostics.of(found), annotations: own.of(true) }),
    highlight: (ranges) => view.dispatch({ effects: setHighlights.of(ranges), annotations: own.of(true) }),
    reveal,
    focus: () => view.focus(),
  };
}
