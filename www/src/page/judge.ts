// Converts the page's state to jobs for the engine, and the results to what the result pane draws.

import type { Diagnosis, Key, PackRule, Report, Verdict } from '../../../pkg/index.js';
import { seconds } from '../base/time.js';
import { contractFiles, read as readContract, type ContractDocument, type ContractRead } from '../contract/files.js';
import { isPublicKey, keyHint, keyValue, standIn, takesKeys } from '../contract/keys.js';
import type { Data } from '../data.js';
import { readDocuments } from '../deployment/documents.js';
import { merged, packFiles, packJobs, packOptions, readObject } from '../deployment/packs.js';
import type { JsonProblems } from '../deployment/read-documents.js';
import { Killed, Refused, Superseded, type Engine } from '../engine/client.js';
import { deadline } from '../engine/deadline.js';
import type { Compiled, Message } from '../engine/protocol.js';
import { parseMessage, type ParsedMessage } from '../request/parse.js';
import type { Secrets, State } from '../state.js';
import type { KeyKind } from './keys.js';
import { marksOf, type Mark } from './marks.js';
import type { Judged, Outcome, Read } from './outcome.js';

const DEADLINE = deadline(0); // of one message: its size hardly counts
const DOCTORS_DEADLINE = 10_000;

/** Undefined where a newer run took its place: `isCurrent` says so before each thing that is asked of the engine. */
export async function judge(
  engine: Asking,
  state: State,
  secrets: Secrets,
  data: Data,
  isCurrent: () => boolean,
): Promise<{ outcome: Outcome; marks: Mark[]; key?: KeyKind } | undefined> {
  const asking: Asking = { run: (...asked) => (isCurrent() ? engine.run(...asked) : Promise.reject(new Superseded())) };
  const outcome = await outcomeOf(asking, state, secrets, data);
  if (!outcome || !isCurrent()) return undefined;
  const contract = 'contract' in outcome ? outcome.contract?.contract : undefined;
  return { outcome, marks: marksOf(outcome, state), key: contract && keyKind(contract, outcome, state, secrets) };
}

type Asking = Pick<Engine, 'run'>;

/** What kind of key the contract takes, and which of those given is none. */
function keyKind(contract: ContractDocument, outcome: Outcome, { publicKeys }: State, { keys }: Secrets): KeyKind {
  const kind = !takesKeys(contract) ? 'none' : isPublicKey(contract) ? 'public' : 'secret';
  // Its signatures name their key.
  const ids = (contract.signature as { engine?: unknown } | null | undefined)?.engine === 'rfc9421';
  const found = { kind, hint: keyHint(contract), ids } as const;
  const [, index] = outcome.kind === 'thrown' ? (/^keys\/(\d+)/.exec(outcome.thrown.at ?? '') ?? []) : [];
  if (outcome.kind !== 'thrown' || index === undefined) return found;
  // Fields that are empty were not given.
  const given = (
    kind === 'public' ? publicKeys.map(({ text }) => text.trim()) : keys.map(({ secret }) => secret)
  ).flatMap((key, at) => (key.length > 0 ? [at] : []));
  return { ...found, problem: { index: given[Number(index)] ?? 0, message: outcome.thrown.message } };
}

async function outcomeOf(engine: Asking, state: State, secrets: Secrets, data: Data): Promise<Outcome | undefined> {
  const read: Read = {};
  try {
    return state.mode === 'webhook'
      ? await webhook(engine, state, secrets, data, read)
      : await deployment(engine, state, data);
  } catch (error) {
    if (error instanceof Superseded) return undefined;
    if (error instanceof Killed) return { kind: 'killed', ...read, milliseconds: error.milliseconds };
    if (error instanceof Refused) return { kind: 'thrown', ...read, thrown: error.thrown };
    throw error;
  }
}

async function webhook(engine: Asking, state: State, secrets: Secrets, data: Data, read: Read): Promise<Outcome> {
  const prepared = await preparedOf(engine, state, secrets, data, read);
  if ('kind' in prepared) return prepared;
  const { parsed, message, contract, compiled, noKey } = prepared;
  const now = state.now ?? seconds();
  const judged: Judged = { parsed, contract, noKey, now };
  if (state.action === 'sign') {
    return {
      kind: 'signed',
      message: await engine.run<'sign'>({ kind: 'sign', compiled, message, now }, 'run', DEADLINE),
      ...judged,
    };
  }
  if (state.action === 'shape') {
    return {
      kind: 'shaped',
      ...(await engine.run<'shape'>({ kind: 'shape', compiled, message, now }, 'run', DEADLINE)),
      ...judged,
    };
  }
  const { stopAtFirst, jkt, nonces } = state.options as { stopAtFirst?: boolean; jkt?: string; nonces?: string[] };
  const seen = state.seen.filter(({ until }) => until > now).map(({ key }) => key);
  const found = await engine.run<'check'>(
    { kind: 'check', compiled, message, options: { now, seen, stopAtFirst, jkt, nonces } },
    'run',
    DEADLINE,
  );
  const verdict = JSON.parse(found.text) as Verdict;
  return { kind: 'verdict', ...found, verdict: noKey ? unsigned(verdict) : verdict, ...judged };
}

/** A stand-in was the key, so the verdict says nothing about the signature. */
function unsigned(verdict: Verdict): Verdict {
  const stages = verdict.stages.map(({ stage, result }) => ({
    stage,
    result: stage === 'signature' && result === 'fail' ? ('skipped' as const) : result,
  }));
  return { ...verdict, stages, findings: verdict.findings.filter(({ code }) => code !== 'signature-mismatch') };
}

interface Prepared {
  parsed: ParsedMessage;
  message: Message;
  contract: ContractRead;
  compiled: Compiled;
  noKey: boolean;
}

/** What is compiled and judged: what the doctor is asked, too. */
async function preparedOf(
  engine: Asking,
  state: State,
  secrets: Secrets,
  data: Data,
  read: Read = {},
): Promise<Prepared | Outcome> {
  const contract = await readContract(contractFiles(state.contract, data), problemsBy(engine));
  if (!('problem' in contract)) read.contract = contract;
  if (state.message.text.trim() === '') return { kind: 'empty', ...read };
  const parsed = (read.parsed = parseMessage(state.message.text, state.message));
  const { message, problem } = parsed;
  if ('problem' in contract) return { kind: 'problem', ...read, problem: { where: 'contract', ...contract.problem } };
  if (!message)
    return { kind: 'problem', ...read, problem: { where: 'message', ...(problem ?? { message: '', from: 0, to: 0 }) } };
  const params = await readObject(state.params, problemsBy(engine));
  if ('problem' in params) return { kind: 'problem', ...read, problem: { where: 'params', ...params.problem } };
  const given = givenKeys(contract, state, secrets);
  const noKey = given.length === 0 && takesKeys(contract.contract);
  const compiled: Compiled = {
    contract: contract.contract,
    files: contract.files,
    keys: noKey ? await standIn(contract.contract) : given,
    params: params.value,
    origin: state.origin || undefined,
    limits: state.options.limits as Compiled['limits'],
  };
  return { parsed, message, contract, compiled, noKey };
}

function problemsBy(engine: Asking): JsonProblems {
  return (bytes) => engine.run<'json'>({ kind: 'json', bytes }, `json ${(jsonCount += 1)}`, deadline(bytes.length));
}

let jsonCount = 0; // a lane each: none supersedes another

function givenKeys({ contract }: ContractRead, state: State, secrets: Secrets): Key[] {
  if (!takesKeys(contract)) return [];
  if (!isPublicKey(contract)) return secrets.keys.filter(({ secret }) => secret.length > 0);
  return state.publicKeys
    .filter(({ text }) => text.trim() !== '')
    .map(({ id, text }) => ({ id, publicKey: keyValue(text) }));
}

/** Undefined where there is nothing to explain. */
export async function diagnose(
  engine: Engine,
  state: State,
  secrets: Secrets,
  data: Data,
): Promise<Diagnosis | undefined> {
  const prepared = await preparedOf(engine, state, secrets, data);
  if ('kind' in prepared || prepared.noKey) return undefined;
  const otherKeys = secrets.others.filter((secret) => secret !== '').map((secret) => ({ secret }));
  return engine.run<'explain'>(
    { kind: 'explain', compiled: prepared.compiled, message: prepared.message, now: state.now ?? seconds(), otherKeys },
    'doctor',
    DOCTORS_DEADLINE,
  );
}

async function deployment(engine: Asking, state: State, data: Data): Promise<Outcome> {
  if (state.deployment.documents.trim() === '') return { kind: 'empty' };
  const problems = problemsBy(engine);
  const read = await readDocuments(state.deployment.documents, problems);
  if ('problem' in read) return { kind: 'problem', problem: { where: 'documents', ...read.problem } };
  const { documents } = read;
  const options = await packOptions(state.deployment, problems);
  if ('problem' in options) {
    return {
      kind: 'problem',
      problem: { where: options.problem.field === 'data' ? 'data' : 'packParams', ...options.problem },
    };
  }
  const now = state.now ?? seconds();
  let milliseconds = 0;
  const size = (files: Record<string, string>): number =>
    [state.deployment.documents, state.deployment.data, ...Object.values(files)].reduce(
      (sum, text) => sum + text.length,
      0,
    );
  const packs = packFiles(state.deployment, data);
  const jobs = packJobs(
    packs,
    documents.map(({ value }) => value),
    { ...options, now },
  );
  const reports: { pack?: string; report: Report }[] = [];
  const rules: PackRule[] = [];
  for (const [index, job] of jobs.entries()) {
    const answer = await engine.run<'pack'>(job, 'run', deadline(size(job.files)));
    milliseconds += answer.milliseconds;
    reports.push({ pack: packs[index]?.shipped, report: answer.report });
    rules.push(...answer.rules);
  }
  const report = merged(reports, documents) ?? {
    schemaVersion: 1,
    verdict: 'pass',
    counts: { documents: documents.length, rules: 0, errors: 0, warnings: 0, infos: 0 },
    findings: [],
  };
  const [only] = reports;
  const text = JSON.stringify(reports.length === 1 && only ? only.report : report);
  return { kind: 'report', report, rules, text, documents, now, milliseconds };
}
