// The page's state in one place. A change notifies every part of the page, which redraws what changed.

import { initialState, type Secrets, type State } from '../state.js';

export interface Change {
  /** A paste, an example, a button: to be judged at once. Else after a pause in the typing. */
  atOnce?: boolean;
  /** Only what is open changed: nothing is judged anew. */
  view?: boolean;
  /** Everything was opened: an example, a link, a file. */
  opened?: boolean;
}

export class Store {
  state: State = initialState();
  secrets: Secrets = { keys: [], others: [] };
  /** Something was typed since everything was opened. */
  edited = false;
  #listeners: ((change: Change) => void)[] = [];

  listen(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  /** Changes the state in place by `edit`, and tells. */
  change(edit: (state: State, secrets: Secrets) => void, change: Change = {}): void {
    edit(this.state, this.secrets);
    if (!change.view) this.edited = true;
    for (const listener of this.#listeners) listener(change);
  }

  replace(state: State, secrets: Secrets = { keys: [], others: [] }): void {
    this.state = state;
    this.secrets = secrets;
    this.edited = false;
    for (const listener of this.#listeners) listener({ atOnce: true, opened: true });
  }

  /** Gives back what is there now, with its secrets. */
  snapshot(): () => void {
    const [state, secrets] = structuredClone([this.state, this.secrets]);
    return () => {
      this.replace(state, secrets);
      this.edited = true;
    };
  }

  forgetListeners(): void {
    this.#listeners = [];
  }
}
