/** The guard as a middleware of Express 5: `countersign/adapters/express`. */

import type { Delivery, Guard } from '../edge.js';

/**
 * The middleware, before every parser. After it `req.delivery` is what passed, and `req.body` the bytes as they came: a
 * parser after it leaves them alone.
 */
export function guardExpress(
  guard: Guard,
): (req: ExpressRequest, res: ExpressResponse, next: (error?: unknown) => void) => Promise<void>;

/** What is read of a `Request`. */
export interface ExpressRequest {
  method: string;
  originalUrl: string;
  rawHeaders: string[];
}

/** What is used of a `Response`. */
export interface ExpressResponse {
  statusCode: number;
  readonly writableEnded: boolean;
}

declare global {
  namespace Express {
    interface Request {
      /** Behind `guardExpress` alone. */
      delivery?: Delivery;
    }
  }
}
