// The entry for Node, Deno and Bun.

export * from './api/names.js';
export {
  backoff,
  breaker,
  compile,
  init,
  limiter,
  loadPack,
  loadRegistry,
  negotiation,
  pkce,
  retryDelay,
} from './api/node.js';
