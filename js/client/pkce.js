// Proof Key for Code Exchange (RFC 7636): the client's half. `pkce.verify` is the server's.

import { base64Url, sha256 } from './encoding.js';

/** A new verifier, 43 characters with 256 random bits (section 4.1), and its `S256` challenge (section 4.2). */
export async function pkceChallenge() {
  const verifier = base64Url(crypto.getRandomValues(new Uint8Array(32)));
  return { verifier, challenge: base64Url(await sha256(verifier)), method: 'S256' };
}
