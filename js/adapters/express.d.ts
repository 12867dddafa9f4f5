/** The guard as a middleware of Express 5: `countersign/adapters/express`. */

import type { Delivery, Guard } from '../edge.js';

/**
 * The middleware. Mount it before every body parser. Afterwards `req.delivery` is the request that passed, and
 * `req.body` is its raw bytes; a parser that runs later leaves them alone.
 */
export function guardExpress(
  guard: Guard<object | undefined>,
): (req: ExpressRequest, res: ExpressResponse, next: (error?: unknown) => void) => Promise<void>;

/** The parts of a `Request` that are read. */
export interface ExpressRequest {
  method: string;
  originalUrl: string;
  rawHeaders: string[];
}

/** The parts of a `Response` that are used. */
export interface ExpressResponse {
  statusCode: number;
  readonly writableEnded: boolean;
}

declare global {
  namespace Express {
    interface Request {
      /** Set only behind `guardExpress`. */
      delivery?: Delivery;
    }
  }
}
