// A Worker whose handler sees only webhooks that are signed, fresh, new and well formed.

import { env } from 'cloudflare:workers';
import github from 'countersign/contracts/github';
import stripe from 'countersign/contracts/stripe';
import { createGuard } from 'countersign/edge/slim'; // without Rego, which neither contract has
import { durableObjectStore } from 'countersign/stores/durable-object';

export { ReplayObject } from 'countersign/stores/durable-object';

/**
 * Yours. An answer below 500 says that the event is dealt with; on 500, or when this throws, the sender's next copy
 * comes here again.
 */
async function handle(request) {
  const { contract, event, message } = request.delivery;
  console.log('handled:', contract, event?.type, event?.id, message ?? '');
  return new Response('handled\n');
}

const guard = await createGuard({
  contracts: { stripe, github },
  keys: { stripe: [{ secret: env.STRIPE_WEBHOOK_SECRET }], github: [{ secret: env.GITHUB_WEBHOOK_SECRET }] },
  route: { '/hooks/stripe': 'stripe', '/hooks/github': 'github' },
  store: durableObjectStore(env.REPLAY),
  onVerdict({ instance, contract, outcome, code }) {
    // The sender is told the instance, and not the code.
    console.log(JSON.stringify({ instance, contract, outcome, code }));
  },
});

export default { fetch: guard.wrap(handle) };
