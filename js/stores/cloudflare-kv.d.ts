import type { ReplayStore } from '../stores.js';

/**
 * Keys in Cloudflare KV, which is only eventually consistent: a claim is a read and then a write, and what was written
 * in one place is seen in another after a minute or more. Copies that come close together are all handled. A guard
 * takes it with `allowEventual` alone.
 */
export function kvStore(namespace: KvNamespace, options?: KvStoreOptions): ReplayStore;

export interface KvStoreOptions {
  /** What the names of its keys begin with. @default "countersign:" */
  prefix?: string;
}

/** A KV binding, such as `env.REPLAY`. */
export interface KvNamespace {
  get(key: string, options: { type: 'json' }): Promise<any>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
  delete(key: string): Promise<void>;
}
