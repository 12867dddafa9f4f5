// The entry that only checks, for browsers and runtimes without an entry of their own.

import { createApi } from './api/api.js';
import { EdgeGate } from './api/edge-gate.js';
import { fetchModule } from './api/fetched.js';
import * as shipped from './api/fileless.js';
import * as bindings from './edge.js';

// Bundlers look for exactly this expression and include the file.
const load = () => fetchModule(new URL('./edge_bg.wasm', import.meta.url));

export const { compile } = createApi(bindings, load, shipped, EdgeGate);
