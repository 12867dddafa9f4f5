// The packs of a check, and what they find in its documents.

import { Unevaluated } from '../read/unevaluated.js';
import { graded, judgedByFiles } from './overrides.js';
import { packsFor } from './packs.js';
import { paramsOf, refuseParams } from './params.js';
import { nearMisses, withoutUnmet } from './unmet.js';
import { yamlFindings } from './yaml-findings.js';

/**
 * { packs, reports, all, findings, unmet, off, problems }: `all` that is found, `findings` with the severities of the
 * configuration, `unmet` how many rules met nothing and `off` how many findings it switches off.
 */
export async function judge(run, { documents, packsOf }) {
  const { options, overrides, changed, given, paramsFor, placeOf } = run;
  const { packs, problems } = await loaded(() => packsFor(documents, options, packsOf));
  const besides = overrides.othersBeside(packs);
  for (const params of [{}, ...overrides.params]) await refuseParams(packs, paramsFor(params), besides, placeOf);
  const reports = packs.map((one) =>
    judgedByFiles(one, given, overrides, (params) => paramsOf(one, paramsFor(params))),
  );
  run.progress.end();
  const notes = packs.flatMap((one, index) =>
    nearMisses(one, reports[index].findings, { ...given, params: paramsOf(one, paramsFor({})) }),
  );
  const all = [...reports.flatMap((report) => report.findings), ...notes, ...yamlFindings(documents)];
  const { findings: kept, unmet } = withoutUnmet(changed ? changed.findings(all) : all, options);
  return { packs, reports, all, problems, unmet, ...graded(kept, overrides) };
}

/** Without policies that load, nothing is judged. */
async function loaded(load) {
  try {
    return { packs: await load(), problems: [] };
  } catch (error) {
    if (!(error instanceof Unevaluated)) throw error;
    return { packs: [], problems: [error, ...error.also] };
  }
}
