/** The guard before a handler of Node's `http.createServer`: `countersign/adapters/node`. */

// @ts-ignore: `any` where Node's types are not installed
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Delivery, Guard } from '../edge.js';

/**
 * The listener for `http.createServer`. The request's stream has been read: the body is `req.delivery.bytes`, or
 * `req.delivery.json()`. A handler that throws is answered 500, and its error is logged.
 */
export function guardNode(
  guard: Guard,
  handler: (req: IncomingMessage & { readonly delivery: Delivery }, res: ServerResponse) => unknown,
): (req: IncomingMessage, res: ServerResponse) => Promise<void>;
