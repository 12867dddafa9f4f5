// Time: a wait that can be ended, work that may not take too long, and what a call may take in all.

/** Waits, or rejects with the signal's reason when it is aborted. */
export function sleep(milliseconds, { signal } = {}) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Gives `work` a signal that is aborted with the caller's, or when the work takes too long. */
export async function within(milliseconds, signal, work) {
  const late = new AbortController();
  const error = new DOMException(`no answer came within ${milliseconds} ms`, 'TimeoutError');
  const timer = setTimeout(() => late.abort(error), milliseconds);
  try {
    return await work(signal ? AbortSignal.any([signal, late.signal]) : late.signal);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What is left of the time of a call. It counts the waits that were asked for and, if that is more, the time that has
 * passed: neither a clock that is set back nor a `sleep` that returns early gives a call more time.
 */
export class Budget {
  #total;
  #started = performance.now();
  #waited = 0;

  constructor(milliseconds) {
    this.#total = milliseconds;
  }

  get left() {
    return this.#total - Math.max(this.#waited, performance.now() - this.#started);
  }

  spend(milliseconds) {
    this.#waited += milliseconds;
  }
}
