// The entry for Node.

export { Gate, Pack } from './api.js';
export { compare } from './compare.js';
export { ContractError, InternalError } from './errors.js';
export { backoff, breaker, compile, loadPack, loadRegistry, negotiation, pkce, retryDelay } from './node-api.js';
export { Registry } from './registry.js';
