// The entry without Rego for workerd.

import { createApi } from './api/api.js';
import * as shipped from './api/fileless.js';
import * as bindings from './slim.js';
import module from './slim_bg.wasm';

export * from './api/names.js';
export const { backoff, breaker, compile, init, limiter, loadPack, loadRegistry, negotiation, pkce, retryDelay } =
  createApi(bindings, () => module, shipped);
