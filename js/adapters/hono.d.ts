/** The guard as a middleware of Hono 4: `countersign/adapters/hono`. */

import type { Delivery, Guard } from '../edge.js';
import type { AnyMessage } from '../verdict.js';

/**
 * The middleware. Mount it before anything that reads the body. Afterwards `c.get('delivery')` is the request that
 * passed, and `c.req.json()` and the other readers work as usual.
 */
export function guardHono<Message extends object | undefined = AnyMessage>(
  guard: Guard<Message>,
  // biome-ignore lint/suspicious/noConfusingVoidType: Hono's own type of a middleware
): (c: HonoContext<Message>, next: () => Promise<void>) => Promise<Response | void>;

/** For `new Hono<{ Variables: Guarded }>()`. */
export type Guarded<Message extends object | undefined = AnyMessage> = {
  delivery: Delivery<Message>;
};

/** The parts of a `Context` that are used. */
export interface HonoContext<Message extends object | undefined = AnyMessage> {
  req: { raw: Request; bodyCache: object };
  res: Response;
  error: Error | undefined;
  set: (key: 'delivery', value: Delivery<Message>) => void;
}
