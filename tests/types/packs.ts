// Packs: what they are loaded with and what they answer. Compiled, never run.

import { type ContractError, loadPack, type PackFinding, type PackTest } from '../../pkg/index.js';

const files = { 'a.rego': 'package a' };

export const loaded = [
  loadPack(files, { rego: 'v0', namespaces: ['main'], data: { a: 1 }, templates: [{ kind: 'ConstraintTemplate' }] }),
  loadPack(files, { limits: { policyMemory: 1, policyDepth: 2 } }),
];

// @ts-expect-error no such version
loadPack(files, { rego: 'v2' });
// @ts-expect-error a limit that is gone
loadPack(files, { limits: { policyLines: 1 } });
// @ts-expect-error data is an object
loadPack(files, { data: [1] });

export async function answers(rule: string): Promise<unknown[]> {
  const pack = await loadPack(files);
  const { counts, tests, coverage } = pack.test({ filter: 'x', coverage: true, params: { a: 1 } });
  const { percent, files: covered } = pack.coverage([{}], { now: 0 });
  const { stops, holds } = pack.why(rule, [{}]);
  const { events, value } = pack.trace(rule, {}, { documents: [{}], events: 10 });
  const [{ annotations, path }] = pack.rules() as [ReturnType<typeof pack.rules>[number]];
  // @ts-expect-error no such option
  pack.test({ only: 'x' });
  // @ts-expect-error a rule is named first
  pack.why([{}], rule);
  const reached = [coverage?.percent, percent, covered[0]?.never[0]?.what, covered[0]?.covered[0]?.[1]];
  const asked = [stops[0]?.documents, holds, events[0]?.kind, value, annotations[0]?.relatedResources, path];
  return [counts.skipped, tests[0]?.stuck?.text, ...reached, ...asked];
}

/** Its kind, as a `switch` sees it. */
export function kind({ code, reads, facts }: PackFinding): string {
  switch (code) {
    case 'rule-unmet':
    case 'rule-data-missing':
    case 'rule-name':
    case 'rule-not':
      return 'judged nothing';
    case 'rule-error':
      return 'failed';
    default:
      return code.startsWith('policy-') ? `${reads?.[0]?.at} ${facts?.limit}` : 'a limit';
  }
}

export const outcome = ({ outcome }: PackTest): 'pass' | 'fail' | 'error' | 'skip' => outcome;
export const all = (error: ContractError): string[] => [error, ...(error.also ?? [])].map(({ message }) => message);
