// The API on a runtime with a file system, with what only the command line needs.

import { readFileSync } from 'node:fs';

import * as bindings from '../core.js';
import { createApi } from './api.js';
import * as shipped from './shipped.js';

const load = () => new WebAssembly.Module(readFileSync(new URL('../core_bg.wasm', import.meta.url)));

export const {
  backoff,
  breaker,
  compile,
  init,
  jsonProblems,
  limiter,
  loadPack,
  loadRegistry,
  negotiation,
  pkce,
  retryDelay,
} = createApi(bindings, load, shipped);
export { shipped };
