// A key is a secret or a public key. Compiled, never run.

import { compile, type Contract, type Key } from '../../pkg/index.js';

declare const contract: Contract;
declare const variable: string | undefined; // as `process.env.WEBHOOK_SECRET` is
declare const jwk: JsonWebKey; // the platform's own
declare const key: Key;

export const keys: Key[] = [
  { id: 'new', secret: 'a' },
  { secret: new Uint8Array(16) },
  { publicKey: 'spki' },
  { publicKey: jwk },
  ...(variable === undefined ? [] : [{ secret: variable }]),
];
// An id is of either kind.
export const id: string | undefined = key.id;

// @ts-expect-error the environment variable may not be set
compile(contract, { keys: [{ secret: variable }] });
// @ts-expect-error there is nothing to check with
compile(contract, { keys: [{ id: 'new' }] });
// @ts-expect-error one or the other
compile(contract, { keys: [{ secret: 'a', publicKey: 'b' }] });
