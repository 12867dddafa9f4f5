// The gates of a run: each contract is read once and compiled once.

import { compile } from '../api/node.js';
import { ContractError } from '../core/errors.js';
import { takesKeys } from '../read/contract-needs.js';
import { isShippedName, loadContract, named } from './contract-file.js';
import { Severities } from './graded.js';
import { hint } from './hints.js';
import { keysOf } from './keys.js';
import { UsageError } from './outcome.js';
import { parametersOf, textUnlessMarked } from './parameters.js';

export class Gates {
  #options;
  #loaded = new Map();
  #made = new Map();

  constructor(options) {
    this.#options = options;
  }

  /**
   * One { gate, contract } for each name, to check `found` with. A name is a shipped contract's name, a file, or the
   * contract document of a case.
   */
  async of(names, found) {
    const loaded = [];
    for (const name of names) loaded.push({ name, ...(await this.#load(name, found)) });
    // A contract that takes no key gets none. If no contract takes one, the core reports that the keys are unused.
    const anyTakes = loaded.some(({ contract }) => takesKeys(contract));
    const gates = [];
    for (const one of loaded) gates.push(await this.#gate(one, found, takesKeys(one.contract) || !anyTakes));
    refuseUnused(
      this.#options,
      loaded.map(({ contract }) => contract),
    );
    return gates;
  }

  free() {
    for (const { gate } of this.#made.values()) gate.free();
  }

  #load(name, { folder }) {
    if (name !== null && typeof name === 'object') return { contract: name, files: {} };
    const from = this.#options.contracts.length > 0 ? '.' : folder;
    const identity = JSON.stringify([from, name]);
    if (!this.#loaded.has(identity)) this.#loaded.set(identity, loadContract(name, from));
    return this.#loaded.get(identity);
  }

  async #gate({ name, contract, files, path }, found, keyed) {
    const given = keyed ? keysOf({ ...this.#options, ...found.keys }, contract) : [];
    const keys = given.length > 0 || !keyed ? given : caseKeys(found.case.keys ?? []);
    const { limits } = found.case;
    const params = { ...found.case.params, ...parametersOf(this.#options, textUnlessMarked) };
    const origin = this.#options.origin ?? found.case.origin;
    const identity = JSON.stringify([contract, files, keys, params, limits, origin]);
    if (!this.#made.has(identity)) {
      const gate = await this.#named(name, () => compile(contract, { files, keys, params, origin, limits }));
      // What is weak in a shipped contract is its provider's: `countersign lint` says it, and no run repeats it.
      if (!this.#options.quiet && !isShippedName(name))
        for (const finding of new Severities(this.#options.settings).of(gate.lint, path))
          hint(this.#options.io, `${contract.contract}: ${finding.message}`, finding);
      this.#made.set(identity, { gate, contract });
    }
    return this.#made.get(identity);
  }

  /** With two contracts, an error about a key also says which contract it is about. */
  #named(name, work) {
    if (this.#options.contracts.length < 2) return named(name, work);
    return work().catch((error) => {
      if (!(error instanceof ContractError)) throw error;
      error.file = name;
      if (error.code.startsWith('key-'))
        error.help =
          'the keys are used for both contracts; if each has its own, compare in code: compare(gateA, gateB, ' +
          'request)';
      throw error;
    });
  }
}

/** A flag that nothing reads would look like a check that passed. */
function refuseUnused({ jkt, nonces, explain, 'other-key-env': others }, contracts) {
  if (others !== undefined && !explain)
    throw new UsageError('--other-key-env has no effect without --explain', 'add --explain, or leave it out');
  const names = contracts.map(({ contract }) => contract).join(', ');
  const proofs = contracts.filter(({ signature }) => signature?.engine === 'dpop');
  if (jkt !== undefined && proofs.length === 0)
    throw new UsageError(`--jkt has no effect: the contract ${names} checks no DPoP proof`, 'leave --jkt out');
  if (jkt !== undefined && !/^[A-Za-z0-9_-]{43}$/.test(jkt)) {
    throw new UsageError(
      '--jkt is not a thumbprint',
      'it is 43 characters of base64url, as `cnf.jkt` in an access token',
    );
  }
  const nonce = proofs.some(({ signature }) => signature.nonce === true);
  if (nonces !== undefined && !nonce)
    throw new UsageError(
      `--nonces has no effect: the contract ${names} requires no nonce`,
      'leave --nonces out, or set `nonce` in its `signature`',
    );
}

/** The keys of a case are for tests, so its file may contain them. */
function caseKeys(keys) {
  return keys.map(({ secretBytes, ...key }) => (secretBytes ? { ...key, secret: Uint8Array.from(secretBytes) } : key));
}
