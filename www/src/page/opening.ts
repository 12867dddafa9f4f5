// What replaces what is open: an example, files that were dropped or picked. What was typed can be had back.

import { h } from '../base/dom.js';
import { texts } from '../base/language.js';
import type { Data } from '../data.js';
import { withBody } from '../request/edit.js';
import type { Recognised } from '../request/recognise.js';
import type { Named, Opened, Parts } from '../share/open.js';
import { initialState, type State } from '../state.js';
import type { Banner } from './banner.js';
import { openState } from './draft.js';
import { exampleOf, openedExample, USUAL_PACK } from './examples.js';
import type { Store } from './store.js';

const t = texts({
  en: {
    unknown: 'There is no example “{path}”.',
    replaced: 'Your previous input was replaced.',
    undo: 'Undo',
    drop: 'The file cannot be opened: {why}',
  },
  'zh-CN': {
    unknown: '没有示例“{path}”。',
    replaced: '之前输入的内容已被替换。',
    undo: '撤销',
    drop: '无法打开文件：{why}',
  },
});

export interface Opening {
  example(path: string): void;
  files(files: Promise<Named[]>): Promise<void>;
  /**
   * Call it before everything is replaced: what it gives offers the way back. Undefined where nothing was typed, unless
   * an example is worth it, too.
   */
  undoable(anything?: boolean): (() => void) | undefined;
}

/** @param take puts a message of any kind into the left pane */
export function opening(
  store: Store,
  data: Data,
  { say, hush }: Banner,
  take: (found: Recognised) => Promise<void>,
): Opening {
  function undoable(anything = false): (() => void) | undefined {
    if (!store.edited && !(anything && store.state.message.text.trim() !== '')) return undefined;
    const back = store.snapshot();
    const undo = (): void => {
      back();
      hush();
    };
    return () => say(t('replaced'), 'warn', h('button', { type: 'button', onclick: undo }, t('undo')));
  }

  async function put(found: Opened): Promise<void> {
    if (found.kind === 'problem') {
      say(t('drop', { why: found.problem }), 'fail');
      return;
    }
    hush();
    const undo = undoable();
    if (found.kind === 'state') openState(store, data, found.state, found.keys);
    else if (found.kind === 'parts')
      store.change((state) => putParts(state, found.parts, [USUAL_PACK]), { atOnce: true });
    else if (found.kind === 'har' && store.state.mode === 'deployment')
      store.change(({ deployment }) => (deployment.documents = found.text), { atOnce: true });
    else {
      const recognised = (await import('./paste.js')).recognise(found.text);
      if (recognised.entries.length === 0) {
        say(t('drop', { why: recognised.said }), 'fail');
        return;
      }
      await take(recognised);
    }
    undo?.();
  }

  return {
    undoable,
    example(path) {
      const example = exampleOf(data, path);
      if (!example) return say(t('unknown', { path }), 'warn');
      hush();
      const undo = undoable();
      const { state, secrets } = openedExample(example);
      store.replace({ ...state, open: { ...initialState().open, pane: store.state.open.pane } }, secrets);
      history.replaceState(null, '', `#example=${path}`);
      undo?.();
    },
    async files(files) {
      try {
        const { opened } = await import('../share/open.js');
        await put(await opened(await files));
      } catch (error) {
        say(t('drop', { why: (error as Error).message }), 'fail');
      }
    },
  };
}

/** @param packs for documents that come before any pack was chosen */
function putParts(state: State, { message, contract, policy, documents, data, json }: Parts, packs: string[]): void {
  const deployment =
    documents !== undefined || (message === undefined && contract === undefined && state.mode === 'deployment');
  state.mode = deployment ? 'deployment' : 'webhook';
  state.example = undefined;
  if (message) state.message = message;
  if (contract) state.contract = contract;
  if (deployment && !policy && state.deployment.documents === '' && state.deployment.packs.length === 0)
    state.deployment.packs = packs;
  if (documents !== undefined) state.deployment.documents = documents;
  if (data !== undefined) state.deployment.data = data;
  if (policy && deployment) state.deployment.policy = { ...state.deployment.policy, ...policy };
  else if (policy) state.contract.files = { ...state.contract.files, ...policy };
  if (json !== undefined && deployment) state.deployment.documents = json;
  else if (json !== undefined) state.message = { text: withBody(state.message.text, json) };
}
