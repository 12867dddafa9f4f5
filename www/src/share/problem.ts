/** What the user can mend: its message is a text for the screen, in the language of the page. */
export class Problem extends Error {
  override name = 'Problem';
}
