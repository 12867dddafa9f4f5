/** The guard as a plugin of Fastify 5: `countersign/adapters/fastify`. */

import type { Delivery, Guard } from '../edge.js';

/**
 * The plugin. It guards every route of the scope that registers it, and of scopes registered in there after it. There
 * `request.delivery` is what passed, and `request.body` the bytes as they came, whatever their type.
 */
export function guardFastify(guard: Guard): (fastify: FastifyScope) => Promise<void>;

/** For `declare module 'fastify' { interface FastifyRequest extends Guarded {} }`. */
export interface Guarded {
  delivery: Delivery;
}

/** What is used of a `FastifyInstance`. */
export interface FastifyScope {
  removeAllContentTypeParsers: unknown;
  addContentTypeParser: unknown;
  addHook: unknown;
  decorateRequest: unknown;
}
