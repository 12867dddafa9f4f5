// A store that can be made to fail, hang or come late, which no real one does on demand. What it was asked stands in
// `asked`.

export function inspectedStore({ consistency = 'process' } = {}) {
  const held = new Map();
  const store = {
    consistency,
    held,
    asked: [],
    fail: {}, // operation -> () => a promise, in place of the answer
    async claim(key, options) {
      store.asked.push(['claim', key, options]);
      if (store.fail.claim) return store.fail.claim();
      if (held.has(key)) return held.get(key) === 'done' ? 'done' : 'busy';
      held.set(key, options.token);
      return 'claimed';
    },
    async complete(key, options) {
      store.asked.push(['complete', key, options]);
      if (store.fail.complete) return store.fail.complete();
      if (held.get(key) !== options.token) return false;
      held.set(key, 'done');
      return true;
    },
    async release(key, options) {
      store.asked.push(['release', key, options]);
      if (store.fail.release) return store.fail.release();
      return held.get(key) === options.token && held.delete(key);
    },
  };
  return store;
}
