// The guard without Rego.

import { compile, loadRegistry } from '#slim';
import { guardOver } from './guard.js';

export { BodyParsedError } from './guard.js';
export const createGuard = guardOver({ compile, loadRegistry });
