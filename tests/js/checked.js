// What `countersign check` says of documents, and documents that it has nothing to say of.

import assert from 'node:assert/strict';

import { run } from './setup.js';

export const NS =
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {pod-security.kubernetes.io/enforce: restricted}}\n';
export const POLICY =
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: d, namespace: a}\n' +
  'spec: {podSelector: {}, policyTypes: [Ingress]}\n';

/** A namespace that the Kubernetes pack finds nothing in. */
export const GOOD = `${NS}---\n${POLICY}`;

/** The JSON report of a check that ends with this code. */
export async function json(code, args, options) {
  const ended = await run(['check', '-f', 'json', ...args], options);
  assert.equal(ended.code, code, `${args.join(' ')}\n${ended.stdout}${ended.stderr}`);
  return JSON.parse(ended.stdout);
}
