// The module that answers batches of cases, the same for every runtime with a server: `?slim` asks the module without
// Rego, and `?edge` the one that only checks.

import * as full from 'countersign';
import { compile } from 'countersign/edge/slim';
import * as slim from 'countersign/slim';

import { replayAll } from './replay-runner.js';

const MODULES = { '': full, '?slim': slim, '?edge': { ...full, compile } };

export default {
  port: 0, // of Bun's server
  async fetch(request) {
    const api = MODULES[new URL(request.url).search];
    return Response.json(await replayAll(api, await request.json()));
  },
};
