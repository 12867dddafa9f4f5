/** Whether a value has to be waited for. What does not is used at once: no promise, no tick, no timer. */
export function isPromise(value) {
  return typeof value?.then === 'function';
}

/** The result of the work, or an error if it takes too long. A result that is there already is given back as it is. */
export function within(milliseconds, late, work) {
  if (!isPromise(work)) return work;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${late} within ${milliseconds} ms`)), milliseconds);
    const ends = (settle) => (result) => {
      clearTimeout(timer);
      settle(result);
    };
    work.then(ends(resolve), ends(reject));
  });
}
