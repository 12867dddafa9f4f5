/**
 * A framework has already parsed the body, so its bytes are lost. The message tells the server's author how to fix it.
 */
export class BodyParsedError extends Error {
  constructor(fix) {
    super(fix);
    this.name = 'BodyParsedError';
  }
}
