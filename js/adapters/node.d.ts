/** The guard before a handler of Node's `http.createServer`: `countersign/adapters/node`. */

// @ts-ignore: it is `any` if Node's types are not installed
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Delivery, Guard } from '../edge.js';
import type { AnyMessage } from '../verdict.js';

/**
 * Returns the listener for `http.createServer`. The request's stream is already read: the body is in
 * `req.delivery.bytes`, or parsed in `req.delivery.json()`. If the handler throws, the reply is 500 and the error is
 * logged.
 */
export function guardNode<Message extends object | undefined = AnyMessage>(
  guard: Guard<Message>,
  handler: (req: IncomingMessage & { readonly delivery: Delivery<Message> }, res: ServerResponse) => unknown,
): (req: IncomingMessage, res: ServerResponse) => Promise<void>;
