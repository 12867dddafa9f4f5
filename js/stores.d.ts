/** Replay stores: where a guard keeps the replay keys of handled messages. */

/**
 * Every operation is atomic: if one key is claimed several times at once, only one claim gets `claimed`. A store may
 * answer at once, without a promise.
 */
export interface ReplayStore {
  /**
   * How reliable `claim` is. `strong`: everywhere. `process`: only within this process. `eventual`: two copies that
   * arrive close together can both be claimed; a guard accepts such a store only with `allowEventual`.
   */
  readonly consistency: 'strong' | 'process' | 'eventual';
  /**
   * Claims a key that nobody holds or whose lease has ended. `busy`: another token holds it. `done`: it was completed.
   */
  claim(key: string, options: ClaimOptions): Answer<'claimed' | 'busy' | 'done'>;
  /**
   * Records that the message was handled: the key is `done` for `ttlSeconds`. Returns false if another token holds the
   * key by now. A lease that ended can still be completed if nobody else claimed the key.
   */
  complete(key: string, options: CompleteOptions): Answer<boolean>;
  /**
   * Records that the message was not handled: the next copy can claim the key. Returns false if another token holds the
   * key, or none does.
   */
  release(key: string, options: ReleaseOptions): Answer<boolean>;
}

type Answer<Kind> = Kind | Promise<Kind>;

export interface ClaimOptions {
  /** Identifies the claim. Each claim has a random token of its own. */
  token: string;
  /** After this time the key can be claimed again, so a worker that crashed does not hold it for longer. */
  leaseSeconds: number;
  /** How long the key is remembered after it is completed. */
  ttlSeconds: number;
}

export interface CompleteOptions {
  token: string;
  ttlSeconds: number;
}

export interface ReleaseOptions {
  token: string;
}
