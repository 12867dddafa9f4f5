import { createServer } from 'node:http';
import { guardNode } from 'countersign/adapters/node';
import { guardOf } from './hooks.js';
import { handle } from './handle.js';

const guard = await guardOf(process.env);
createServer(
  guardNode(guard, async (req, res) => {
    const { status, body } = await handle(req.delivery);
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }),
).listen(process.env.PORT);
