// Makes a throw-away key of the kind that a contract needs, for commands that need no real one.

import { generateKeyPairSync, randomBytes } from 'node:crypto';

import { takesKeys } from '../read/contract-needs.js';

const PAIRS = [
  [/^ed25519$/, 'ed25519'],
  [/^ecdsa-p256-/, 'ec', { namedCurve: 'P-256' }],
  [/^rsa-/, 'rsa', { modulusLength: 2048 }],
];
const RAW_BYTES = 32; // of an Ed25519 key, at the end of its SPKI
const MAX_BYTES = 1024;

/** The keys to compile a contract with: one, or none if it takes none. The core reports an invalid contract. */
export function standIn(contract) {
  if (!takesKeys(contract)) return [];
  const { signature } = contract;
  const { algorithm, format = 'utf8', minBytes } = signature.key;
  const pair = PAIRS.find(([name]) => name.test(algorithm));
  return [pair ? { publicKey: publicKey(pair, format) } : { secret: secret(format, minBytes) }];
}

function secret(format, minBytes) {
  const bytes = randomBytes(Math.max(32, Math.min(Number(minBytes) || 0, MAX_BYTES)));
  return bytes.toString(format === 'base64' ? 'base64' : 'hex');
}

function publicKey([, type, options], format) {
  const key = generateKeyPairSync(type, options).publicKey;
  if (format === 'jwk') return key.export({ format });
  if (format === 'spki') return key.export({ type: format, format: 'pem' });
  return key
    .export({ type: 'spki', format: 'der' })
    .subarray(-RAW_BYTES)
    .toString(format === 'base64' ? 'base64' : 'hex');
}
