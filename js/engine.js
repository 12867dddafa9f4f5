// The WebAssembly module's life: started by the first call, replaced after a trap. Nothing foreign passes through here:
// the core throws its own words as JSON text, and everything else is a trap.

import { ContractError, InternalError } from './errors.js';

export class Engine {
  #bindings;
  #load;
  #started = false;
  #poisoned = false;
  #generation = 0;

  /**
   * @param bindings what bindgen made: initSync, __wbg_reset_state and the core's classes
   * @param load gives the compiled WebAssembly.Module; each runtime has its own way
   */
  constructor(bindings, load) {
    this.#bindings = bindings;
    this.#load = load;
  }

  /** Grows when the instance is replaced: whatever was made by an older one must be made again. */
  get generation() {
    this.#start();
    return this.#generation;
  }

  /** Runs `work` with the core's classes. `what` names it in an InternalError. */
  run(what, work) {
    this.#start();
    try {
      return work(this.#bindings);
    } catch (thrown) {
      if (typeof thrown === 'string') throw callersError(thrown);
      // INVARIANT: after a trap the instance's memory is in an unknown state and is never used again.
      this.#poisoned = true;
      // The cause's stack has function numbers and no values: safe to log.
      throw new InternalError(what, { cause: thrown });
    }
  }

  #start() {
    if (!this.#started) {
      this.#bindings.initSync({ module: this.#load() });
      this.#started = true;
    } else if (this.#poisoned) {
      this.#bindings.__wbg_reset_state();
      this.#poisoned = false;
      this.#generation += 1;
    }
  }
}

function callersError(text) {
  try {
    const said = JSON.parse(text);
    return said.misuse === undefined ? new ContractError(said) : new TypeError(said.misuse);
  } catch (cause) {
    return new InternalError('reading an error of the core', { cause });
  }
}
