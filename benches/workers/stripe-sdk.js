// The sender's own SDK, as its documentation has it for Workers: signature and time, then JSON.parse.

import Stripe from 'stripe';

import { handler, SECRET } from './handler.js';

const stripe = new Stripe('sk_test_none');
const provider = Stripe.createSubtleCryptoProvider();

export default {
  async fetch(request) {
    const text = await request.text();
    try {
      await stripe.webhooks.constructEventAsync(
        text,
        request.headers.get('stripe-signature'),
        SECRET,
        undefined,
        provider,
      );
    } catch {
      return new Response(null, { status: 400 });
    }
    return handler();
  },
};
