// What is open when the page is: a link, an example, or what was typed before a reload. A draft is kept for this tab alone, and
// holds no secret.

import type { Data } from '../data.js';
import { decode } from '../share/index.js';
import { initialState, type State } from '../state.js';
import { exampleOf, openedExample, secretsOf } from './examples.js';
import type { Store } from './store.js';

const DRAFT = 'countersign draft';
const PAUSE = 300;

/** A text where the link could not be read. */
export async function restored(store: Store, data: Data): Promise<string | undefined> {
  const found = location.hash.length > 1 ? await decode(location.hash) : undefined;
  if (found && 'example' in found) {
    const example = exampleOf(data, found.example);
    if (example) {
      const { state, secrets } = openedExample(example);
      store.replace(state, secrets);
      return undefined;
    }
  }
  if (found && 'state' in found) {
    open(store, data, found.state);
    return undefined;
  }
  const draft = drafted();
  const first = data.groups[0]?.examples[0];
  if (draft) open(store, data, draft);
  else if (first) {
    const { state, secrets } = openedExample(first);
    store.replace(state, secrets);
  }
  return found && 'problem' in found ? found.problem : undefined;
}

/** The published test keys of an example come with its path; other secrets do not travel. */
function open(store: Store, data: Data, state: State): void {
  const example = state.example === undefined ? undefined : exampleOf(data, state.example);
  store.replace(state, { keys: example ? secretsOf(example) : [], others: [] });
}

function drafted(): State | undefined {
  try {
    const text = sessionStorage.getItem(DRAFT);
    return text === null ? undefined : { ...initialState(), ...(JSON.parse(text) as State) };
  } catch {
    return undefined;
  }
}

export function keepDraft(store: Store): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  store.listen(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      try {
        sessionStorage.setItem(DRAFT, JSON.stringify(store.state));
      } catch {
        // No room, or not allowed: then a reload begins anew.
      }
    }, PAUSE);
  });
}
