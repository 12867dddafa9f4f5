// Objects inside the module, held by objects of the API.

export const MADE = Symbol('made by the package'); // only the package can make a gate

/** An object inside the module. If its instance was replaced, perhaps for other input, the object is made again. */
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
    this.#check();
    return this.#engine.run(what, () => work(this.#inner));
  }

  /** Runs `work` with the object and the door. */
  pass(what, work) {
    this.#check();
    return this.#engine.run(what, () => work(this.#inner, this.#engine.door));
  }

  #check() {
    if (this.#make === undefined) throw new TypeError('it was freed: call free() only after the last use');
    if (this.#engine.generation !== this.#generation) this.#renew();
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
    this.#inner = this.#engine.make(this.#whatMaking, (core) => this.#make(core, this.#configuration));
  }
}
