// The entry without Rego for Node, Deno and Bun.

import { readFileSync } from 'node:fs';

import { createApi } from './api/api.js';
import * as shipped from './api/shipped.js';
import * as bindings from './slim.js';

const load = () => new WebAssembly.Module(readFileSync(new URL('./slim_bg.wasm', import.meta.url)));

export * from './api/names.js';
export const { backoff, breaker, compile, init, limiter, loadPack, loadRegistry, negotiation, pkce, retryDelay } =
  createApi(bindings, load, shipped);
