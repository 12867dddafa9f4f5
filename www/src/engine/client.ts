// The engine as the page uses it: one job after the other, each with a deadline. A job that does not finish in time is
// killed with its worker, and the next job gets a new one.

import type { Answered, Answers, Job, Thrown } from './protocol.js';

/** The error for a contract, key or policy that is refused; `name` says whose mistake it is. */
export class Refused extends Error {
  readonly thrown: Thrown;

  constructor(thrown: Thrown) {
    super(thrown.message);
    this.thrown = thrown;
  }
}

/** The run was ended at its deadline. */
export class Killed extends Error {
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    super(`ended after ${milliseconds} ms`);
    this.milliseconds = milliseconds;
  }
}

/** A newer job of the same lane took its place before it was begun. */
export class Superseded extends Error {}

const START = 5000; // milliseconds more for the first job of a worker, which starts the module
const GRACE = 300; // milliseconds for a job whose answer nobody waits for any more

interface Waiting {
  job: Job;
  lane: string;
  deadline: number;
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export class Engine {
  #module: WebAssembly.Module;
  #make: () => Worker;
  #worker: Worker | undefined;
  #running:
    | (Waiting & { id: number; timer: ReturnType<typeof setTimeout>; hurried?: boolean; finally?(): void })
    | undefined;
  #waiting: Waiting[] = [];
  #count = 0;
  #fresh = true; // no job was given to the worker yet

  /** @param make a worker made from a blob: its code has no address */
  constructor(module: WebAssembly.Module, make: () => Worker) {
    this.#module = module;
    this.#make = make;
    this.#worker = this.#started();
  }

  /**
   * In a lane, the newest job counts: one that waits there is superseded, and one that runs there has little time left.
   */
  run<Kind extends Job['kind']>(
    job: Extract<Job, { kind: Kind }>,
    lane: string,
    deadline: number,
  ): Promise<Answers[Kind]> {
    for (const old of this.#waiting.filter((one) => one.lane === lane)) old.reject(new Superseded());
    this.#waiting = this.#waiting.filter((one) => one.lane !== lane);
    if (this.#running?.lane === lane) this.#hurry();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, lane, deadline, resolve: resolve as (answer: unknown) => void, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#running) return;
    const waiting = this.#waiting.shift();
    if (!waiting) return;
    this.#count += 1;
    const id = this.#count;
    const fresh = this.#worker === undefined || this.#fresh;
    this.#worker ??= this.#started();
    this.#fresh = false;
    const timer = setTimeout(() => this.#kill(new Killed(waiting.deadline)), waiting.deadline + (fresh ? START : 0));
    this.#running = { ...waiting, id, timer, hurried: fresh };
    this.#worker.postMessage({ id, job: waiting.job });
  }

  #hurry(): void {
    const running = this.#running;
    if (!running || running.hurried) return;
    running.hurried = true;
    // Its own deadline may come before.
    const hurry = setTimeout(() => this.#running === running && this.#kill(new Superseded()), GRACE);
    running.finally = () => clearTimeout(hurry);
  }

  #started(): Worker {
    const worker = this.#make();
    worker.addEventListener('message', ({ data }: MessageEvent<Answered>) => this.#answered(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#kill(new Error(`the engine stopped: ${event.message}`));
    });
    worker.postMessage(this.#module);
    return worker;
  }

  #answered(answered: Answered): void {
    const running = this.#running;
    if (running?.id !== answered.id) return;
    clearTimeout(running.timer);
    running.finally?.();
    this.#running = undefined;
    if ('thrown' in answered) running.reject(new Refused(answered.thrown));
    else running.resolve(answered.answer);
    this.#next();
  }

  #kill(error: Error): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    const running = this.#running;
    this.#running = undefined;
    if (running) clearTimeout(running.timer);
    running?.finally?.();
    running?.reject(error);
    this.#next();
  }
}
