// The guard in a Worker, its replay keys in Durable Objects. One process runs it, which nobody kills: its journal is in
// memory.

import github from '../../../pkg/contracts/github.js';
import standardWebhooks from '../../../pkg/contracts/standard-webhooks.js';
import stripe from '../../../pkg/contracts/stripe.js';
import sub2api from '../../../pkg/contracts/sub2api.js';
import svix from '../../../pkg/contracts/svix.js';
import { createGuard } from '../../../pkg/edge/index.js';
import { durableObjectStore } from '../../../pkg/stores/durable-object.js';

export { ReplayObject } from '../../../pkg/stores/durable-object.js';

const journal = [];
const thrown = new Set();

function write(kind, about) {
  journal.push({ kind, at: Date.now(), pid: 0, ...about });
}

async function guarded(env) {
  const store = durableObjectStore(env.REPLAY);
  const { keys, route, limits } = JSON.parse(env.ORDERS);
  const guard = await createGuard({
    contracts: { stripe, 'standard-webhooks': standardWebhooks, svix, github, sub2api },
    keys,
    route,
    limits,
    store: { ...store, claim },
    onVerdict: ({ instance, contract, outcome, stage, code, status }) =>
      write('verdict', { instance, contract, outcome, stage, code, status }),
    onSettled: ({ instance, result }) => write('settled', { instance, result }),
    onStoreError: ({ operation, error }) => write('store error', { operation, message: String(error) }),
  });

  async function claim(key, options) {
    const sent = Date.now();
    const state = await store.claim(key, options);
    if (state === 'claimed') write('claimed', { key, sent });
    return state;
  }

  return guard.wrap(handle);
}

async function handle({ headers, delivery: { instance, contract, bytes, verdict } }) {
  const id = headers.get('x-trace');
  const digest = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  write('start', { id, instance, key: `${contract}/${verdict.replay?.key}`, digest });
  await scheduler.wait(Math.random() * 10);
  if (headers.get('x-handler') === 'throw once' && !thrown.has(id)) {
    thrown.add(id);
    write('threw', { id, instance });
    throw new Error('the handler failed, as it was told to');
  }
  write('end', { id, instance });
  return Response.json({ handled: true });
}

let made; // by the first request: outside of one there are neither bindings nor random numbers
export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname === '/journal') return Response.json(journal);
    made ??= guarded(env);
    return (await made)(request);
  },
};
