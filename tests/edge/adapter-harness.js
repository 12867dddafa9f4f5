// A guard that remembers what it was told, and a server on a free port.

import { once } from 'node:events';

import { createGuard } from '../../pkg/edge/index.js';
import { memoryStore } from '../../pkg/stores/memory.js';
import { SECRETS, send, stripe } from './traffic-table.js';

/** A guard of the contract `stripe`, with `told`: { outcomes, settled }. */
export async function guarded(t, options = {}) {
  const told = { outcomes: [], settled: [] };
  const guard = await createGuard({
    contracts: { stripe: 'stripe' },
    keys: { stripe: [{ secret: SECRETS.STRIPE_SECRET }] },
    store: memoryStore(),
    onVerdict: ({ outcome }) => told.outcomes.push(outcome),
    onSettled: ({ result, status }) => told.settled.push(status === undefined ? result : `${result} ${status}`),
    ...options,
  });
  t.after(() => guard.free());
  return Object.assign(guard, { told });
}

/** Listens with a Node server; gives (id or request) => answer, with `port`. */
export async function listening(t, server) {
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address();
  return Object.assign((what) => send(port, typeof what === 'string' ? stripe(what) : what), { port });
}

const TURNS = 4000; // of 5 ms: for a machine that is busy, and an end for what never comes

/** Resolves when the condition holds. */
export async function until(holds) {
  for (let turn = 0; !holds(); turn += 1) {
    if (turn === TURNS) throw new Error(`it never came that ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A promise with its resolve: a handler that is held where the test wants it. */
export function latch() {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { open, opened };
}
