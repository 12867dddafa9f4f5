// The jobs for the engine in deployment mode, and one report of their results.

import type { PackAnnotation, PackFinding, PackRule, Report } from '../../../pkg/index.js';
import { isObject } from '../base/json.js';
import { texts } from '../base/language.js';
import type { Data } from '../data.js';
import type { Job, Thrown } from '../engine/protocol.js';
import type { State } from '../state.js';
import { placeOfFinding } from './documents.js';
import { readJson } from './json.js';
import type { JsonProblems, PackDocument, Problem } from './read-documents.js';
import { fileAt } from './rego-places.js';

type Deployment = State['deployment'];

/** A pack to ask. `shipped` is its name; the one without is that of the user's own files. */
interface PackFiles {
  shipped?: string;
  files: Record<string, string>;
}

/** A finding with the pack that it is of; none where it is of the user's own. */
export type NamedFinding = PackFinding & { pack?: string };
export type MergedReport = Omit<Report, 'findings'> & { findings: NamedFinding[] };

/** What is wrong in one of the texts beside the documents. */
interface InputProblem extends Problem {
  field: 'data' | 'params';
}

/** A policy that does not load: the file, where it is known, and its line. */
interface PolicyProblem extends Problem {
  file?: string;
  line?: number;
}

const t = texts({
  en: { object: 'This must be an object, such as {"maxAge": 90}.' },
  'zh-CN': { object: '此处应为一个对象，例如 {"maxAge": 90}。' },
});

/** The chosen packs, each with its files, and the user's own. Packs that are no longer shipped are left out. */
export function packFiles(
  { packs, policy }: Pick<Deployment, 'packs' | 'policy'>,
  data: Pick<Data, 'packs'>,
): PackFiles[] {
  const chosen = packs
    .filter((name) => Object.hasOwn(data.packs, name))
    .map((name) => ({ shipped: name, files: judging(data.packs[name]!.files) }));
  const own = judging(policy);
  return Object.keys(own).length > 0 ? [...chosen, { files: own }] : chosen;
}

/** Tests of policies are none. */
function judging(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => path.endsWith('.rego') && !path.endsWith('_test.rego')),
  );
}

/** `data` and `params`, read strictly; an empty text is an empty object. */
export async function packOptions(
  { data, params }: Pick<Deployment, 'data' | 'params'>,
  jsonProblems: JsonProblems,
): Promise<{ data: Record<string, unknown>; params: Record<string, unknown> } | { problem: InputProblem }> {
  const readData = await readObject(data, jsonProblems);
  if ('problem' in readData) return { problem: { ...readData.problem, field: 'data' } };
  const readParams = await readObject(params, jsonProblems);
  if ('problem' in readParams) return { problem: { ...readParams.problem, field: 'params' } };
  return { data: readData.value, params: readParams.value };
}

/** An object of a text that may be empty, such as parameters. */
export async function readObject(
  text: string,
  jsonProblems: JsonProblems,
): Promise<{ value: Record<string, unknown> } | { problem: Problem }> {
  if (text.trim() === '') return { value: {} };
  const read = await readJson(text, jsonProblems);
  if ('problem' in read) return read;
  const { value } = read;
  if (isObject(value)) return { value };
  const from = text.length - text.trimStart().length;
  return { problem: { message: t('object'), from, to: text.trimEnd().length } };
}

/** A job for each pack. The documents are asked once for each, in the same order, so that `document` counts alike. */
export function packJobs(
  packs: PackFiles[],
  documents: unknown[],
  options: { data: unknown; params: Record<string, unknown>; now: number },
  limits?: Record<string, number>,
): Extract<Job, { kind: 'pack' }>[] {
  return packs.map(({ files }) => ({ kind: 'pack', files, documents, options, ...(limits ? { limits } : {}) }));
}

/**
 * Where a policy of these files does not load; undefined for what is no matter of a policy, such as a bug or misuse.
 */
export function policyProblem(
  { name, message, at, help }: Thrown,
  files: Record<string, string>,
): PolicyProblem | undefined {
  if (name !== 'ContractError') return undefined;
  const found = fileAt(at, files);
  if (!found) return { message, from: 0, to: 0, help };
  return { message, help, ...found };
}

const WORST = ['pass', 'fail', 'error'] as const;

/** One report of several packs about the same documents, its findings in the order of the text; undefined of none. */
export function merged(
  reports: { pack?: string; report: Report }[],
  documents: PackDocument[],
): MergedReport | undefined {
  if (reports.length === 0) return undefined;
  const all = reports.map(({ report }) => report);
  const sum = (name: 'rules' | 'errors' | 'warnings' | 'infos') =>
    all.reduce((total, { counts }) => total + counts[name], 0);
  const findings = reports.flatMap(({ pack, report }) =>
    report.findings.map((finding) => (pack === undefined ? finding : { ...finding, pack })),
  );
  return {
    schemaVersion: 1,
    verdict: WORST[Math.max(...all.map(({ verdict }) => WORST.indexOf(verdict)))]!,
    counts: {
      documents: Math.max(...all.map(({ counts }) => counts.documents)),
      rules: sum('rules'),
      errors: sum('errors'),
      warnings: sum('warnings'),
      infos: sum('infos'),
    },
    findings: inOrder(findings, documents),
  };
}

/** The METADATA of the rule that a finding is of: by its id, or else the only one above the rule. */
export function annotationOf(
  rules: readonly PackRule[],
  { rule }: Pick<PackFinding, 'rule'>,
): PackAnnotation | undefined {
  for (const { path, annotations } of rules) {
    const [only] = annotations;
    if (path === rule && annotations.length === 1) return only;
    const named = annotations.find(({ id }) => id === rule);
    if (named) return named;
  }
  return undefined;
}

/** By document, then by place; what is about the set stands last. */
function inOrder(findings: NamedFinding[], documents: PackDocument[]): NamedFinding[] {
  const placed = findings.map((finding) => ({ finding, from: placeOfFinding(documents, finding)?.from ?? Infinity }));
  const keys = ({ finding: { document = Infinity }, from }: (typeof placed)[number]) => [document, from] as const;
  placed.sort((left, right) => {
    const [a, b] = [keys(left), keys(right)];
    return compare(a[0], b[0]) || compare(a[1], b[1]);
  });
  return placed.map(({ finding }) => finding);
}

function compare(left: number, right: number): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
