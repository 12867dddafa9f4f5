// The guard over a registry, where it runs: Node, Deno, Bun and workerd answer alike.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { bundledWorker } from './bundled.js';
import { installed } from './installed.js';
import { bun, deno } from './servers.js';
import { start } from './workerd.js';

const FILE = 'registry-worker.js';

const BODY = JSON.stringify({
  source: { platform: 'A Niubility Platform' },
  target: { name: 'Li', version: '1.0.0' },
  data: { bug: 1024 },
  needCallback: true,
  serverTime: '2016-12-26 11:55:45',
});

const EXPECTED = {
  answers: {
    accepted: [200, { received: true }],
    again: [200, { received: true, duplicate: true, message: 'OK' }],
    misdelivered: [
      403,
      {
        type: 'urn:countersign:code:policy-target-mismatch',
        title: 'Forbidden',
        status: 403,
        errors: [{ code: 'policy-target-mismatch' }],
      },
    ],
    forged: [401, { type: 'urn:countersign:problem:authentication', title: 'Unauthorized', status: 401 }],
    disabled: [410, { type: 'urn:countersign:code:hook-disabled', title: 'Gone', status: 410, detail: 'moved' }],
    unrouted: [404, { type: 'urn:countersign:problem:unrouted', title: 'Not Found', status: 404 }],
  },
  disabled: [['li', 1]],
  read: [{ copied: BODY, streamed: BODY, asked: BODY, used: [true, true], sentOn: 'TypeError' }],
};

const RUNTIMES = {
  node: async (home) => {
    const { default: worker } = await import(pathToFileURL(join(home, FILE)));
    return { told: async () => (await worker.fetch()).json(), stop() {} };
  },
  deno: (home) => served(deno(home, FILE)),
  bun: (home) => served(bun(home, FILE)),
  workerd: async (home) => served(start({ modules: await bundledWorker(join(home, FILE)) })),
};

async function served(starting) {
  const { url, stop } = await starting;
  return { told: async () => (await fetch(url)).json(), stop };
}

for (const [name, run] of Object.entries(RUNTIMES)) {
  test(`a guard over a registry answers in ${name} as anywhere`, async (t) => {
    const { told, stop } = await run(installed(t, [FILE]));
    t.after(stop);
    assert.deepEqual(await told(), EXPECTED);
  });
}
