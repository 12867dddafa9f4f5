// What a claim, a completion and a release do to what is held under one key, for the stores that keep it as a value:
// memory, a Durable Object, Cloudflare KV. The others say the same in Lua and in SQL. Times are milliseconds of the
// store's one clock.

/**
 * `held` is { token, done, until } or nothing, and `lasts` the lease or the time to remember. Each gives the answer and
 * what is held next:
 * `undefined` is nothing, `held` is no change.
 */
export function claimed(held, token, lasts, now) {
  if (lives(held, now) && held.done) return ['done', held];
  if (lives(held, now) && held.token !== token) return ['busy', held];
  // The same token again is a claim whose answer was lost on its way: it is repeated.
  return ['claimed', { token, done: false, until: now + lasts }];
}

export function completed(held, token, lasts, now) {
  if (lives(held, now) && held.token !== token) return [false, held];
  return [true, { token, done: true, until: now + lasts }];
}

export function released(held, token, _lasts, now) {
  if (!lives(held, now) || held.done || held.token !== token) return [false, held];
  return [true, undefined];
}

export function lives(held, now) {
  return held !== undefined && held.until > now;
}

/** Whole, and at least one: a key may be handled so late that nothing is left of the time to remember it. */
export function milliseconds(seconds) {
  if (!Number.isFinite(seconds)) throw new TypeError(`seconds must be a finite number, got \`${String(seconds)}\``);
  return Math.max(1, Math.ceil(seconds * 1000));
}
