// The guard with replay keys, in the Worker's own memory.

import stripe from '../../pkg/contracts/stripe.js';
import { createGuard } from '../../pkg/edge/index.js';
import { memoryStore } from '../../pkg/stores/memory.js';
import { handler, SECRET } from './handler.js';

const guard = await createGuard({
  contracts: { stripe },
  keys: { stripe: [{ secret: SECRET }] },
  store: memoryStore({ maxKeys: 1_000_000 }),
});

export default { fetch: guard.wrap(handler) };
