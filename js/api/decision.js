// What a decision is made of. Its members are read from the module's bytes when someone asks for them.

import { textOf } from '../core/door.js';

const OUTCOMES = ['accept', 'ignore', 'reject'];
const UNREADABLE = 0;
const FIRST = 16; // codes of decisions: 16 + 4 * status + outcome

/** The outcome of a check without its report. It owns its bytes. */
export class Decision {
  #bytes;
  #members;

  /** @param bytes members of a JSON object, without its braces, as text or UTF-8; undefined if there are none */
  constructor(verdict, status, bytes, members) {
    this.verdict = verdict;
    this.status = status;
    this.#bytes = bytes;
    this.#members = members;
  }

  /** @param code what `pass` returns. Undefined if the message must come in another way */
  static read(code, door) {
    if (code === UNREADABLE) return undefined;
    const status = (code - FIRST) >> 2;
    return new Decision(OUTCOMES[code & 3], status === 0 ? undefined : status, door.kept());
  }

  static of({ verdict, status, answer, event, message, replay }) {
    return new Decision(verdict, status, undefined, { answer, event, message, replay });
  }

  get answer() {
    return this.#read().answer;
  }

  get event() {
    return this.#read().event;
  }

  get message() {
    return this.#read().message;
  }

  get replay() {
    return this.#read().replay;
  }

  toJSON() {
    const { verdict, status } = this;
    const { answer, event, message, replay } = this.#read();
    return { verdict, status, answer, event, message, replay };
  }

  [Symbol.for('nodejs.util.inspect.custom')](_, options, inspect) {
    return `Decision ${inspect(JSON.parse(JSON.stringify(this)), options)}`;
  }

  #read() {
    if (this.#members === undefined) {
      this.#members = JSON.parse(`{${textOf(this.#bytes ?? '')}}`);
      this.#bytes = undefined;
    }
    return this.#members;
  }
}
