// The entry that only checks for workerd.

import { createApi } from './api/api.js';
import { EdgeGate } from './api/edge-gate.js';
import * as shipped from './api/fileless.js';
import * as bindings from './edge.js';
import module from './edge_bg.wasm';

export const { compile } = createApi(bindings, () => module, shipped, EdgeGate);
