// The guard with Rego.

import { compile, loadRegistry } from '#api';
import { guardOver } from './guard.js';

export { BodyParsedError } from './guard.js';
export const createGuard = guardOver({ compile, loadRegistry });
export { compile };
