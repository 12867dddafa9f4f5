// The client: what sends requests and webhooks.

import { backoff, breaker, init, limiter, retryDelay } from '#api';
import { clientOver } from './client.js';

export { createDpopKey } from './dpop.js';
export { CircuitOpenError } from './errors.js';
export { pkceChallenge } from './pkce.js';
export const createClient = clientOver({ backoff, breaker, init, limiter, retryDelay });
