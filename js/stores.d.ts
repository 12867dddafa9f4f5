/** Replay stores: where a guard keeps the keys of what was handled. */

/** Every operation is atomic: of claims for one key at one time, one is `claimed`. */
export interface ReplayStore {
  /**
   * How far `claim` can be trusted. `strong`: everywhere. `process`: within this process alone. `eventual`: copies that
   * come close together are both claimed; a guard takes it only with `allowEventual`.
   */
  readonly consistency: 'strong' | 'process' | 'eventual';
  /** Takes a key that nobody holds, or whose lease has ended. `busy`: another holds it. `done`: it was completed. */
  claim(key: string, options: ClaimOptions): Promise<'claimed' | 'busy' | 'done'>;
  /**
   * It was handled: `done` for `ttlSeconds`. False where another token holds it by now; a lease that ended and that
   * nobody took is completed.
   */
  complete(key: string, options: CompleteOptions): Promise<boolean>;
  /** It was not handled: whoever comes next may claim it. False where another token holds it, or nobody. */
  release(key: string, options: ReleaseOptions): Promise<boolean>;
}

export interface ClaimOptions {
  /** Whose claim it is: drawn at random for each. */
  token: string;
  /** After it the key may be claimed again: a worker that crashed holds nothing longer. */
  leaseSeconds: number;
  /** How long the key is remembered once it is completed. */
  ttlSeconds: number;
}

export interface CompleteOptions {
  token: string;
  ttlSeconds: number;
}

export interface ReleaseOptions {
  token: string;
}
