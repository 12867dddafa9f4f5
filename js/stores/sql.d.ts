import type { ReplayStore } from '../stores.js';

/**
 * Keys in a table of Postgres or SQLite.
 * @throws {TypeError} when the options cannot be used
 */
export function sqlStore(query: Query, options?: SqlStoreOptions): SqlStore;

/** Runs one statement, outside any transaction, and gives its rows. */
export type Query = (text: string, params: (string | number)[]) => Promise<unknown[]> | unknown[];

export interface SqlStoreOptions {
  /** The table, with its schema if need be: `app.replay`. @default "countersign_replay" */
  table?: string;
  /** Postgres 9.5 or later; SQLite 3.42 or later. @default "postgres" */
  dialect?: 'postgres' | 'sqlite';
}

export interface SqlStore extends ReplayStore {
  /** One statement that makes the table where it is not there. */
  readonly schema: string;
  /**
   * Deletes what is forgotten. Rows that have ended change no answer, they take room: call it now and then, as from a
   * cron job.
   */
  clean(): Promise<void>;
}
