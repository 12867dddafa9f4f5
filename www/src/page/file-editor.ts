// One of several files in an editor, with a choice between them.

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import { createEditor, type Diagnostic, type EditorLanguage } from '../editor/editor.js';

const t = texts({ en: { file: 'File' }, 'zh-CN': { file: '文件' } });

export interface FileEditor {
  /** @param wanted the file to show, where it is one of these; else the one that is shown, or the first */
  draw(
    files: Record<string, string>,
    names: string[],
    wanted: string | undefined,
    diagnostics: Map<string, Diagnostic[]>,
  ): void;
  /** The file that is shown, where there is one. */
  shown(): { file: string; text: string } | undefined;
  reveal(from: number, to: number): void;
}

export interface FileEditorOptions {
  label: string;
  language(file: string): EditorLanguage;
  /** What stands there in place of an editor, where there is no file. */
  none: HTMLElement;
  /** A button beside the choice. */
  tool?: HTMLElement;
  onChoose(file: string): void;
  onChange(file: string, text: string, paste: boolean): void;
  onCursor(file: string, offset: number): void;
}

export function fileEditor(
  panel: HTMLElement,
  { label, language, none, tool, onChoose, onChange, onCursor }: FileEditorOptions,
): FileEditor {
  let file: string | undefined;
  const choose = h('select', { 'aria-label': t('file'), onchange: () => onChoose(choose.value) });
  const place = h('div', { class: 'editor-place' });
  panel.append(h('div', { class: 'pane-bar' }, choose, tool), none, place);
  const editor = createEditor(place, {
    text: '',
    language: 'text',
    label,
    onChange: (text, { paste }) => file !== undefined && onChange(file, text, paste),
    onCursor: (offset) => file !== undefined && onCursor(file, offset),
  });
  return {
    draw(files, names, wanted, diagnostics) {
      const open = [wanted, file].find((name) => name !== undefined && names.includes(name)) ?? names[0];
      choose.replaceChildren(...names.map((name) => h('option', { value: name, selected: name === open }, name)));
      choose.hidden = names.length < 2;
      none.hidden = open !== undefined;
      place.hidden = open === undefined;
      const text = open === undefined ? '' : (files[open] ?? '');
      if (open !== file || editor.text() !== text) editor.setText(text, { keepHistory: open === file });
      file = open;
      if (open !== undefined) editor.setLanguage(language(open));
      editor.mark(open === undefined ? [] : (diagnostics.get(open) ?? []));
    },
    shown: () => (file === undefined ? undefined : { file, text: editor.text() }),
    reveal: (from, to) => editor.reveal(from, to, { focus: true }),
  };
}
