// A server whose handler sees only webhooks that are signed, fresh, new and well formed.

import { createServer } from 'node:http';

import { guardNode } from 'countersign/adapters/node';
import { createGuard } from 'countersign/edge';
import { prometheusMetrics } from 'countersign/metrics/prometheus';
import { redisStore } from 'countersign/stores/redis';
import { createClient } from 'redis';

const {
  STRIPE_WEBHOOK_SECRET,
  GITHUB_WEBHOOK_SECRET,
  REDIS_URL = 'redis://127.0.0.1:6379',
  PORT = '8787',
  METRICS_PORT = '9464',
} = process.env;

// While it is away, senders are told at once to come again.
const redis = createClient({ url: REDIS_URL, disableOfflineQueue: true });
redis.on('error', (error) => console.error('redis:', error.message));
await redis.connect();

const metrics = prometheusMetrics();
const guard = await createGuard({
  contracts: { stripe: 'stripe', github: 'github' },
  keys: { stripe: [{ secret: STRIPE_WEBHOOK_SECRET }], github: [{ secret: GITHUB_WEBHOOK_SECRET }] },
  route: { '/hooks/stripe': 'stripe', '/hooks/github': 'github' },
  store: redisStore(redis),
  ...metrics.hooks,
  onVerdict(event) {
    metrics.hooks.onVerdict(event);
    const { instance, contract, outcome, code } = event;
    // The sender is told the instance, and not the code.
    console.log(JSON.stringify({ instance, contract, outcome, code }));
  },
});

/**
 * Yours. An answer below 500 says that the event is dealt with; on 500, or when this throws, the sender's next copy
 * comes here again.
 */
async function handle({ contract, event, message }) {
  console.log('handled:', contract, event?.type, event?.id, message ?? '');
}

const server = createServer(
  guardNode(guard, async (request, response) => {
    await handle(request.delivery);
    response.end('handled\n');
  }),
);
server.listen(Number(PORT), () => console.log(`webhooks: http://127.0.0.1:${PORT}/hooks/{stripe,github}`));

createServer((_request, response) => {
  response.writeHead(200, { 'content-type': metrics.contentType }).end(metrics.text());
}).listen(Number(METRICS_PORT), '127.0.0.1');
