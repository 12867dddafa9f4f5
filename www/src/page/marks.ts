// The results as ranges in the page's texts: one list, in the order in which F8 steps through it.

import type { Finding, Severity } from '../../../pkg/index.js';
import { fileOf, fileOfSchema, problemOf } from '../contract/files.js';
import { alsoRead, placeOfFinding } from '../deployment/documents.js';
import { policyProblem, type NamedFinding } from '../deployment/packs.js';
import { placeOfRule } from '../deployment/rego-places.js';
import type { Thrown } from '../engine/protocol.js';
import { resolverOf } from '../request/resolve.js';
import type { State } from '../state.js';
import type { Outcome, Problem } from './outcome.js';

export interface Mark {
  /** `finding 0`, `lint 0`, `thrown 0`, `problem`, `notice 0`: what of the outcome it is. */
  key: string;
  /** message, documents: the left pane. rules, packs: a file of the middle one, in either mode. */
  where: 'message' | 'rules' | 'documents' | 'packs';
  file?: string;
  from: number;
  to: number;
  severity: Severity;
  message: string;
  /** The rule that speaks, where its finding has a place in the documents: F8 goes there alone. */
  beside?: boolean;
  /**
   * The place in the engine's words: of the contract's document for its form, of a header or parameter for the tables.
   */
  at?: string;
}

export function marksOf(outcome: Outcome, state: State): Mark[] {
  if (outcome.kind === 'problem') return [ofProblem(outcome.problem)];
  if (outcome.kind === 'thrown') return ofThrown(outcome, state);
  if (outcome.kind === 'report')
    return outcome.report.findings.flatMap((finding, index) => ofReport(outcome, finding, index, state));
  if (outcome.kind === 'verdict')
    return [...ofFindings(outcome, outcome.verdict.findings), ...ofLint(outcome), ...ofNotices(outcome)];
  if (outcome.kind === 'shaped') return [...ofFindings(outcome, outcome.shaped.findings), ...ofNotices(outcome)];
  return [];
}

function ofProblem({ where, file, message, from, to }: Problem): Mark {
  const common = { key: 'problem', from, to, severity: 'error', message } as const;
  if (where === 'message' || where === 'documents') return { ...common, where };
  if (where === 'contract' || where === 'params') return { ...common, where: 'rules', file: file ?? where };
  return { ...common, where: 'packs', file: where };
}

function ofThrown({ thrown, contract }: Extract<Outcome, { kind: 'thrown' }>, state: State): Mark[] {
  return mistakesOf(thrown).flatMap((mistake, index): Mark[] => {
    const common = { key: `thrown ${index}`, severity: 'error', message: mistake.message } as const;
    if (state.mode === 'deployment') {
      const found = policyProblem(mistake, state.deployment.policy);
      return found?.file === undefined
        ? []
        : [{ ...common, where: 'packs', file: found.file, from: found.from, to: found.to }];
    }
    const found = contract && problemOf(mistake, contract);
    return found?.file === undefined
      ? []
      : [{ ...common, where: 'rules', file: found.file, from: found.from, to: found.to, at: mistake.at }];
  });
}

/** What was thrown, and the other mistakes that were found with it. */
export function mistakesOf(thrown: Thrown): Thrown[] {
  return [thrown, ...(thrown.also ?? [])];
}

/** The places that a finding also read, as one to jump to each. They are not drawn: nothing is wrong there alone. */
export function readMarks(
  { documents }: Extract<Outcome, { kind: 'report' }>,
  finding: NamedFinding,
  key: string,
): (Mark & { absent?: true })[] {
  // A shipped pack names the place of each finding itself.
  if (finding.pack !== undefined) return [];
  return alsoRead(documents, finding).map(({ at, absent, from, to }) => ({
    key,
    where: 'documents',
    from,
    to,
    at,
    ...(absent ? { absent } : {}),
    severity: finding.severity,
    message: finding.message,
  }));
}

type Judged = Extract<Outcome, { kind: 'verdict' | 'shaped' }>;

function ofFindings({ parsed, contract }: Judged, findings: readonly Finding[]): Mark[] {
  const resolve = resolverOf(contract.contract);
  return findings.flatMap((finding, index): Mark[] => {
    const range = parsed.rangeOf(finding.at, 'offset' in finding ? finding.offset : undefined, {
      code: finding.code,
      resolve,
    });
    const common = { key: `finding ${index}`, severity: finding.severity, message: finding.message, at: finding.at };
    const rule = finding.stage === 'policy' ? placeOfRule(finding, contract.texts) : undefined;
    if (range || rule) {
      return [
        ...(range ? [{ ...common, where: 'message', from: range[0], to: range[1] } as const] : []),
        ...(rule
          ? [
              {
                ...common,
                at: undefined,
                where: 'rules',
                file: rule.file,
                from: rule.from,
                to: rule.to,
                beside: range !== undefined,
              } as const,
            ]
          : []),
      ];
    }
    const place = 'schemaAt' in finding ? fileOfSchema(finding.schemaAt, contract) : fileOf(finding.at, contract);
    return place ? [{ ...common, where: 'rules', file: place.file, from: place.from, to: place.to }] : [];
  });
}

function ofLint({ lint, contract }: Extract<Outcome, { kind: 'verdict' }>): Mark[] {
  return lint.flatMap(({ at, severity, message }, index) => {
    const place = fileOf(at, contract);
    return place
      ? [
          {
            key: `lint ${index}`,
            where: 'rules',
            file: place.file,
            from: place.from,
            to: place.to,
            severity,
            message,
            at,
          },
        ]
      : [];
  });
}

function ofNotices({ parsed }: Judged): Mark[] {
  return parsed.notices.map(({ message, from, to }, index) => ({
    key: `notice ${index}`,
    where: 'message',
    from,
    to,
    severity: 'info',
    message,
  }));
}

function ofReport(
  { documents }: Extract<Outcome, { kind: 'report' }>,
  finding: NamedFinding,
  index: number,
  state: State,
): Mark[] {
  const common = { key: `finding ${index}`, severity: finding.severity, message: finding.message };
  const place = placeOfFinding(documents, finding);
  const rule = finding.pack === undefined ? placeOfRule(finding, state.deployment.policy) : undefined;
  return [
    ...(place ? [{ ...common, where: 'documents', from: place.from, to: place.to } as const] : []),
    ...(rule
      ? [
          {
            ...common,
            where: 'packs',
            file: rule.file,
            from: rule.from,
            to: rule.to,
            beside: place !== undefined,
          } as const,
        ]
      : []),
  ];
}
