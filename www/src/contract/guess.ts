// Guesses which shipped contract a message may belong to.

import { type Choice, type Contract, contractChoice } from '../../../pkg/read/contract-choice.js';
import { parsed } from '../base/json.js';
import type { Data } from '../data.js';
import type { Message } from '../engine/protocol.js';

export function choiceFor(message: Message, contracts: Data['contracts']): Choice {
  const read = Object.entries(contracts).map(([name, { files }]) => [name, parsed(files['contract.json'] ?? '')]);
  return contractChoice(message, Object.fromEntries(read) as Record<string, Contract | undefined>);
}
