// What a run sets aside of its findings: what is waived, and what the baseline has.

import { toldApart } from './fingerprint.js';
import { waiversFor } from './waivers.js';

/**
 * Reads the waivers and the baseline of the options.
 * @returns a function of findings and the run that found them, { documents, packs, files, isWhole }, where `isWhole`
 * says that nothing was left out of it: { findings, waived, baseline, gone, unseen }. `findings` count; those of the
 * gate itself are the last of them.
 */
export async function setAsideBy(options) {
  const waiving = await waiversFor(options);
  const comparing = options.baseline === undefined ? asNew : (await import('./known.js')).baselineFor(options);
  return (found, run) => {
    const { left: judged, waived, told } = waiving(toldApart(found), run);
    const { left, known, told: more, gone, unseen } = comparing(judged, run);
    return { findings: [...left, ...toldApart([...told, ...more])], waived, baseline: known, gone, unseen };
  };
}

/** Without a baseline every finding counts. */
function asNew(findings) {
  return { left: findings, known: [], told: [], gone: [], unseen: 0 };
}
