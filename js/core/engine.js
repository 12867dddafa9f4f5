// Manages the WebAssembly module: the first call starts it, and a new instance replaces one that trapped or that grew
// large. The core throws its errors as JSON text; everything else thrown is a trap.

import { Door } from './door.js';
import { ContractError, InternalError } from './errors.js';
import { lendHash } from './host.js';

/** A memory never shrinks. One of more bytes, beside those that gates and other objects took, is replaced. */
export const MOST_BYTES = 64 * 2 ** 20;

export class Engine {
  #bindings;
  #load;
  #loading;
  #started = false;
  #spent = false;
  #generation = 0;
  #door;
  #memory;
  #buffer; // of the memory, when it was last looked at: detached as soon as it has grown
  #most; // bytes

  /**
   * @param bindings the module's bindings, from wasm-bindgen: initSync, __wbg_reset_state and the core's classes @param
   * load returns the compiled WebAssembly.Module, or a promise of it; this differs per runtime
   */
  constructor(bindings, load) {
    this.#bindings = bindings;
    this.#load = load;
  }

  /** Starts the module. If it is available at once, every call does this itself. */
  async ready() {
    if (this.#started) return;
    const module = await this.#loaded();
    if (!this.#started) this.#startWith(module);
  }

  /** Grows when the instance is replaced. Objects made by an older instance must be made again. */
  get generation() {
    this.#start();
    return this.#generation;
  }

  /** Where messages go in and out. Only for the time of one call: a new instance has another. */
  get door() {
    this.#door ??= new Door(this.#bindings);
    return this.#door;
  }

  /** Runs `work` with the core's classes. `what` names it in an InternalError. */
  run(what, work) {
    this.#start();
    const done = this.#attempt(what, work);
    if (this.#hasGrown() && this.#buffer.byteLength > this.#most) this.#spent = true;
    return done;
  }

  /** The same for work that makes an object that stays. */
  make(what, work) {
    this.#start();
    this.#hasGrown();
    const before = this.#buffer.byteLength;
    const made = this.#attempt(what, work);
    if (this.#hasGrown()) this.#most += this.#buffer.byteLength - before;
    return made;
  }

  #attempt(what, work) {
    try {
      return work(this.#bindings);
    } catch (thrown) {
      if (typeof thrown === 'string') throw callersError(thrown);
      // INVARIANT: after a trap the instance's memory is in an unknown state and is never used again.
      this.#spent = true;
      // The cause's stack contains function numbers but no values, so it is safe to log.
      throw new InternalError(what, { cause: thrown });
    }
  }

  #hasGrown() {
    if (this.#buffer.byteLength > 0) return false;
    this.#buffer = this.#memory.buffer;
    return true;
  }

  #start() {
    if (!this.#started) {
      this.#startWith(this.#loaded());
    } else if (this.#spent) {
      this.#bindings.__wbg_reset_state();
      this.#begin();
      this.#generation += 1;
    }
  }

  /** With an instance that has just started. */
  #begin() {
    lendHash(this.#bindings);
    this.#spent = false;
    this.#door = undefined;
    this.#memory = this.#bindings.wasmMemory();
    this.#buffer = this.#memory.buffer;
    this.#most = MOST_BYTES;
  }

  #startWith(module) {
    if (module instanceof Promise) {
      throw new TypeError(
        'the module is not loaded yet: call `await init()` once before; compile, loadPack and loadRegistry wait ' +
          'for it themselves',
      );
    }
    this.#bindings.initSync({ module });
    this.#begin();
    this.#started = true;
    this.#loading = undefined;
  }

  /** Loads the module once, even for several callers at the same time, and again if that failed. */
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
