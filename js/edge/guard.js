// The guard: a gate in front of a handler. It knows no runtime and no framework.

import { handedOn, incomingOf } from './fetch.js';
import { hooksOf } from './hooks.js';
import { lanesOf, routerOf } from './lanes.js';
import { settingsOf } from './options.js';
import { received } from './receipt.js';
import { Visit } from './visit.js';
import { isPromise } from './within.js';

export { BodyParsedError } from './body-parsed.js';

/** Makes createGuard with the functions of a runtime's module. */
export function guardOver({ compile, loadRegistry }) {
  return async function createGuard(options) {
    const settings = settingsOf(options);
    if (settings.registry !== undefined) {
      const { laneFor, own } = await hooksOf(settings, loadRegistry);
      return new Guard(settings, laneFor, own);
    }
    const { lanes, own } = await lanesOf(settings, compile);
    return new Guard(settings, routerOf(lanes, settings), own);
  };
}

class Guard {
  #settings;
  #laneFor;
  #own;

  constructor(settings, laneFor, own) {
    this.#settings = settings;
    this.#laneFor = laneFor;
    this.#own = own;
  }

  async check(request) {
    return this.receive(incomingOf(request));
  }

  wrap(handler) {
    if (typeof handler !== 'function')
      throw new TypeError('guard.wrap(handler) needs the function that handles a request');
    const answered = async (request, rest) => {
      const judged = await this.receive(incomingOf(request));
      if (!judged.ok) return judged.response;
      let response;
      try {
        const answer = handler(handedOn(request, judged), ...rest);
        response = isPromise(answer) ? await answer : answer;
      } catch (error) {
        await judged.release();
        throw error;
      }
      await judged.settle(response?.status ?? 500); // without a Response the message was not handled
      return received(response, judged.receipt);
    };
    return (request, ...rest) => {
      const [, context] = rest;
      const answer = answered(request, rest);
      // Without this, a Worker is ended with its handler if the sender hangs up.
      context?.waitUntil?.(answer.catch(() => {}));
      return answer;
    };
  }

  receive(incoming) {
    return new Visit(this.#settings, incoming).run(this.#laneFor);
  }

  free() {
    for (const gate of this.#own) gate.free();
  }
}
