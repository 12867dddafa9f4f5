import type { ReplayStore } from '../stores.js';

/**
 * Keeps keys in Redis, Valkey or a server with the same protocol. Configure the client to fail at once while the server
 * is unreachable: `disableOfflineQueue` of `redis`, `enableOfflineQueue: false` of `ioredis`.
 * @throws {TypeError} if the client is of neither library
 */
export function redisStore(client: NodeRedisClient | IoRedisClient, options?: RedisStoreOptions): ReplayStore;

export interface RedisStoreOptions {
  /** The prefix of the names of its keys. @default "countersign:" */
  prefix?: string;
}

/** From `redis`: a client, a pool, a cluster or a sentinel. It must be connected and have a listener for `error`. */
export interface NodeRedisClient {
  sendCommand(...args: any[]): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** From `ioredis`: a Redis or a Cluster. */
export interface IoRedisClient {
  call(command: string, ...args: string[]): Promise<unknown>;
}
