// The module that answers batches of cases, the same for every runtime with a server: `?slim` asks the module without
// Rego.

import * as full from 'countersign';
import * as slim from 'countersign/slim';

import { replayAll } from './replay-runner.js';

export default {
  port: 0, // of Bun's server
  async fetch(request) {
    const api = new URL(request.url).search === '?slim' ? slim : full;
    return Response.json(await replayAll(api, await request.json()));
  },
};
