// A store in memory: for servers that run as one process, for development and for tests.

import { claimed, completed, lives, milliseconds, released } from './lease.js';

const MAX_KEYS = 100_000;

export function memoryStore({ maxKeys = MAX_KEYS } = {}) {
  if (!Number.isSafeInteger(maxKeys) || maxKeys < 1) throw new TypeError('maxKeys must be a whole number from 1');
  const keys = new Map();
  let nothingEndsBefore = 0;

  function change(key, operation, token, lasts) {
    const now = performance.now(); // a clock that nobody can set, so leases have the right length
    const held = keys.get(key);
    const [answer, next] = operation(held, token, lasts, now);
    if (next === undefined) keys.delete(key);
    else if (next !== held) {
      if (held === undefined && keys.size >= maxKeys) makeRoom(now);
      keys.set(key, next);
      nothingEndsBefore = Math.min(nothingEndsBefore, next.until);
    }
    return answer;
  }

  // No timer deletes keys: it would keep a process alive, or state in a Worker. Expired keys are deleted when room is
  // needed.
  function makeRoom(now) {
    if (now >= nothingEndsBefore) {
      nothingEndsBefore = Infinity;
      for (const [key, held] of keys) {
        if (lives(held, now)) nothingEndsBefore = Math.min(nothingEndsBefore, held.until);
        else keys.delete(key);
      }
    }
    // If a key were dropped early, a message could be handled twice, so the new key is refused.
    if (keys.size >= maxKeys) {
      throw new Error(
        `the memory store is full: ${maxKeys} keys, none of which has expired, so raise \`maxKeys\` or ` +
          'use a store outside the process',
      );
    }
  }

  return {
    consistency: 'process',
    claim: (key, { token, leaseSeconds }) => change(key, claimed, token, milliseconds(leaseSeconds)),
    complete: (key, { token, ttlSeconds }) => change(key, completed, token, milliseconds(ttlSeconds)),
    release: (key, { token }) => change(key, released, token),
  };
}
