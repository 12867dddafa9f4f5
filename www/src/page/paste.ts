// What is pasted or dropped, as the message: loaded beside the engine.

import { texts } from '../base/language.js';
import { choiceFor } from '../contract/guess.js';
import type { Data } from '../data.js';
import { parseMessage } from '../request/parse.js';
import { applied, recognise, type Recognised } from '../request/recognise.js';
import type { State } from '../state.js';
import { exampleOf, openedExample } from './examples.js';
import type { Store } from './store.js';

export { recognise };
export type { Recognised };

const t = texts({
  en: {
    chosen: 'The contract {name} was chosen because its signature is in the message.',
    chosenOf: 'The contract {name} was chosen because its signature is in the message; it may also be {others}.',
    marked: 'The contract {name} was chosen because of {mark}. The message has no signature that it knows.',
    unknown:
      'No shipped contract knows the signature in {mark}: {name} judges the message, and is most likely ' +
      'not its contract.',
    unsigned: 'No shipped contract fits this message: {name} judges it, and is most likely not its contract.',
    text: 'It was put in as text.',
    kept: 'What you typed was kept: to replace it, select everything in the request and paste again.',
  },
  'zh-CN': {
    chosen: '已选择契约 {name}，因为消息带有它的签名。',
    chosenOf: '已选择契约 {name}，因为消息带有它的签名；也可能是 {others}。',
    marked: '已根据 {mark} 选择契约 {name}。消息中没有它认识的签名。',
    unknown: '随附的契约都不认识 {mark} 中的签名：目前由 {name} 判断，它很可能不是这条消息的契约。',
    unsigned: '随附的契约都不适合这条消息：目前由 {name} 判断，它很可能不是这条消息的契约。',
    text: '已作为文本放入。',
    kept: '已保留您输入的内容：要替换它，请全选请求后再粘贴。',
  },
});

/** What a paste made the message: until it is edited, another one may take its place. */
let latest: string | undefined;

/** Nobody typed it: it is empty, an example, or what was pasted. */
function isUntouched({ state }: Store, data: Data): boolean {
  const { text } = state.message;
  if (text.trim() === '' || text === latest) return true;
  const example = state.example === undefined ? undefined : exampleOf(data, state.example);
  return example !== undefined && openedExample(example).state.message.text === text;
}

/**
 * What a paste stands for: a whole message takes the place of one that nobody typed, and of any if it is no raw HTTP.
 * All else is a fragment: then there is only what is said of it.
 * @param where it would replace `everything` in the editor, or a `part`; or it was pasted `beside` all fields
 */
export function pasted(
  text: string,
  where: 'everything' | 'part' | 'beside',
  store: Store,
  data: Data,
): { found?: Recognised; anew: boolean; said: string } {
  const found = recognise(text);
  const [first] = found.entries;
  const isBeside = where === 'beside';
  // A line, or a part of one, is a fragment that somebody wants there.
  if (!first && !isBeside && !text.trim().includes('\n')) return { anew: false, said: '' };
  if (!first) return { anew: false, said: isBeside ? found.said : `${found.said}. ${t('text')}` };
  const whole = where === 'everything' || store.state.message.text.trim() === '';
  const isMessage = first.part === undefined;
  const foreign = isMessage && found.source !== 'http' && found.source !== 'headers';
  const isTaken = whole || foreign || (isMessage ? isUntouched(store, data) : isBeside);
  if (!isTaken) return { anew: false, said: isBeside ? t('kept') : '' };
  // Over everything, a body or headers alone are what was selected: nothing of the old message stays.
  return { found, anew: whole && !isMessage, said: '' };
}

/**
 * Makes one of the requests that were found the message.
 * @returns what is to be told of it
 */
export function putMessage(store: Store, data: Data, found: Recognised, index: number, anew: boolean): string {
  let chosen = '';
  store.change(
    (state, secrets) => {
      state.message = applied(anew ? { text: '' } : state.message, found, index);
      state.mode = 'webhook';
      if (found.entries[index]?.part !== undefined) return;
      // Another message: what an example was told, its time and its keys, is not for it.
      if (state.example !== undefined) Object.assign(secrets, { keys: [] }, void (state.now = null));
      Object.assign(state, { example: undefined, options: {}, seen: [] });
      chosen = chooseContract(state, data);
    },
    { atOnce: true },
  );
  latest = store.state.message.text;
  return [...(found.entries[index]?.notices ?? []), chosen].filter(Boolean).join(' ');
}

/** By its signature, else by other marks, unless the contract that is open may be the one, or is the user's own. */
function chooseContract(state: State, data: Data): string {
  const { message } = parseMessage(state.message.text, state.message);
  const { shipped } = state.contract;
  if (!message || shipped === undefined || Object.keys(state.contract.files).length > 0) return '';
  const { by, names, mark = '' } = choiceFor(message, data.contracts);
  const [name] = names;
  if (name === undefined) {
    const known = message.status === undefined ? (mark === '' ? 'unsigned' : 'unknown') : undefined;
    return known === undefined ? '' : t(known, { mark, name: shipped });
  }
  if (names.includes(shipped)) return '';
  state.contract = { shipped: name, files: {} };
  if (by === 'mark') return t('marked', { name, mark });
  return names.length === 1 ? t('chosen', { name }) : t('chosenOf', { name, others: names.slice(1, 4).join(', ') });
}
