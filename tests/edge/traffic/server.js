// One server: node:http, a guard, a handler that may crash. Its orders come as JSON in the first argument.

import { createHash } from 'node:crypto';
import { existsSync, openSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { createClient } from 'redis';

import { guardNode } from '../../../pkg/adapters/node.js';
import { createGuard } from '../../../pkg/edge/index.js';
import { redisStore } from '../../../pkg/stores/redis.js';
import { writer } from './journal.js';

const { client, redis, port, folder, guarded, limits } = JSON.parse(process.argv[2]);
const write = writer(join(folder, 'journal'));
const quiet = () => {}; // a client without a listener for errors ends the process

const CLIENTS = {
  /** Commands fail at once while the store is away. */
  redis: async () => {
    const made = createClient({ url: redis, disableOfflineQueue: true }).on('error', quiet);
    await made.connect();
    return made;
  },
  /** Commands wait for the store, and are sent again when it is back. */
  ioredis: async () => {
    const made = new Redis(redis, { lazyConnect: true }).on('error', quiet);
    await made.connect();
    return made;
  },
};

const store = redisStore(await CLIENTS[client]());
const guard = await createGuard({
  ...guarded,
  limits,
  store: { ...store, claim: claimAndSay },
  onVerdict: ({ instance, contract, outcome, stage, code, status }) =>
    write('verdict', { instance, contract, outcome, stage, code, status }),
  onSettled: ({ instance, result }) => write('settled', { instance, result }),
  onStoreError: ({ operation }) => write('store error', { operation }),
});

async function claimAndSay(key, options) {
  const sent = Date.now();
  const state = await store.claim(key, options);
  if (state === 'claimed') write('claimed', { key, sent });
  return state;
}

async function handle(req, res) {
  const { 'x-trace': id, 'x-handler': manner } = req.headers;
  const { instance, contract, bytes, verdict } = req.delivery;
  write('start', {
    id,
    instance,
    key: `${contract}/${verdict.replay?.key}`,
    digest: createHash('sha256').update(bytes).digest('hex'),
  });
  await sleep(Math.random() * 10);
  if (manner === 'throw once' && first(id)) {
    write('threw', { id, instance });
    throw new Error('the handler failed, as it was told to');
  }
  if (manner === 'die once' && first(id)) process.kill(process.pid, 'SIGKILL');
  if (manner === 'outlive the store') while (!existsSync(join(folder, 'the store is dead'))) await sleep(5);
  write('end', { id, instance });
  res.writeHead(200, { 'content-type': 'application/json' }).end('{"handled":true}');
}

/** Once for each event, whichever process asks. */
function first(id) {
  try {
    openSync(join(folder, `once ${id}`), 'wx');
    return true;
  } catch {
    return false;
  }
}

const server = createServer({ keepAliveTimeout: 60_000 }, guardNode(guard, handle));
server.listen(port, '127.0.0.1', 1024, () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
