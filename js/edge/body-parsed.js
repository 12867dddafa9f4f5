/**
 * A body whose bytes are lost, since a framework parsed it: the mistake of the server's author, who is told the mend.
 */
export class BodyParsedError extends Error {
  constructor(mend) {
    super(mend);
    this.name = 'BodyParsedError';
  }
}
