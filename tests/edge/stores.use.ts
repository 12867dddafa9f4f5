// Compiled, never run: the stores take what the real libraries are typed as.
import { PGlite } from '@electric-sql/pglite';
import { Cluster, Redis } from 'ioredis';
import { createClient, createClientPool, createCluster, createSentinel } from 'redis';

import type { ReplayStore } from '../../pkg/stores.js';
import { kvStore } from '../../pkg/stores/cloudflare-kv.js';
import { durableObjectStore, ReplayObject } from '../../pkg/stores/durable-object.js';
import { memoryStore } from '../../pkg/stores/memory.js';
import { redisStore } from '../../pkg/stores/redis.js';
import { sqlStore } from '../../pkg/stores/sql.js';

const database = new PGlite();
export const stores: ReplayStore[] = [
  memoryStore(),
  memoryStore({ maxKeys: 10 }),
  redisStore(createClient({ disableOfflineQueue: true })),
  redisStore(createClient({ RESP: 2 })),
  redisStore(createClientPool()),
  redisStore(createCluster({ rootNodes: [] })),
  redisStore(createSentinel({ name: 'main', sentinelRootNodes: [] })),
  redisStore(new Redis({ enableOfflineQueue: false, maxRetriesPerRequest: 0 }), { prefix: 'a:' }),
  redisStore(new Cluster([])),
  sqlStore(async (text, params) => (await database.query(text, params)).rows, {
    table: 'app.replay',
    dialect: 'postgres',
  }),
];
export { durableObjectStore, kvStore, ReplayObject };

// @ts-expect-error no client
redisStore({ get: async () => 'a' });
// @ts-expect-error no such option
memoryStore({ max: 1 });
// @ts-expect-error no such dialect
sqlStore(() => [], { dialect: 'mysql' });
