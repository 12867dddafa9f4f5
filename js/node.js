// The entry for Node, Deno and Bun.

export * from './names.js';
export { backoff, breaker, compile, init, loadPack, loadRegistry, negotiation, pkce, retryDelay } from './node-api.js';
