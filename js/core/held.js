// What the API's objects hold inside the module.

import { seedFrom } from './random.js';

export const MADE = Symbol('made by the package'); // a gate cannot be made without a compiled contract

/** An object inside the module. It is made again when the instance that held it trapped over somebody else's input. */
export class Held {
  #engine;
  #configuration;
  #make;
  #inner;
  #generation;
  #whatMaking;

  constructor(engine, whatMaking, configuration, make) {
    this.#engine = engine;
    this.#configuration = configuration;
    this.#whatMaking = whatMaking;
    this.#make = make;
    this.#renew();
  }

  use(what, work) {
    if (this.#make === undefined) throw new TypeError('it was freed: call free() only after the last use');
    if (this.#engine.generation !== this.#generation) this.#renew();
    return this.#engine.run(what, () => work(this.#inner));
  }

  free() {
    if (this.#make === undefined) return;
    this.#make = undefined;
    const [inner, generation] = [this.#inner, this.#generation];
    this.#inner = undefined;
    if (this.#engine.generation === generation) this.#engine.run('freeing', () => inner.free());
  }

  #renew() {
    this.#generation = this.#engine.generation;
    seedFrom(this.#configuration);
    try {
      this.#inner = this.#engine.run(this.#whatMaking, (core) => this.#make(core, this.#configuration));
    } finally {
      seedFrom('');
    }
  }
}
