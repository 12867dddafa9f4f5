// The client: what sends requests and webhooks.

import * as api from '#api';
import { clientOver } from './client.js';

export { createDpopKey } from './dpop.js';
export { CircuitOpenError } from './errors.js';
export { pkceChallenge } from './pkce.js';
export const createClient = clientOver(api);
