// Writes a message into the module's memory and reads what comes out. No JSON on the way in, and no copy but one.

const SMALLEST = 4096; // bytes of the room
const KEPT = 2 ** 20; // a larger room is for one message: the core gives it back
const LARGEST = 2 ** 31;
const NONE = new Uint8Array(0);

const encoder = new TextEncoder();
const decoder = new TextDecoder();
// Node reads bytes and UTF-16 into a text many times faster than UTF-8.
const NodeBuffer = globalThis.process?.versions?.node === undefined ? undefined : globalThis.Buffer;

/** One for each instance of the module. */
export class Door {
  #core;
  #memory;
  #room = NONE;
  #whole = NONE;
  #text;

  /** @param core the module's bindings */
  constructor(core) {
    this.#core = core;
    this.#memory = core.wasmMemory();
  }

  /** Writes a head and a body. @returns the head's length in bytes */
  enter(head, body) {
    const room = this.#roomFor(head.length * 3 + body.byteLength);
    const { written } = encoder.encodeInto(head, room);
    room.set(body, written);
    return written;
  }

  #roomFor(bytes) {
    if (bytes > KEPT) {
      this.#room = NONE;
      return this.#take(Math.min(LARGEST, bytes));
    }
    if (this.#room.byteLength < bytes) {
      // Also when the memory has grown: what looked at it has no bytes any more.
      this.#room = this.#take(Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(bytes))));
    }
    return this.#room;
  }

  #take(size) {
    const address = this.#core.room(size);
    return new Uint8Array(this.#memory.buffer, address, size);
  }

  /** What came out, as a copy of its own that {@link textOf} reads. Undefined if that is nothing. */
  kept() {
    const length = this.#core.outputBytes();
    if (length === 0) return undefined;
    const start = this.#core.output();
    const all = this.#all();
    // One character for each byte: the copy that is made soonest.
    return NodeBuffer === undefined ? all.slice(start, start + length) : this.#text.latin1Slice(start, start + length);
  }

  /** What came out, as text. */
  text() {
    const units = NodeBuffer === undefined ? 0 : this.#core.widen();
    if (units > 0) {
      const start = this.#core.wide();
      this.#all();
      return this.#text.ucs2Slice(start, start + 2 * units);
    }
    const start = this.#core.output();
    const end = start + this.#core.outputBytes();
    const all = this.#all();
    return NodeBuffer === undefined ? decoder.decode(all.subarray(start, end)) : this.#text.latin1Slice(start, end);
  }

  /** The age of the last message that was checked, if it is known. */
  get skewSeconds() {
    const skew = this.#core.skew();
    return Number.isNaN(skew) ? undefined : skew;
  }

  #all() {
    if (this.#whole.byteLength === 0) {
      const { buffer } = this.#memory;
      this.#whole = new Uint8Array(buffer);
      this.#text = NodeBuffer?.from(buffer);
    }
    return this.#whole;
  }
}

/** The text of what {@link Door#kept} keeps: UTF-8, or a string of its bytes. */
export function textOf(kept) {
  if (typeof kept !== 'string') return decoder.decode(kept);
  return /[\x80-\xff]/.test(kept) ? NodeBuffer.from(kept, 'latin1').utf8Slice() : kept;
}
