import type { ReplayStore } from '../stores.js';

/**
 * Keys in Redis, Valkey or what speaks their protocol. Set the client to fail at once while the server is away:
 * `disableOfflineQueue` of `redis`, `enableOfflineQueue: false` of `ioredis`.
 * @throws {TypeError} when it is no client of either
 */
export function redisStore(client: NodeRedisClient | IoRedisClient, options?: RedisStoreOptions): ReplayStore;

export interface RedisStoreOptions {
  /** What the names of its keys begin with. @default "countersign:" */
  prefix?: string;
}

/** Of `redis`: a client, a pool, a cluster or a sentinel. Connected, and with a listener for `error`. */
export interface NodeRedisClient {
  sendCommand(...args: any[]): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** Of `ioredis`: a Redis or a Cluster. */
export interface IoRedisClient {
  call(command: string, ...args: string[]): Promise<unknown>;
}
