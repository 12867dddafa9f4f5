// The property of one contract.

import fc from 'fast-check';

import { compile } from '../../../pkg/node.js';
import { messages } from './messages.js';
import { Trial } from './trial.js';

/**
 * @param shipped { contract, files }
 * @param judged another contract to compile in its place
 */
export async function hold(shipped, description, { seed, rounds, judged = shipped }) {
  const { keys = [], params = {} } = description;
  const open = (more) => compile(judged.contract, { files: judged.files, keys, params, ...more });
  const gate = await open();
  const [own] = keys.map(({ secret }) => secret).filter(Boolean);
  const foreign = own && (await open({ keys: [{ secret: own.slice(0, 6) + [...own.slice(6)].reverse().join('') }] }));
  const trial = new Trial(gate, foreign, shipped, description);
  fc.assert(
    fc.property(messages(shipped, description), (message) => trial.run(message)),
    { seed, numRuns: rounds },
  );
  trial.complete();
  gate.free();
  foreign?.free();
}
