// What a client throws beside the errors of fetch itself.

/** Nothing was sent, or nothing more, because the receiver is not asked for now. */
export class CircuitOpenError extends Error {
  constructor({ receiver, reason, waitMilliseconds, status }, options) {
    const nothing = `nothing ${status === undefined && options.cause === undefined ? '' : 'more '}was sent`;
    super(
      reason === 'window-full'
        ? `${nothing} to ${receiver}: it named no reset time, and the client's own limit leaves no room for ` +
            `${waitMilliseconds} ms, which is longer than this call may take`
        : `${nothing} to ${receiver}: its circuit is open (${reason}), and the next probe may go in ` +
            `${waitMilliseconds} ms`,
      options,
    );
    this.name = 'CircuitOpenError';
    this.receiver = receiver;
    this.reason = reason;
    this.waitMilliseconds = waitMilliseconds;
    if (status !== undefined) this.status = status;
  }
}

/** No answer came: `cause` is what fetch threw. It does not leave the client. */
export class NoAnswer extends Error {
  constructor(cause) {
    super('no answer came', { cause });
  }
}
