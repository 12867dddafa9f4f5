// The guard with replay keys, each in a Durable Object of its own.

import { env } from 'cloudflare:workers';

import stripe from '../../pkg/contracts/stripe.js';
import { createGuard } from '../../pkg/edge/index.js';
import { durableObjectStore } from '../../pkg/stores/durable-object.js';
import { handler, SECRET } from './handler.js';

export { ReplayObject } from '../../pkg/stores/durable-object.js';

const guard = await createGuard({
  contracts: { stripe },
  keys: { stripe: [{ secret: SECRET }] },
  store: durableObjectStore(env.REPLAY),
});

export default { fetch: guard.wrap(handler) };
