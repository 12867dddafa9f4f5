// The functions beside the gate, called as a case says: one input after the other.

import { backoff, breaker, negotiation, retryDelay } from '../../pkg/node.js';

const CALLS = {
  retryDelay: ({ headers, options }) => retryDelay(headers, options),
  backoff: ({ attempt, options }) => backoff(attempt, options),
  breaker: ({ state, answer, options }) => breaker(state, answer, options),
  negotiation: ({ response }) => negotiation(response),
};

/** A line for each input. A breaker's state that an input does not give is the result before. */
export function results({ call, inputs }) {
  let held;
  const lines = inputs.map((input) => {
    try {
      return JSON.stringify((held = CALLS[call](call === 'breaker' ? { state: held, ...input } : input)));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return JSON.stringify({ misuse: error.message });
    }
  });
  return `[\n${lines.join(',\n')}\n]`;
}
