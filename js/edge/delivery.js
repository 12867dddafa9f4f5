// The result of a guard for a request: a delivery for the handler, or a refusal with its reply.

const COME_AGAIN = [408, 425, 429]; // RFC 9110, section 15.5.9; RFC 8470; RFC 6585

/** A request that may reach the handler. */
export class Delivery {
  ok = true;
  #again;
  #request;
  #lease;
  #settled;
  #tell;

  /** `tell(result, status)` is called with how the delivery ended. */
  constructor({ instance, contract, verdict, bytes, replay, receipt, again }, lease, tell) {
    Object.assign(this, { instance, contract, verdict, event: verdict.event, message: verdict.message, bytes, replay });
    if (receipt !== undefined) this.receipt = receipt;
    this.#again = again;
    this.#lease = lease;
    this.#tell = tell;
  }

  /** The Request with a body that can be read, made when someone asks for it. Undefined for a server without Fetch. */
  get request() {
    this.#request ??= this.#again?.(this);
    return this.#request;
  }

  json() {
    return JSON.parse(new TextDecoder().decode(this.bytes));
  }

  ack(status) {
    return this.#end('complete', status);
  }

  release(status) {
    return this.#end('release', status);
  }

  /** With 200 to 499 the handler is done, whatever it decided, unless the status asks the sender to try again. */
  settle(status) {
    return status >= 200 && status < 500 && !COME_AGAIN.includes(status) ? this.ack(status) : this.release(status);
  }

  /** Runs once. Later calls get the result of the first. */
  #end(operation, status) {
    this.#settled ??= this.#finish(operation, status);
    return this.#settled;
  }

  async #finish(operation, status) {
    const usual = operation === 'complete' ? 'completed' : 'released';
    const result = this.#lease === undefined ? usual : await this.#lease[operation]();
    this.#tell(result, status);
    return result === usual;
  }
}

/** A request that is answered without the handler. */
export class Refusal {
  ok = false;

  constructor({ instance, contract, verdict, answer }) {
    Object.assign(this, { instance, contract, verdict, answer });
  }

  get response() {
    const { status, headers, body } = this.answer;
    return new Response(body === '' ? null : body, { status, headers });
  }
}
