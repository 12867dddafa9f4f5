// All that the guard's Worker holds, without starting it: no instance, and no contract compiled.

import stripe from '../../pkg/contracts/stripe.js';
import { createGuard } from '../../pkg/edge/index.js';
import { handler } from './handler.js';

export default { fetch: (request) => (createGuard && stripe ? handler(request) : undefined) };
