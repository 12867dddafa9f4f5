// What a run sets aside of its findings: what is waived, and what the baseline has.

import { toldApart } from './fingerprint.js';
import { baselineFor } from './known.js';
import { ruleNames } from './rules.js';
import { waiversFor } from './waivers.js';

/**
 * Reads the waivers and the baseline of the options.
 * @returns a function of findings and the run that found them, { documents, packs, files, isWhole }: { findings,
 * waived, baseline, gone, unseen }. `findings` count; those of the gate itself are the last of them.
 */
export async function setAsideBy(options) {
  const [waiving, comparing] = [await waiversFor(options), baselineFor(options)];
  return (found, { documents, packs, files, isWhole }) => {
    const { left: judged, waived, told } = waiving(toldApart(found), documents, () => ruleNames(packs));
    const run = { packs: packs.map(({ name }) => name), files, isWhole };
    const { left, known, told: more, gone, unseen } = comparing(judged, run);
    return { findings: [...left, ...toldApart([...told, ...more])], waived, baseline: known, gone, unseen };
  };
}
