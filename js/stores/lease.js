// What a claim, a completion and a release do to the value of a key, for stores that keep values: memory, Durable
// Objects, Cloudflare KV. The other stores do the same in Lua and SQL. Times are milliseconds of the store's clock.

/**
 * `held` is { token, done, until } or undefined, and `lasts` is the lease or the time to remember. Each function
 * returns the answer and the next value: `undefined` deletes it, `held` keeps it.
 */
export function claimed(held, token, lasts, now) {
  if (lives(held, now) && held.done) return ['done', held];
  if (lives(held, now) && held.token !== token) return ['busy', held];
  // The same token again means that the answer to its claim was lost: answer it again.
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

/** A whole number, at least one: a message may be handled so late that no time to remember it is left. */
export function milliseconds(seconds) {
  if (!Number.isFinite(seconds)) throw new TypeError(`seconds must be a finite number, got \`${String(seconds)}\``);
  return Math.max(1, Math.ceil(seconds * 1000));
}
