// The stores on Cloudflare KV and D1, as wrangler gives them locally. Its KV is consistent, as the real one is not:
// what these tests ask of claims that come together is what the real one gives.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { getPlatformProxy } from 'wrangler';

import { kvStore } from '../../pkg/stores/cloudflare-kv.js';
import { sqlStore } from '../../pkg/stores/sql.js';
import { storeSuite } from './store-suite.js';

process.env.WRANGLER_SEND_METRICS = 'false';
const folder = mkdtempSync(join(tmpdir(), 'countersign-cloudflare-'));
const configPath = join(folder, 'wrangler.toml');
writeFileSync(
  configPath,
  `
name = "stores"
main = "worker.js"
compatibility_date = "2026-01-01"
kv_namespaces = [{ binding = "KV", id = "replay" }]
d1_databases = [{ binding = "DB", database_name = "replay", database_id = "replay" }]
`,
);
const { env, dispose } = await getPlatformProxy({ configPath, persist: false, remoteBindings: false });
after(async () => {
  await dispose();
  rmSync(folder, { recursive: true, force: true });
});

const inD1 = () =>
  sqlStore(
    async (text, params) =>
      (
        await env.DB.prepare(text)
          .bind(...params)
          .all()
      ).results,
    { dialect: 'sqlite' },
  );
await env.DB.prepare(inD1().schema).run();

storeSuite('KV', () => ({ store: kvStore(env.KV), other: kvStore(env.KV) }), { eventual: true });
storeSuite('D1', () => ({ store: inD1(), other: inD1() }));

test('KV: what is written expires, no sooner than KV can, and a fast handler writes no name twice', async () => {
  const writes = [];
  const watched = {
    get: (...args) => env.KV.get(...args),
    delete: (...args) => env.KV.delete(...args),
    put: (name, ...rest) => {
      writes.push(name);
      return env.KV.put(name, ...rest);
    },
  };
  const store = kvStore(watched, { prefix: 'p:' });
  const now = Date.now() / 1000;
  await store.claim('k', { token: 'a', leaseSeconds: 5 });
  await store.complete('k', { token: 'a', ttlSeconds: 3600 });
  assert.deepEqual(writes, ['p:lease:k', 'p:done:k']);
  const { keys } = await env.KV.list({ prefix: 'p:' });
  const [done, lease] = keys.map(({ expiration }) => expiration - now);
  assert.ok(Math.abs(done - 3600) < 30 && Math.abs(lease - 60) < 30, `${done} ${lease}`);
});
