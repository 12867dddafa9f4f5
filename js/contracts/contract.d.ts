import type { Bundle } from '../contract.js';

/**
 * A shipped contract with the files that it names: for `compile`, `createGuard` and a registry's `contracts`, where
 * there is no file system.
 */
declare const bundle: Bundle;
export default bundle;
