import type { ReplayStore } from '../stores.js';

/**
 * Keeps keys in the memory of this process, until it ends. For servers that run as one process, for development and for
 * tests.
 */
export function memoryStore(options?: MemoryStoreOptions): ReplayStore;

export interface MemoryStoreOptions {
  /**
   * The most keys to hold, about 0.7 kB each. If the store is full and no key has expired, `claim` fails: no key is
   * dropped early. @default 100000
   */
  maxKeys?: number;
}
