// A line on a terminal that says how far a run is, once it takes more than a second.

const PATIENCE = 1000; // ms before anything is said
const PAUSE = 100; // ms between two lines
const CLEAR = '\r\u001b[2K';

export class Progress {
  #stream;
  #now;
  #next;
  #isDrawn = false;

  /** @param now the clock, in ms */
  constructor({ stderr, env }, { quiet = false } = {}, now = () => performance.now()) {
    const isShown = stderr.isTTY === true && !quiet && !env.CI && env.TERM !== 'dumb';
    this.#stream = isShown ? stderr : undefined;
    this.#now = now;
    this.#next = now() + PATIENCE;
  }

  /** @param text without what the user's files say */
  say(text) {
    if (this.#stream === undefined) return;
    const now = this.#now();
    if (now < this.#next) return;
    this.#next = now + PAUSE;
    this.#isDrawn = true;
    this.#stream.write(CLEAR + text.slice(0, (this.#stream.columns ?? 80) - 1));
  }

  /** Takes the line away. What is said later begins on a clean one. */
  end() {
    if (this.#isDrawn) this.#stream.write(CLEAR);
    this.#isDrawn = false;
  }
}
