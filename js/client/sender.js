// Sends until a plan says that it is enough: asks the circuit, sends once, reports what came, and waits.

import { kind } from '../core/request.js';
import { CircuitOpenError, NoAnswer } from './errors.js';
import { Budget, within } from './time.js';

export class Sender {
  #settings;
  #circuits;

  constructor(settings, circuits) {
    this.#settings = settings;
    this.#circuits = circuits;
  }

  /**
   * `call.once(signal, fetch)` sends the request and gives the answer. `plan(came, attempt)` gives
   * `{ reason, waitMilliseconds }`; without a wait the call ends. Gives the plan and what came last: `{ answer }` or
   * `{ error }`, with the number of `attempts`.
   */
  async send(call, plan) {
    const budget = new Budget(this.#settings.totalMilliseconds);
    let last;
    for (let attempt = 0; ; attempt += 1) {
      const turn = await this.#turn(call, budget, last);
      const came = await this.#once(call, turn, budget);
      const planned = plan(came, attempt);
      const wait = this.#possible(call, attempt, planned.waitMilliseconds, budget);
      this.#tell(call, attempt, came, { reason: planned.reason, waitMilliseconds: wait });
      if (wait === undefined) return { ...came, ...planned, attempts: attempt + 1 };
      came.answer?.body?.cancel?.().catch(() => {}); // nobody reads it, so it must not hold its connection
      await this.#wait(wait, call, budget);
      last = came;
    }
  }

  /** Waits for the client's own limit; an open circuit is not waited for. */
  async #turn(call, budget, last) {
    for (;;) {
      call.signal?.throwIfAborted();
      const turn = this.#circuits.ask(call.receiver);
      if (turn.allow) return turn;
      const { reason, waitMilliseconds } = turn;
      if (reason !== 'window-full' || waitMilliseconds >= budget.left) {
        const status = last?.answer?.status;
        throw new CircuitOpenError(
          { receiver: call.receiver, reason, waitMilliseconds, status },
          { cause: last?.error },
        );
      }
      await this.#wait(Math.max(1, waitMilliseconds), call, budget);
    }
  }

  /** One attempt. Whatever becomes of it, the circuit is told, or gets its turn back. */
  async #once(call, turn, budget) {
    const started = performance.now();
    const most = Math.max(1, Math.ceil(Math.min(this.#settings.attemptMilliseconds, budget.left)));
    const came = {};
    try {
      came.answer = await within(most, call.signal, (signal) => call.once(signal, this.#fetch));
    } catch (error) {
      if (!(error instanceof NoAnswer) || call.signal?.aborted) {
        this.#circuits.giveBack(call.receiver, turn);
        throw call.signal?.aborted ? call.signal.reason : error;
      }
      came.error = error.cause;
    }
    came.opened = this.#circuits.report(call.receiver, turn, reportOf(came));
    came.milliseconds = performance.now() - started;
    return came;
  }

  #fetch = async (input, init) => {
    let answer;
    try {
      const { fetch } = this.#settings; // the platform's must not be called as a method
      answer = await fetch(input, init);
    } catch (error) {
      throw new NoAnswer(error);
    }
    if (!Number.isInteger(answer?.status) || typeof answer.headers?.get !== 'function')
      throw new TypeError(`fetch must give a Response, got ${kind(answer)}`);
    return answer;
  };

  /** The wait, if the call may take so long and the circuit is not open then. */
  #possible({ receiver }, attempt, wait, budget) {
    if (wait === undefined || attempt >= this.#settings.retries || wait >= budget.left) return undefined;
    return this.#circuits.shutFor(receiver, wait) ? undefined : wait;
  }

  async #wait(milliseconds, { signal }, budget) {
    budget.spend(milliseconds);
    await this.#settings.sleep(milliseconds, { signal });
    signal?.throwIfAborted();
  }

  #tell({ receiver, method, context }, attempt, { answer, opened, milliseconds }, planned) {
    const status = answer?.status ?? 0;
    try {
      this.#settings.onAttempt({ receiver, method, context, attempt, status, milliseconds, opened, ...planned });
    } catch (error) {
      console.error('countersign: onAttempt threw', error);
    }
  }
}

/** What the circuit is told. A browser hides the status of a redirect that it must not follow, but it did come. */
function reportOf({ answer }) {
  if (answer === undefined) return { status: 0 };
  if (answer.type?.startsWith('opaque')) return { status: 200 };
  return { status: answer.status, headers: answer.headers };
}
