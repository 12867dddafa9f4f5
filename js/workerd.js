// The entry for workerd. The module is imported; it was compiled when the Worker was deployed.

import { createApi } from './api/api.js';
import * as shipped from './api/fileless.js';
import * as bindings from './core.js';
import module from './core_bg.wasm';

export * from './api/names.js';
export const { backoff, breaker, compile, init, limiter, loadPack, loadRegistry, negotiation, pkce, retryDelay } =
  createApi(bindings, () => module, shipped);
