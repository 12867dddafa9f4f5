// What is thrown: the contract author's mistakes, and ours. The caller's mistakes are TypeErrors.

/** A contract, key or pack that cannot be used. `code` is to branch on, `message` to read. */
export class ContractError extends Error {
  constructor({ code, at, message, help }) {
    super(message);
    this.name = 'ContractError';
    this.code = code;
    if (at !== undefined) this.at = at;
    if (help !== undefined) this.help = help;
  }
}

/** A bug of ours. The engine starts afresh with the next call. */
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
