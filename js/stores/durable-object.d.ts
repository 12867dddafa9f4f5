import type { ReplayStore } from '../stores.js';

/** Keys in Durable Objects, one for each key, which delete themselves when their key is forgotten. */
export function durableObjectStore(namespace: ReplayNamespace): ReplayStore;

/** The class behind the binding: export it from the Worker's main module. */
export class ReplayObject {
  constructor(state: { storage: ReplayStorage }, env?: unknown);
  fetch(request: Request): Promise<Response>;
  alarm(): Promise<void>;
}

/** A Durable Object binding, such as `env.REPLAY`. */
export interface ReplayNamespace {
  // `any`, as the types of the platform are the reader's to choose.
  idFromName(name: string): any;
  get(id: any): {
    fetch(
      url: string,
      init: { method: string; body: string },
    ): Promise<{ ok: boolean; status: number; text(): Promise<string> }>;
  };
}

/** The storage of either kind of class: backed by SQLite, or by keys and values. */
export interface ReplayStorage {
  get(key: string): Promise<any>;
  put(key: string, value: unknown): Promise<void>;
  setAlarm(time: number): Promise<void>;
  deleteAlarm(): Promise<void>;
  deleteAll(): Promise<void>;
}
