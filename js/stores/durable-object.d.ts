import type { ReplayStore } from '../stores.js';

/** Keeps keys in Durable Objects, one object per key. An object deletes itself when its key expires. */
export function durableObjectStore(namespace: ReplayNamespace): ReplayStore;

/** The class for the binding. Export it from the Worker's main module. */
export class ReplayObject {
  constructor(state: { storage: ReplayStorage }, env?: unknown);
  fetch(request: Request): Promise<Response>;
  alarm(): Promise<void>;
}

/** A Durable Object binding, such as `env.REPLAY`. */
export interface ReplayNamespace {
  // `any`, because the user chooses which platform types to install.
  idFromName(name: string): any;
  get(id: any): {
    fetch(
      url: string,
      init: { method: string; body: string },
    ): Promise<{ ok: boolean; status: number; text(): Promise<string> }>;
  };
}

/** The storage of an object, backed by SQLite or by keys and values. */
export interface ReplayStorage {
  get(key: string): Promise<any>;
  put(key: string, value: unknown): Promise<void>;
  setAlarm(time: number): Promise<void>;
  deleteAlarm(): Promise<void>;
  deleteAll(): Promise<void>;
}
