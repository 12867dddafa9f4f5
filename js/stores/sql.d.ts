import type { ReplayStore } from '../stores.js';

/**
 * Keeps keys in a table of Postgres or SQLite.
 * @throws {TypeError} if the options cannot be used
 */
export function sqlStore(query: Query, options?: SqlStoreOptions): SqlStore;

/** Runs one statement, outside any transaction, and returns its rows. */
export type Query = (text: string, params: (string | number)[]) => Promise<unknown[]> | unknown[];

export interface SqlStoreOptions {
  /** The table, with its schema if needed: `app.replay`. @default "countersign_replay" */
  table?: string;
  /** Postgres 9.5 or later; SQLite 3.42 or later. @default "postgres" */
  dialect?: 'postgres' | 'sqlite';
}

export interface SqlStore extends ReplayStore {
  /** A statement that creates the table if it does not exist. */
  readonly schema: string;
  /** Deletes expired keys. They do no harm but take up space: call it now and then, for example from a cron job. */
  clean(): Promise<void>;
}
