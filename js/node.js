// The entry for Node.

export { Gate, Pack } from './api.js';
export { ContractError, InternalError } from './errors.js';
export { compile, loadPack, pkce } from './node-api.js';
