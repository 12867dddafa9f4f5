// What every entry exports besides the API that it makes of its module.

export { Gate, Pack } from './api.js';
export { compare } from './compare.js';
export { ContractError, InternalError } from '../core/errors.js';
export { Registry } from './registry.js';
