/** The guard as a plugin of Fastify 5: `countersign/adapters/fastify`. */

import type { Delivery, Guard } from '../edge.js';
import type { AnyMessage } from '../verdict.js';

/**
 * The plugin. It guards every route of the scope that registers it, and of the scopes registered inside it afterwards.
 * In those routes `request.delivery` is the request that passed, and `request.body` is its raw bytes, whatever the
 * content type.
 */
export function guardFastify(guard: Guard<object | undefined>): (fastify: FastifyScope) => Promise<void>;

/** For `declare module 'fastify' { interface FastifyRequest extends Guarded {} }`. */
export interface Guarded<Message extends object | undefined = AnyMessage> {
  delivery: Delivery<Message>;
}

/** The parts of a `FastifyInstance` that are used. */
export interface FastifyScope {
  removeAllContentTypeParsers: unknown;
  addContentTypeParser: unknown;
  addHook: unknown;
  decorateRequest: unknown;
}
