// The client over the module without Rego.

import { backoff, breaker, init, limiter, retryDelay } from '#slim';
import { clientOver } from './client.js';

export { createDpopKey } from './dpop.js';
export { CircuitOpenError } from './errors.js';
export { pkceChallenge } from './pkce.js';
export const createClient = clientOver({ backoff, breaker, init, limiter, retryDelay });
