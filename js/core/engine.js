// The WebAssembly module's life: started by the first call, replaced after a trap. Nothing foreign passes through here:
// the core throws its own words as JSON text, and everything else is a trap.

import { ContractError, InternalError } from './errors.js';

export class Engine {
  #bindings;
  #load;
  #loading;
  #started = false;
  #poisoned = false;
  #generation = 0;

  /**
   * @param bindings what bindgen made: initSync, __wbg_reset_state and the core's classes
   * @param load gives the compiled WebAssembly.Module, or a promise of it; each runtime has its own way
   */
  constructor(bindings, load) {
    this.#bindings = bindings;
    this.#load = load;
  }

  /** Starts the module. Where it is there at once, every call does so by itself. */
  async ready() {
    if (this.#started) return;
    const module = await this.#loaded();
    if (!this.#started) this.#startWith(module);
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
      this.#startWith(this.#loaded());
    } else if (this.#poisoned) {
      this.#bindings.__wbg_reset_state();
      this.#poisoned = false;
      this.#generation += 1;
    }
  }

  #startWith(module) {
    if (module instanceof Promise) {
      throw new TypeError(
        'the module is not loaded yet: `await init()` once before; compile, loadPack and loadRegistry wait for it ' +
          'by themselves',
      );
    }
    this.#bindings.initSync({ module });
    this.#started = true;
    this.#loading = undefined;
  }

  /** Loaded once, however many ask while it comes, and again where that failed. */
  #loaded() {
    this.#loading ??= this.#load();
    if (this.#loading instanceof Promise) this.#loading.catch(() => (this.#loading = undefined));
    return this.#loading;
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
