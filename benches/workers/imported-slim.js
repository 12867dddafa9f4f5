// The same without Rego.

import stripe from '../../pkg/contracts/stripe.js';
import { createGuard } from '../../pkg/edge/slim.js';
import { handler } from './handler.js';

export default { fetch: (request) => (createGuard && stripe ? handler(request) : undefined) };
