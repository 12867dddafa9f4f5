import type { ReplayStore } from '../stores.js';

/**
 * Keeps keys in Cloudflare KV, which is only eventually consistent: a claim is a read followed by a write, and other
 * locations see a write after a minute or more. Copies that arrive close together are all handled. A guard accepts this
 * store only with `allowEventual`.
 */
export function kvStore(namespace: KvNamespace, options?: KvStoreOptions): ReplayStore;

export interface KvStoreOptions {
  /** The prefix of the names of its keys. @default "countersign:" */
  prefix?: string;
}

/** A KV binding, such as `env.REPLAY`. */
export interface KvNamespace {
  get(key: string, options: { type: 'json' }): Promise<any>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
  delete(key: string): Promise<void>;
}
