// The entry without Rego, for browsers and runtimes without an entry of their own.

import { createApi } from './api/api.js';
import { fetchModule } from './api/fetched.js';
import * as shipped from './api/fileless.js';
import * as bindings from './slim.js';

// Bundlers look for exactly this expression and include the file.
const load = () => fetchModule(new URL('./slim_bg.wasm', import.meta.url));

export * from './api/names.js';
export const { backoff, breaker, compile, init, limiter, loadPack, loadRegistry, negotiation, pkce, retryDelay } =
  createApi(bindings, load, shipped);
