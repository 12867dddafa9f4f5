/** A problem that the user can fix. Its message is shown on the screen, in the language of the page. */
export class Problem extends Error {
  override name = 'Problem';
}
