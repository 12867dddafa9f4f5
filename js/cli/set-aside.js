// What a run sets aside of its findings: what is waived, and what the baseline has.

import { toldApart } from './fingerprint.js';
import { ruleNames } from './rules.js';
import { waiversFor } from './waivers.js';

/**
 * Reads the waivers and the baseline of the options.
 * @returns a function of findings and the run that found them, { documents, packs, files, isWhole }: { findings,
 * waived, baseline, gone, unseen }. `findings` count; those of the gate itself are the last of them.
 */
export async function setAsideBy(options) {
  const waiving = await waiversFor(options);
  const comparing = options.baseline === undefined ? asNew : (await import('./known.js')).baselineFor(options);
  return (found, { documents, packs, files, isWhole }) => {
    const { left: judged, waived, told } = waiving(toldApart(found), documents, () => ruleNames(packs));
    const run = { packs: packs.map(({ name }) => name), files, isWhole };
    const { left, known, told: more, gone, unseen } = comparing(judged, run);
    return { findings: [...left, ...toldApart([...told, ...more])], waived, baseline: known, gone, unseen };
  };
}

/** Without a baseline every finding counts. */
function asNew(findings) {
  return { left: findings, known: [], told: [], gone: [], unseen: 0 };
}
