// What is open when the page is: a link, an example, or what was typed before a reload. A draft is kept for this tab
// alone, and holds no secret.

import { texts } from '../base/language.js';
import type { Data } from '../data.js';
import type { Secrets, State } from '../state.js';
import { exampleOf, openedExample, secretsOf } from './examples.js';
import type { Store } from './store.js';

const t = texts({ en: { unknown: 'There is no example “{path}”.' }, 'zh-CN': { unknown: '没有示例“{path}”。' } });

const DRAFT = 'countersign draft';
const PAUSE = 300;

/**
 * @param starting the page was opened just now: where the address names nothing, what was typed before is brought back
 * @returns a text where the address could not be read
 */
export async function restored(store: Store, data: Data, starting: boolean): Promise<string | undefined> {
  const found = location.hash.length > 1 ? await (await import('../share/link.js')).decode(location.hash) : undefined;
  if (found && 'example' in found) {
    const example = exampleOf(data, found.example);
    if (example) {
      const { state, secrets } = openedExample(example);
      store.replace({ ...state, open: { ...state.open, ...found.open } }, secrets);
      return undefined;
    }
  }
  if (found && 'state' in found) {
    openState(store, data, found.state);
    return undefined;
  }
  const problem =
    found && 'problem' in found
      ? found.problem
      : found && 'example' in found
        ? t('unknown', { path: found.example })
        : undefined;
  if (!starting) return problem;
  const draft = await drafted();
  const first = data.groups[0]?.examples[0];
  if (draft) openState(store, data, draft);
  else if (first) {
    const { state, secrets } = openedExample(first);
    store.replace(state, secrets);
  }
  return problem;
}

/** The published test keys of an example come with its path; other secrets do not travel. */
export function openState(store: Store, data: Data, state: State, keys: Secrets['keys'] = []): void {
  const example = state.example === undefined ? undefined : exampleOf(data, state.example);
  store.replace(state, { keys: example ? secretsOf(example) : keys, others: [] });
}

/** One of another version of this page is none. */
async function drafted(): Promise<State | undefined> {
  try {
    const text = sessionStorage.getItem(DRAFT);
    return text === null ? undefined : (await import('../share/state-form.js')).stateOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function keepDraft(store: Store): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  store.listen(({ opened, view }) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      try {
        sessionStorage.setItem(DRAFT, JSON.stringify(store.state));
        // What was changed is no longer what the address names: a reload brings back what was typed.
        if (!opened && !view && location.hash !== '')
          history.replaceState(null, '', location.pathname + location.search);
      } catch {
        // No room, or not allowed: then a reload begins anew.
      }
    }, PAUSE);
  });
}
