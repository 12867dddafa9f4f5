// The SQL store on Postgres (PGlite: Postgres itself, compiled to WebAssembly, of one connection) and on SQLite: a file
// that two processes of Bun share, and the storage of a Durable Object in workerd.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { PGlite } from '@electric-sql/pglite';

import { sqlStore } from '../../pkg/stores/sql.js';
import { end, endsWithUs } from './children.js';
import { remoteStore } from './remote-store.js';
import { storeSuite } from './store-suite.js';
import { bundle, start } from './workerd.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const count = (rows) => Number(Object.values(rows[0])[0]);

// Each database: a store, another over the same database, and a way to ask it.
const postgres = await PGlite.create();
after(() => postgres.close());
const ofPostgres = async (text, params) => (await postgres.query(text, params)).rows;
await postgres.query('CREATE SCHEMA app');
const inPostgres = () => sqlStore(ofPostgres, { table: 'app.replay' });
await ofPostgres(inPostgres().schema);

const folder = mkdtempSync(join(tmpdir(), 'countersign-sqlite-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const bun = fileURLToPath(new URL('../../node_modules/.bin/bun', import.meta.url));
async function sqliteServer() {
  const child = endsWithUs(
    spawn(bun, ['run', join(here, 'sqlite-server.bun.js'), join(folder, 'replay.sqlite')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  after(() => end(child));
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  return line.trim();
}
const files = [await sqliteServer(), await sqliteServer()];

const WORKER = `
import { sqlStore } from '../../pkg/stores/sql.js';
import { answerFor } from './remote-store.js';
export class Table {
  constructor({ storage }) {
    const query = (text, params) => storage.sql.exec(text, ...params).toArray();
    this.store = sqlStore(query, { dialect: 'sqlite' });
    query(this.store.schema, []);
  }
  fetch(request) { return answerFor(request, this.store); }
}
export default { fetch: (request, { TABLE }) => TABLE.get(TABLE.idFromName('all')).fetch(request) };`;
const worker = await start({
  modules: { 'worker.js': await bundle(WORKER, here) },
  durableObjects: { TABLE: { className: 'Table' } },
});
after(() => worker.stop());

storeSuite('Postgres', () => ({ store: inPostgres(), other: inPostgres() }));
storeSuite('SQLite, a file of two processes', () => ({ store: remoteStore(files[0]), other: remoteStore(files[1]) }));
storeSuite("SQLite, a Durable Object's storage", () => ({
  store: remoteStore(worker.url),
  other: remoteStore(worker.url),
}));

test('clean deletes what is forgotten and nothing else', async () => {
  const store = inPostgres();
  await ofPostgres('DELETE FROM app.replay');
  for (const [key, seconds] of [
    ['kept', 60],
    ['lease', 0.05],
    ['done', 0.05],
  ])
    await store.claim(key, { token: 'a', leaseSeconds: seconds });
  await store.complete('done', { token: 'a', ttlSeconds: 0.05 });
  await sleep(400);
  assert.equal(count(await ofPostgres('SELECT count(*) FROM app.replay')), 3);
  await store.clean();
  assert.equal(count(await ofPostgres('SELECT count(*) FROM app.replay')), 1);
  assert.equal(await store.claim('kept', { token: 'b', leaseSeconds: 60 }), 'busy');
});

test('clean and the schema run again in SQLite', async () => {
  const store = remoteStore(worker.url);
  await store.claim('kept', { token: 'a', leaseSeconds: 60 });
  await store.clean();
  assert.equal(await store.claim('kept', { token: 'b', leaseSeconds: 60 }), 'busy');
});

test('times are of the database: no statement is told one', async () => {
  const store = inPostgres();
  await store.claim('k', { token: 'a', leaseSeconds: 60 });
  const statements = [];
  const watched = sqlStore(
    (text, params) => {
      statements.push(params);
      return ofPostgres(text, params);
    },
    { table: 'app.replay' },
  );
  assert.equal(await watched.claim('k', { token: 'b', leaseSeconds: 60 }), 'busy');
  assert.deepEqual(statements, [['k', 'b', 0, 60_000], ['k']], 'how long, and never when');
});

test("a database that is not there is the caller's to see", async () => {
  const store = sqlStore(async () => {
    throw new Error('connection refused');
  });
  await assert.rejects(store.claim('k', { token: 'a', leaseSeconds: 60 }), { message: 'connection refused' });
});
