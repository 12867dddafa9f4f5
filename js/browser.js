// The entry for browsers and runtimes without an entry of their own. The module is next to this file and is fetched
// once.

import { createApi } from './api/api.js';
import { fetchModule } from './api/fetched.js';
import * as shipped from './api/fileless.js';
import * as bindings from './core.js';

// Bundlers look for exactly this expression and include the file.
const load = () => fetchModule(new URL('./core_bg.wasm', import.meta.url));

export * from './api/names.js';
export const { backoff, breaker, compile, init, limiter, loadPack, loadRegistry, negotiation, pkce, retryDelay } =
  createApi(bindings, load, shipped);
