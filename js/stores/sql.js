// Postgres and SQLite (a file, D1, a Durable Object's storage), through a function that runs one statement. Every time
// comes from the database, so that machines with different clocks agree on when a lease ends.

import { milliseconds } from './lease.js';

const NOW = {
  // `now()` does not advance within a transaction, and a claim may have waited for another.
  postgres: 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)',
  sqlite: "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
};
const TABLE = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?$/;

export function sqlStore(query, { table = 'countersign_replay', dialect = 'postgres' } = {}) {
  if (typeof query !== 'function')
    throw new TypeError('sqlStore needs a function that runs a statement: `(text, params) => rows`');
  if (typeof table !== 'string' || !TABLE.test(table))
    throw new TypeError('table must be a plain name, such as `countersign_replay` or `app.replay`');
  if (!Object.hasOwn(NOW, dialect)) throw new TypeError('dialect must be `postgres` or `sqlite`');
  const now = NOW[dialect];

  // Statements use one `?` per value, in order: the only form that every SQLite driver supports.
  async function run(text, ...params) {
    let count = 0;
    const rows = await query(dialect === 'postgres' ? text.replaceAll('?', () => `$${(count += 1)}`) : text, params);
    if (!Array.isArray(rows))
      throw new TypeError(
        "the query function of sqlStore must return an array of rows, such as `rows` of the driver's result",
      );
    return rows;
  }

  const free = `held.until <= ${now}`;
  const insert = `INSERT INTO ${table} AS held (key, token, done, until) VALUES (?, ?, ?, ${now} + ?)
    ON CONFLICT (key) DO UPDATE SET token = excluded.token, done = excluded.done, until = excluded.until`;
  const CLAIM = `${insert} WHERE ${free} OR (held.done = 0 AND held.token = excluded.token) RETURNING key`;
  const COMPLETE = `${insert} WHERE ${free} OR held.token = excluded.token RETURNING key`;
  const RELEASE = `DELETE FROM ${table} WHERE key = ? AND token = ? AND done = 0 AND until > ${now} RETURNING key`;
  const IS_DONE = `SELECT key FROM ${table} WHERE key = ? AND done = 1`;
  const CLEAN = `DELETE FROM ${table} WHERE until <= ${now}`;

  return {
    consistency: 'strong',
    schema:
      `CREATE TABLE IF NOT EXISTS ${table} (key TEXT NOT NULL PRIMARY KEY, token TEXT NOT NULL, done INTEGER ` +
      'NOT NULL, until BIGINT NOT NULL)',
    async claim(key, { token, leaseSeconds }) {
      const taken = await run(CLAIM, key, token, 0, milliseconds(leaseSeconds));
      if (taken.length > 0) return 'claimed';
      // The claim has failed; this only finds out why. A key completed or released since then gives its current state.
      return (await run(IS_DONE, key)).length > 0 ? 'done' : 'busy';
    },
    async complete(key, { token, ttlSeconds }) {
      return (await run(COMPLETE, key, token, 1, milliseconds(ttlSeconds))).length > 0;
    },
    async release(key, { token }) {
      return (await run(RELEASE, key, token)).length > 0;
    },
    async clean() {
      await run(CLEAN);
    },
  };
}
