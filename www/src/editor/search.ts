// Loaded beside the engine: nobody searches before there is something to read.

import { openSearchPanel, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, StateEffect } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import type { EditorView } from '@codemirror/view';

import { language } from '../base/language.js';

/** By the English text that the panel asks for; `$` is a number. */
const PHRASES = {
  Find: '查找',
  Replace: '替换',
  next: '下一个',
  previous: '上一个',
  all: '全选',
  'match case': '区分大小写',
  regexp: '正则表达式',
  'by word': '全词匹配',
  replace: '替换',
  'replace all': '全部替换',
  close: '关闭',
  'current match': '当前匹配',
  'on line': '所在行',
  'replaced $ matches': '已替换 $ 处匹配',
  'replaced match on line $': '已替换第 $ 行的匹配',
};

const part = new Compartment();

export function openSearch(view: EditorView): void {
  const keys = searchKeymap.filter(({ scope }) => scope?.includes('search-panel'));
  const extension = [
    search({ top: true }),
    keymap.of(keys),
    EditorState.phrases.of(language() === 'zh-CN' ? PHRASES : {}),
  ];
  view.dispatch({
    effects: part.get(view.state) ? part.reconfigure(extension) : StateEffect.appendConfig.of(part.of(extension)),
  });
  openSearchPanel(view);
}
