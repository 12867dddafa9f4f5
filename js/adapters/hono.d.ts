/** The guard as a middleware of Hono 4: `countersign/adapters/hono`. */

import type { Delivery, Guard } from '../edge.js';

/**
 * The middleware, before whatever reads the body. After it `c.get('delivery')` is what passed, and `c.req` has the body
 * again: `c.req.json()` and the others read it.
 */
// Hono's own type of a middleware.
// biome-ignore lint/suspicious/noConfusingVoidType: see above
export function guardHono(guard: Guard): (c: HonoContext, next: () => Promise<void>) => Promise<Response | void>;

/** For `new Hono<{ Variables: Guarded }>()`. */
export type Guarded = {
  delivery: Delivery;
};

/** What is used of a `Context`. */
export interface HonoContext {
  req: { raw: Request; bodyCache: object };
  res: Response;
  error: Error | undefined;
  set: (key: 'delivery', value: Delivery) => void;
}
