/** Something could not be checked: exit 3. `place` is { file, line, column, text, code }, as far as it is known. */
export class Unevaluated extends Error {
  /** @type {Unevaluated[]} others that were found with this one */
  also = [];

  /**
   * @param {string} message
   * @param {{ file?: string, line?: number, column?: number, text?: string, code?: string }} [place]
   * @param {string} [help]
   */
  constructor(message, place = {}, help = undefined) {
    super(message);
    this.place = place;
    this.help = help;
  }
}
