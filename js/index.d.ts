/** Countersign: checks webhooks against contracts and deployments against policies. */

export * from './codes.js';
export * from './compare.js';
export * from './contract.js';
export * from './finding.js';
export * from './gate.js';
export * from './pack.js';
export * from './registry.js';
export * from './retry.js';
export type { ShippedContract, ShippedPack } from './shipped.js';
export * from './verdict.js';
