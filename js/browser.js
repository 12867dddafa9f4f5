// The entry for browsers, and for what has no entry of its own: the module is fetched, once, from beside this file.

import { createApi } from './api/api.js';
import { fetchModule } from './api/fetched.js';
import * as shipped from './api/fileless.js';
import * as bindings from './core.js';

// Bundlers look for exactly this expression, and bring the file along.
const load = () => fetchModule(new URL('./core_bg.wasm', import.meta.url));

export * from './api/names.js';
export const { backoff, breaker, compile, init, loadPack, loadRegistry, negotiation, pkce, retryDelay } = createApi(
  bindings,
  load,
  shipped,
);
