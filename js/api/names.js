// The exports that every entry has in addition to the API of its module.

export { Gate } from './api.js';
export { compare } from './compare.js';
export { ContractError, InternalError } from '../core/errors.js';
export { Pack } from './pack.js';
export { Registry } from './registry.js';
