// The entry that only checks for Node, Deno and Bun.

import { readFileSync } from 'node:fs';

import { createApi } from './api/api.js';
import { EdgeGate } from './api/edge-gate.js';
import * as shipped from './api/shipped.js';
import * as bindings from './edge.js';

const load = () => new WebAssembly.Module(readFileSync(new URL('./edge_bg.wasm', import.meta.url)));

export const { compile } = createApi(bindings, load, shipped, EdgeGate);
