import { createGuard } from 'countersign/edge';
import { memoryStore } from 'countersign/stores/memory';
import slack from 'countersign/contracts/slack';
import stripe from 'countersign/contracts/stripe';

export const guardOf = (env) =>
  createGuard({
    contracts: { stripe, slack },
    keys: { stripe: [{ secret: env.STRIPE_SECRET }], slack: [{ secret: env.SLACK_SECRET }] },
    route: { '/hooks/stripe': 'stripe', '/hooks/slack': 'slack' },
    store: memoryStore(), // one process: the stores' chapter has those that many share
  });
