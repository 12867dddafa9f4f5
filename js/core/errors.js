// The errors for mistakes of the contract's author and for bugs in countersign. Mistakes of the caller are TypeErrors.

/** A contract, key or pack that cannot be used. `code` is for programs, `message` for people. */
export class ContractError extends Error {
  /** @param said what the core says; `also` are the other mistakes that it found with this one */
  constructor({ code, at, message, help, also }) {
    super(message);
    this.name = 'ContractError';
    this.code = code;
    if (at !== undefined) this.at = at;
    if (help !== undefined) this.help = help;
    if (also !== undefined) this.also = also.map((one) => new ContractError(one));
  }
}

/** A bug in countersign. The next call starts a fresh module. */
export class InternalError extends Error {
  constructor(what, options) {
    super(
      `internal error while ${what}: this is a bug in countersign, please report it` +
        ' with the contract (never the keys) and, if you can share it, the request',
      options,
    );
    this.name = 'InternalError';
    this.code = 'internal';
  }
}
