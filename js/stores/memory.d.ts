import type { ReplayStore } from '../stores.js';

/**
 * Keys in the memory of this process: for a server that is one process, for development and for tests. Forgotten when
 * it ends.
 */
export function memoryStore(options?: MemoryStoreOptions): ReplayStore;

export interface MemoryStoreOptions {
  /**
   * How many keys are held at most, about 0.7 kB each. When none of them may be forgotten yet, `claim` fails: none is
   * forgotten early. @default 100000
   */
  maxKeys?: number;
}
