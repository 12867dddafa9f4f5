// Sends until a plan says that it is enough: asks the circuit, sends once, reports what came, and waits.

import { kind } from '../core/request.js';
import { CircuitOpenError, NoAnswer } from './errors.js';
import { Budget, within } from './time.js';

/** Whoever waits for its turn looks again so often: an answer to another call may have closed the circuit. */
const LOOK_MILLISECONDS = 1000;

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
   * `{ error }`, with the number of `attempts`; and `refused`, why there was no turn for one more.
   */
  async send(call, plan) {
    const budget = new Budget(this.#settings.totalMilliseconds);
    let last;
    for (let attempt = 0; ; attempt += 1) {
      const turn = await this.#turn(call, attempt, budget);
      if (!turn.allow) return { ...last, refused: refusal(call, turn, last) };
      const came = await this.#once(call, turn, budget);
      const planned = plan(came, attempt);
      last = { ...came, ...planned, attempts: attempt + 1 };
      const wait = this.#possible(call, attempt, planned.waitMilliseconds, budget);
      this.#tell(call, attempt, came, { reason: planned.reason, waitMilliseconds: wait });
      if (wait === undefined) return last;
      came.answer?.body?.cancel?.().catch(() => {}); // nobody reads it, so it must not hold its connection
      await this.#wait(wait, call, budget);
    }
  }

  /** Waits for the client's own limit and, in a call that repeats, for the probe; a new call does not. */
  async #turn(call, attempt, budget) {
    for (;;) {
      call.signal?.throwIfAborted();
      const turn = this.#circuits.ask(call);
      const waits = turn.reason === 'window-full' || attempt > 0;
      if (turn.allow || !waits || turn.waitMilliseconds >= budget.left) return turn;
      await this.#wait(Math.max(1, Math.min(turn.waitMilliseconds, LOOK_MILLISECONDS)), call, budget);
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
        this.#circuits.giveBack(call, turn);
        throw call.signal?.aborted ? call.signal.reason : error;
      }
      came.error = error.cause;
    }
    came.opened = this.#circuits.report(call, turn, reportOf(came));
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

  /** The wait, until the next probe if the circuit is open, if the call may take so long. */
  #possible(call, attempt, wait, budget) {
    if (wait === undefined || attempt >= this.#settings.retries) return undefined;
    const longest = Math.max(wait, this.#circuits.shutMilliseconds(call));
    return longest < budget.left ? longest : undefined;
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

function refusal({ receiver }, { reason, waitMilliseconds }, last) {
  const status = last?.answer?.status;
  return new CircuitOpenError({ receiver, reason, waitMilliseconds, status }, { cause: last?.error });
}

/** What the circuit is told. A browser hides the status of a redirect that it must not follow, but it did come. */
function reportOf({ answer }) {
  if (answer === undefined) return { status: 0 };
  if (answer.type?.startsWith('opaque')) return { status: 200 };
  return { status: answer.status, headers: answer.headers };
}
