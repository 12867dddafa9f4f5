// The guard over one contract, compiled as the Worker starts.

import stripe from '../../pkg/contracts/stripe.js';
import { createGuard } from '../../pkg/edge/index.js';
import { handler, SECRET } from './handler.js';

const guard = await createGuard({ contracts: { stripe }, keys: { stripe: [{ secret: SECRET }] }, store: null });

export default { fetch: guard.wrap(handler) };
