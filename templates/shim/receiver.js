// A stand-in for the customer-service webhook, to try the shim with: the same address, signature and answers, and the
// intent by one word.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

import { guardNode } from 'countersign/adapters/node';
import { createGuard } from 'countersign/edge';
import { memoryStore } from 'countersign/stores/memory';

const { AI_CS_WEBHOOK_SECRET, RECEIVER_URL } = process.env;

const guard = await createGuard({
  contracts: { sub2api: 'sub2api' },
  keys: { sub2api: [{ secret: AI_CS_WEBHOOK_SECRET }] },
  store: memoryStore(),
});

const server = createServer(
  guardNode(guard, (request, response) => {
    const { content } = request.delivery.message;
    const handoff = /退款|refund/i.test(content);
    const answer = {
      received: true,
      session_id: randomUUID(),
      reply: handoff ? '已为您转人工客服，请稍候，我们会尽快处理。' : '您好，请问有什么可以帮您？',
      intent: handoff ? 'refund' : 'other',
      handoff,
      ...(handoff && { ticket_id: randomUUID() }),
    };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  }),
);
server.listen(Number(new URL(RECEIVER_URL).port || 80), '127.0.0.1', () => console.log(`receiver: ${RECEIVER_URL}`));
