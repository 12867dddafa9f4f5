// The guard over the module that only checks: without Rego and registries.

import { compile } from '#edge';
import { guardOver } from './guard.js';

function loadRegistry() {
  throw new TypeError('a registry is not in countersign/edge/slim: import createGuard from countersign/edge');
}

export { BodyParsedError } from './guard.js';
export const createGuard = guardOver({ compile, loadRegistry });
export { compile };
